import { InputError, ModelStateError } from "../errors.ts";
import { chooseColumns, choosePictureHeight } from "./collage-grid.ts";
import { countText, percentText } from "./collage-summary.ts";
import type { CollageFonts } from "./font-metrics.ts";
import { mosaicChoices, type PictureSize, type PlacedBox, placeMosaic } from "./picture-mosaic.ts";
import { cleanText, fitText, fitWords, textWidth } from "./text-fit.ts";

/** A concept to be drawn. */
export interface CollageTile {
  /** Its name. Any text: it is set as text, cleaned of control characters, never read as markup. */
  readonly title: string;
  /** Best first; those that the title says already are left out, and those that do not fit. */
  readonly words: readonly string[];
  /** Number of pictures in the concept. */
  readonly size: number;
  /** Part of all pictures, 0 to 1; shown as a percentage. */
  readonly share?: number | undefined;
  /** Its exemplars, most telling first. The first 8 are shown. */
  readonly pictures: readonly PictureSize[];
}

export interface CollageLayoutOptions {
  /** Heading; default none. */
  readonly title?: string | undefined;
  /** Line under the heading, such as `collageSummary` writes; default none. */
  readonly subtitle?: string | undefined;
  /** Small line at the bottom; default none. */
  readonly footer?: string | undefined;
  /** Tiles in a row, 1 to 20; default what gives a page of pleasant shape. */
  readonly columns?: number | undefined;
  /** Width of the page in CSS pixels; default what tiles of 376 need, columns given or not. */
  readonly width?: number | undefined;
}

export type TextStyle = "heading" | "subtitle" | "title" | "words" | "count" | "footer";

/** A line of text, fitted. */
export interface PlacedText {
  readonly text: string;
  readonly style: TextStyle;
  /** Left end, or right end for counts. */
  readonly x: number;
  readonly baseline: number;
}

export interface PlacedTile extends PlacedBox {
  readonly texts: readonly PlacedText[];
  /** The rule under the words; `filled` of its width stands for the concept's size beside the largest. */
  readonly rule: PlacedBox & { readonly filled: number };
  /** In the order of the tile's pictures. */
  readonly pictures: readonly PlacedBox[];
}

/** Geometry of a collage in CSS pixels, from the top left corner of the page. */
export interface CollageLayout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PlacedText[];
  readonly tiles: readonly PlacedTile[];
}

export const mostTiles = 200;
export const mostPictures = 8;
const mostColumns = 20;
const page = { margin: 44, gap: 20, header: 28, footer: 26 };
const tile = { padding: 20, width: 376, singleWidth: 600, narrowest: 180, pictureGap: 8, titleToCount: 16 };
/** Font sizes in CSS pixels; headings and titles are semibold. */
export const fontSizes: Readonly<Record<TextStyle, number>> = {
  heading: 32,
  subtitle: 15,
  title: 18,
  words: 14,
  count: 14,
  footer: 13,
};

/** Heights within a tile, from its top. */
interface TileRows {
  readonly title: number;
  readonly words: number;
  readonly rule: number;
  readonly pictures: number;
}

/**
 * Lays out a collage: tiles of equal size in a grid, in each a name, the words, the size and up to 8 pictures
 * with their aspects kept. The same input gives the same layout.
 *
 * @param tiles 1 to 200, in reading order
 * @throws ModelStateError (NO_CONCEPTS) when there are no tiles
 * @throws InputError when there are too many, a picture has no size, or columns or width are out of range
 */
export function layoutCollage(
  tiles: readonly CollageTile[],
  fonts: CollageFonts,
  options: CollageLayoutOptions = {},
): CollageLayout {
  checkTiles(tiles);
  checkOptions(options);
  const rows = tileRows(tiles.some((one) => wordsBeyondTitle(one).length > 0));
  const mosaics = tiles.map((one) => mosaicChoices(one.pictures.slice(0, mostPictures), tile.pictureGap));
  const extra = rows.pictures + tile.padding;
  const areaWidth = (tileWidth: number): number => tileWidth - 2 * tile.padding;
  const natural = tiles.length === 1 ? tile.singleWidth : tile.width;
  const naturalHeight = choosePictureHeight(mosaics, areaWidth(natural), extra) + extra;
  const columns = Math.min(
    options.columns ?? chooseColumns(tiles.length, natural / naturalHeight),
    Math.max(tiles.length, 1),
  );
  const width = tileWidthFor(columns, natural, options.width);
  const pictureHeight =
    width === natural ? naturalHeight - extra : choosePictureHeight(mosaics, areaWidth(width), extra);
  const mosaicsPlaced = mosaics.map((mosaic) => placeMosaic(mosaic, areaWidth(width), pictureHeight).boxes);
  // What no tile needs at the bottom is left off.
  const height = extra + Math.max(8, ...mosaicsPlaced.flat().map((box) => box.y + box.height));

  const pageWidth = options.width ?? 2 * page.margin + columns * width + (columns - 1) * page.gap;
  const header = headerTexts(fonts, options, pageWidth - 2 * page.margin);
  const top = header.bottom;
  const largest = Math.max(...tiles.map((one) => one.size));
  const placed = tiles.map((one, i): PlacedTile => {
    const x = page.margin + (i % columns) * (width + page.gap);
    const y = top + Math.floor(i / columns) * (height + page.gap);
    const filled = largest > 0 ? Math.min(1, Math.max(0, one.size / largest)) : 0;
    return placedTile(one, { x, y, width, height }, mosaicsPlaced[i]!, { fonts, rows, filled });
  });
  const gridRows = Math.ceil(tiles.length / columns);
  const bottom = top + gridRows * height + (gridRows - 1) * page.gap;
  const footer = footerText(fonts, options.footer, pageWidth - 2 * page.margin, bottom);
  return {
    width: pageWidth,
    height: bottom + (footer.length > 0 ? page.footer : 0) + page.margin,
    texts: [...header.texts, ...footer],
    tiles: placed,
  };
}

function checkTiles(tiles: readonly CollageTile[]): void {
  if (tiles.length === 0) {
    throw new ModelStateError("NO_CONCEPTS", "The model has no concepts to draw", {
      hint: "Fit more pictures, or fit again with a smaller minimum concept size.",
    });
  }
  if (tiles.length > mostTiles) {
    throw new InputError("Too many concepts for one collage", {
      expected: `at most ${mostTiles}`,
      found: `${tiles.length}`,
      hint: "Draw the largest ones, or several collages.",
    });
  }
  for (const { title, pictures } of tiles) {
    for (const { width, height } of pictures) {
      if (width > 0 && height > 0 && Number.isFinite(width / height)) continue;
      throw new InputError(`A picture of the concept "${cleanText(title)}" has no size`, {
        expected: "a positive width and height",
        found: `${width} x ${height}`,
      });
    }
  }
}

function checkOptions({ columns, width }: CollageLayoutOptions): void {
  if (columns !== undefined && !(Number.isInteger(columns) && columns >= 1 && columns <= mostColumns)) {
    const details = { expected: `a whole number from 1 to ${mostColumns}`, found: `${columns}` };
    throw new InputError("The number of columns is out of range", details, "BAD_OPTION");
  }
  if (width !== undefined && !(Number.isInteger(width) && width <= 10_000)) {
    const details = { expected: "a whole number of CSS pixels, at most 10000", found: `${width}` };
    throw new InputError("The width of the collage is out of range", details, "BAD_OPTION");
  }
}

function tileWidthFor(columns: number, natural: number, pageWidth: number | undefined): number {
  if (pageWidth === undefined) return natural;
  const around = 2 * page.margin + (columns - 1) * page.gap;
  const width = Math.floor((pageWidth - around) / columns);
  if (width >= tile.narrowest) return width;
  const details = {
    expected: `at least ${around + columns * tile.narrowest} for ${columns} columns`,
    found: `${pageWidth}`,
    hint: "Take fewer columns or a wider page.",
  };
  throw new InputError("The collage is too narrow", details, "BAD_OPTION");
}

function tileRows(haveWords: boolean): TileRows {
  const words = haveWords ? 60 : 36;
  return { title: 36, words, rule: words + 13, pictures: words + 30 };
}

function headerTexts(
  fonts: CollageFonts,
  { title = "", subtitle = "" }: CollageLayoutOptions,
  width: number,
): { texts: PlacedText[]; bottom: number } {
  const texts: PlacedText[] = [];
  let bottom = page.margin;
  const heading = fitText(cleanText(title), fonts.semibold, fontSizes.heading, width);
  if (heading !== "") {
    texts.push({ text: heading, style: "heading", x: page.margin, baseline: bottom + 25 });
    bottom += 32;
  }
  const line = fitText(cleanText(subtitle), fonts.regular, fontSizes.subtitle, width);
  if (line !== "") {
    texts.push({ text: line, style: "subtitle", x: page.margin, baseline: bottom + 20 });
    bottom += 25;
  }
  return { texts, bottom: texts.length > 0 ? bottom + page.header : bottom };
}

function footerText(
  fonts: CollageFonts,
  footer: string | undefined,
  width: number,
  bottom: number,
): PlacedText[] {
  const text = fitText(cleanText(footer ?? ""), fonts.regular, fontSizes.footer, width);
  return text === "" ? [] : [{ text, style: "footer", x: page.margin, baseline: bottom + page.footer + 10 }];
}

/** @param pictures from the top left of the picture area */
function placedTile(
  one: CollageTile,
  box: PlacedBox,
  pictures: readonly PlacedBox[],
  { fonts, rows, filled }: { readonly fonts: CollageFonts; readonly rows: TileRows; readonly filled: number },
): PlacedTile {
  const inner = { ...box, x: box.x + tile.padding, width: box.width - 2 * tile.padding };
  return {
    ...box,
    texts: tileTexts(one, fonts, inner, rows),
    rule: { ...inner, y: box.y + rows.rule, height: 3, filled },
    pictures: pictures.map((at) => ({ ...at, x: at.x + inner.x, y: at.y + box.y + rows.pictures })),
  };
}

function tileTexts(one: CollageTile, fonts: CollageFonts, inner: PlacedBox, rows: TileRows): PlacedText[] {
  const share = one.share === undefined ? "" : ` · ${percentText(one.share)}`;
  const count = countText(one.size) + share;
  const countWidth = textWidth(count, fonts.regular, fontSizes.count);
  const titleWidth = inner.width - countWidth - tile.titleToCount;
  const title = fitText(cleanText(one.title), fonts.semibold, fontSizes.title, titleWidth);
  const words = fitWords(wordsBeyondTitle(one), fonts.regular, fontSizes.words, inner.width);
  const texts: PlacedText[] = [
    { text: title, style: "title", x: inner.x, baseline: inner.y + rows.title },
    { text: count, style: "count", x: inner.x + inner.width, baseline: inner.y + rows.title },
    { text: words, style: "words", x: inner.x, baseline: inner.y + rows.words },
  ];
  return texts.filter(({ text }) => text !== "");
}

/** Words that the title does not say already. */
function wordsBeyondTitle({ title, words }: CollageTile): string[] {
  const said = new Set(title.toLowerCase().split(/\s*[,·/]\s*/u));
  return words.map(cleanText).filter((word) => word !== "" && !said.has(word.toLowerCase()));
}
