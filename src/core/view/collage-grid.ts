import { type MosaicChoices, placeMosaic, relativeWorth } from "./picture-mosaic.ts";

/** Width / height that a collage comes near to when columns are free to choose. */
const wantedPageAspect = 0.95;
const mostColumns = 8;
/** So many tiles stand in one row. */
const oneRow = 3;
/** What a row of empty places costs, beside the logarithm of a shape that is off. */
const emptiness = 1.7;
/** Heights of the picture area tried, as parts of its width. */
const areaRatios = [0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];
/** Tiles that the choice of a height looks at; the largest concepts come first. */
const judgedTiles = 24;

/** The number of columns that gives a page of pleasant shape with few empty places in the last row. */
export function chooseColumns(count: number, tileAspect: number): number {
  if (count <= oneRow) return count;
  let best = 1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.min(count, mostColumns); columns++) {
    const rows = Math.ceil(count / columns);
    const shape = Math.abs(Math.log((columns * tileAspect) / rows / wantedPageAspect));
    const empty = (rows * columns - count) / columns;
    const cost = shape + emptiness * empty;
    if (cost < lowest - 1e-9) {
      lowest = cost;
      best = columns;
    }
  }
  return best;
}

/**
 * The height of the picture area, the same for all tiles, that shows the pictures largest for the room the
 * tiles take: wide for rows of squares, higher for photographs.
 *
 * @param width of the picture area
 * @param textHeight height of a tile beside its picture area
 */
export function choosePictureHeight(
  mosaics: readonly MosaicChoices[],
  width: number,
  textHeight: number,
): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const ratio of areaRatios) {
    const height = Math.round(width * ratio);
    const worth = mosaics
      .slice(0, judgedTiles)
      .reduce((sum, mosaic) => sum + placeMosaic(mosaic, width, height).worth, 0);
    const density = relativeWorth(worth, width * (height + textHeight));
    if (density > highest + 1e-9) {
      highest = density;
      best = height;
    }
  }
  return best;
}
