import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { inputMetadata } from "../../../src/node/inputs/input-metadata.ts";
import { isPictureTable } from "../../../src/node/inputs/parquet-file.ts";
import { readPicture } from "../../../src/node/inputs/read-picture.ts";
import { temporaryFolder, twoColours } from "../images/pictures.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Width of the picture at a location; the fixtures' pictures are 8 + n wide. */
async function widthOf(location: string): Promise<number> {
  return (await sharp((await readPicture(location)).bytes).metadata()).width;
}

/** A copy of a table of paths, with the pictures it names. */
async function withPictures(name: string): Promise<string> {
  const work = await temporaryFolder();
  await mkdir(path.join(work, "tables"));
  await mkdir(path.join(work, "pictures"));
  for (let n = 0; n < 7; n++) {
    await twoColours(n, 8 + n, 6)
      .png()
      .toFile(path.join(work, "pictures", `${n}.png`));
  }
  await copyFile(fixture(name), path.join(work, "tables", name));
  return path.join(work, "tables", name);
}

describe("tables of other programs", () => {
  it("DuckDB: bytes in Parquet, the other columns kept", async () => {
    const collection = await findCollection(fixture("duckdb-bytes.parquet"), {});
    const paths = collection.images.map((image) => image.path);
    expect(paths).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `duckdb-bytes.parquet!/image/${n}`));
    for (const [n, { location }] of collection.images.entries()) expect(await widthOf(location)).toBe(8 + n);
    const { captions, columns } = inputMetadata(collection, paths)!;
    expect(captions).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => [`picture ${n}`]));
    expect(columns.map(({ name, type, values }) => [name, type, values[6]])).toEqual([
      ["name", "text", "6.png"],
      ["n", "number", 6],
      ["day", "date", Date.UTC(2024, 0, 7)],
    ]);
  });

  it("DuckDB: bytes in a struct, as Hugging Face's datasets have them, one row without", async () => {
    const { images } = await findCollection(fixture("duckdb-struct.parquet"), {});
    const widths = await Promise.all(
      images.map(({ location }) => widthOf(location).catch((error: Error) => error.message)),
    );
    expect(widths).toEqual([8, 9, 10, "no picture in this row", 12, 13, 14]);
    expect(images[5]!.metadata).toEqual({ captions: ["picture 5"], cells: { label: 5 } });
  });

  it("Rust's Arrow: small row groups, read in any order", async () => {
    const { images } = await findCollection(fixture("arrow-rs-bytes.parquet"), {});
    for (const n of [6, 0, 3, 5, 1, 2, 4]) expect(await widthOf(images[n]!.location)).toBe(8 + n);
  });

  it.each([
    "parquet",
    "csv",
    "tsv",
    "jsonl",
  ])("DuckDB: paths in %s, relative to the table", async (extension) => {
    const file = await withPictures(`duckdb-paths.${extension}`);
    const { images, root } = await findCollection(file, {});
    expect(root).toBe(path.dirname(path.dirname(file)));
    expect(images.map((image) => image.path)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `pictures/${n}.png`));
    expect(images.map(({ metadata }) => metadata?.captions?.[0]?.split("\n")[0])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((n) => `picture ${n}`),
    );
    expect(await widthOf(images[4]!.location)).toBe(12);
  });
});

describe("tables of pictures", () => {
  it("take bytes as base64, addresses and paths, and tell of rows without", async () => {
    const work = await temporaryFolder();
    const bytes = (await twoColours(1).png().toBuffer()).toString("base64");
    const rows = [
      { img: `data:image/png;base64,${bytes}`, text: "as data" },
      { img: bytes, text: "bare" },
      { img: "https://example.org/a.png", text: "far" },
      { img: null, text: "none" },
      { img: "near.png", text: ["two", "captions"] },
      { img: "near.png", text: "and a third" },
    ];
    const file = path.join(work, "t.jsonl");
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const { images, skipped } = await findCollection(file, {});
    expect(images.map(({ path: name, metadata }) => [name, metadata?.captions])).toEqual([
      ["https://example.org/a.png", ["far"]],
      ["near.png", ["two", "captions", "and a third"]],
      ["t.jsonl!/img/0", ["as data"]],
      ["t.jsonl!/img/1", ["bare"]],
    ]);
    expect(skipped).toEqual([{ path: "t.jsonl!/img/3", code: "empty", reason: "no picture in this row" }]);
    expect(await widthOf(path.join(work, "t.jsonl!/img/1"))).toBe(40);
  });

  it("say which columns they have where none is known, and take the one that is named", async () => {
    const work = await temporaryFolder();
    const file = path.join(work, "t.csv");
    await writeFile(file, "Foto,x\na.png,1\n");
    await expect(findCollection(file, {})).rejects.toThrow(
      /No column of t.csv has pictures[\s\S]*found Foto, x[\s\S]*--image-column/,
    );
    expect((await findCollection(file, { imageColumn: "foto" })).images).toHaveLength(1);
  });

  it("of Parquet are told from vectors", async () => {
    const work = await temporaryFolder();
    const vectors = path.join(work, "v.parquet");
    const written = parquetWriteBuffer({
      columnData: [
        {
          name: "vector",
          data: [
            [1.5, 2.5],
            [0.5, 1.5],
          ],
        },
      ],
      schema: [
        { name: "root", num_children: 1 },
        { name: "vector", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
      ],
    });
    await writeFile(vectors, new Uint8Array(written));
    expect(await isPictureTable(vectors, undefined)).toBe(false);
    expect(await isPictureTable(fixture("duckdb-struct.parquet"), undefined)).toBe(true);
    expect(await isPictureTable(fixture("duckdb-paths.parquet"), undefined)).toBe(true);
  });

  it("that are damaged are told, whole or row by row", async () => {
    const work = await temporaryFolder();
    const whole = await readFile(fixture("arrow-rs-bytes.parquet"));
    const cut = path.join(work, "cut.parquet");
    await writeFile(cut, whole.subarray(0, whole.length - 100));
    const torn = path.join(work, "torn.parquet");
    await writeFile(torn, Buffer.concat([whole.subarray(0, 40), Buffer.alloc(60), whole.subarray(100)]));
    const { images, skipped } = await findCollection([cut, torn], {});
    expect(skipped).toEqual([
      { path: "cut.parquet", code: "damaged", reason: "damaged: no Parquet file, or its end is missing" },
    ]);
    const outcomes = await Promise.all(
      images.map(({ location }) => widthOf(location).catch(() => "damaged")),
    );
    expect(outcomes).toEqual(["damaged", "damaged", "damaged", 11, 12, 13, 14]);
  });
});
