import { InputError } from "../../core/errors.ts";
import type { WorkOptions } from "../../core/stages.ts";
import {
  type CollageLayout,
  type CollageLayoutOptions,
  layoutCollage,
  mostPictures,
} from "../../core/view/collage-layout.ts";
import { collageSvg, type DrawnPicture } from "../../core/view/collage-svg.ts";
import type { CollageTheme } from "../../core/view/collage-theme.ts";
import { isCovered } from "../../core/view/text-fit.ts";
import { boundedMap } from "./bounded-map.ts";
import { loadCollageFonts } from "./collage-fonts.ts";
import { type CollagePicture, type MeasuredPicture, measurePicture } from "./picture-source.ts";
import { rasterize } from "./rasterize.ts";
import { drawThumbnail, thumbnailConcurrency } from "./thumbnail.ts";

/** A concept to be drawn from picture files. */
export interface ConceptTile {
  /** Any text; see `CollageTile`. */
  readonly title: string;
  /** Best first. */
  readonly words: readonly string[];
  /** Number of pictures in the concept. */
  readonly size: number;
  /** Part of all pictures, 0 to 1. */
  readonly share?: number | undefined;
  /** Most telling first; the first 8 are drawn. */
  readonly pictures: readonly CollagePicture[];
}

export interface CollageOptions extends CollageLayoutOptions, WorkOptions {
  /** Default `"light"`. */
  readonly theme?: CollageTheme | undefined;
  /** Pixels a CSS pixel, 1 to 4; default 2. Less is taken for pages of more than 80 million pixels. */
  readonly scale?: number | undefined;
}

export interface DrawnCollage {
  /** Marked as 300 dots an inch. */
  readonly png: Uint8Array;
  /** Self-contained: pictures and fonts are inside. */
  readonly svg: string;
  /** Of the PNG, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Names of the pictures that could not be read, whose places show their names instead. */
  readonly missing: readonly string[];
}

const largestPage = 80e6;

/**
 * Draws concepts as a grid of tiles, each with its name, words, size and pictures. A picture that has
 * vanished or is damaged leaves a quiet place with its name.
 *
 * @param tiles 1 to 200, in reading order
 * @throws ModelStateError (NO_CONCEPTS) when there are no tiles
 * @throws InputError when there are too many, or an option is out of range
 */
export async function drawCollage(
  tiles: readonly ConceptTile[],
  options: CollageOptions = {},
): Promise<DrawnCollage> {
  const { signal, onProgress, theme } = options;
  const wanted = checkedScale(options.scale ?? 2);
  const fonts = await loadCollageFonts();
  const bounds = { concurrency: thumbnailConcurrency, signal };
  const measured = await mapNested(
    tiles.map((tile) => tile.pictures.slice(0, mostPictures)),
    (picture) => measurePicture(picture),
    bounds,
  );
  const layout = layoutCollage(
    tiles.map((tile, i) => ({ ...tile, pictures: measured[i]! })),
    fonts.metrics,
    options,
  );
  const scale = Math.min(wanted, Math.sqrt(largestPage / (layout.width * layout.height)));
  const places = measured.map((pictures, i) =>
    pictures.map((picture, j) => ({ picture, place: layout.tiles[i]!.pictures[j]! })),
  );
  const total = places.flat().length;
  let done = 0;
  const drawn = await mapNested(
    places,
    async ({ picture, place }) => {
      const thumbnail = await drawThumbnail(picture, place, scale);
      onProgress?.((0.8 * ++done) / total);
      return thumbnail;
    },
    bounds,
  );
  const image = await rasterize(collageSvg(layout, drawn, fonts.metrics, { theme }), {
    scale,
    fontFiles: fonts.files,
    fontFallback: needsOtherFonts(layout, drawn, fonts.metrics) ? "system" : "none",
    signal,
  });
  onProgress?.(1);
  return {
    ...image,
    svg: collageSvg(layout, drawn, fonts.metrics, { theme, css: fonts.css() }),
    missing: missingNames(measured, drawn),
  };
}

function checkedScale(scale: number): number {
  if (scale >= 1 && scale <= 4) return scale;
  const details = { expected: "1 to 4", found: `${scale}` };
  throw new InputError("The scale of the collage is out of range", details, "BAD_OPTION");
}

function needsOtherFonts(
  layout: CollageLayout,
  drawn: readonly (readonly DrawnPicture[])[],
  fonts: Parameters<typeof collageSvg>[2],
): boolean {
  const texts = [...layout.texts, ...layout.tiles.flatMap((tile) => tile.texts)].map(({ text }) => text);
  const names = drawn.flat().filter(({ href }) => href === undefined);
  return [...texts, ...names.map(({ name }) => name ?? "")].some((text) => !isCovered(text, fonts.regular));
}

function missingNames(
  measured: readonly (readonly MeasuredPicture[])[],
  drawn: readonly (readonly DrawnPicture[])[],
): string[] {
  return measured.flatMap((pictures, i) =>
    pictures.filter((_, j) => drawn[i]![j]!.href === undefined).map(({ name }) => name),
  );
}

/** Maps lists of lists as one list, so that short lists leave no worker idle. */
async function mapNested<Item, Result>(
  lists: readonly (readonly Item[])[],
  map: (item: Item) => Promise<Result>,
  options: Parameters<typeof boundedMap>[2],
): Promise<Result[][]> {
  const flat = await boundedMap(lists.flat(), map, options);
  let end = 0;
  return lists.map((list) => {
    end += list.length;
    return flat.slice(end - list.length, end);
  });
}
