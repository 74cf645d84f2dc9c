import path from "node:path";
import sharp from "sharp";
import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { SheetStoreOptions } from "../../../src/node/thumbnails/sheet-store.ts";
import { emojiOf, layOutEmoji } from "../../support/emoji.ts";
import { twoColours } from "../images/pictures.ts";

/** Lays out emoji (PNG with alpha, 64 pixels), and pictures of other formats and shapes, one of them turned by EXIF. */
export async function layOutPictures(folder: string, emoji: number): Promise<string[]> {
  const others = ["turned.jpg", "wide.webp", "tall.jpg"].map((name) => path.join(folder, name));
  const files = layOutEmoji(folder, emojiOf("google").slice(0, emoji), "google");
  await twoColours(3, 300, 200).withMetadata({ orientation: 6 }).jpeg().toFile(others[0]!);
  await twoColours(5, 700, 90).webp({ quality: 95 }).toFile(others[1]!);
  await twoColours(9, 200, 900).jpeg().toFile(others[2]!);
  return [...files, ...others];
}

/** A model of pictures that exist, on a random map, and a record of the files that were opened. */
export function collection(
  files: readonly string[],
  folder: string,
  seed = 1,
): SheetStoreOptions & { readonly opened: string[] } {
  const opened: string[] = [];
  const images = {
    ids: files.map((_, row) => `id ${row}`),
    paths: [...files],
    map: randomMap(files.length, seed),
  };
  const pathOf = (row: number): string => {
    opened.push(files[row]!);
    return files[row]!;
  };
  return { model: { images }, folder, pathOf, opened };
}

function randomMap(rows: number, seed: number): Matrix {
  const rng = new Rng(seed);
  return matrix(
    Float32Array.from({ length: 2 * rows }, () => rng.uniform()),
    rows,
    2,
  );
}

/** The pixels of one cell of a sheet, RGB. */
export async function cellOf(sheet: Uint8Array, place: number, cell: number): Promise<Buffer> {
  const columns = 1024 / cell;
  const left = (place % columns) * cell;
  const top = Math.floor(place / columns) * cell;
  return sharp(sheet).extract({ left, top, width: cell, height: cell }).removeAlpha().raw().toBuffer();
}

/** What a cell should show, made by sharp alone. */
export async function expectedCell(file: string, cell: number): Promise<Buffer> {
  return sharp(file)
    .autoOrient()
    .flatten({ background: "#fff" })
    .resize(cell, cell, { fit: "cover" })
    .toColourspace("srgb")
    .raw()
    .toBuffer();
}

/** Mean difference of two pictures, 0 to 255. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

/** Standard deviation of values: next to nothing in an even cell. */
export function deviation(values: Uint8Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
