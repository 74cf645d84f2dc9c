/** Where the square of a heatmap lies on its canvas, in pixels of the page. */
export interface HeatmapLayout {
  readonly count: number;
  readonly left: number;
  readonly top: number;
  readonly side: number;
  /** Of a cell; less than one pixel for many concepts. */
  readonly cell: number;
  /** Pixels of text, 0 where there is no room for names. */
  readonly font: number;
}

const FONT = 12;
/** Pixels from one line of names to the next. */
const LINE = 14;

/** @param gutter pixels for names at the left */
export function layoutHeatmap(width: number, height: number, count: number, gutter: number): HeatmapLayout {
  const side = Math.max(0, Math.min(width - gutter, height));
  return {
    count,
    left: gutter,
    top: 0,
    side,
    cell: side / Math.max(1, count),
    font: gutter > 0 ? FONT : 0,
  };
}

/** The places whose names are written: all, or where rows are lower than text those of the largest concepts that do not touch. */
export function namedPlaces({ count, cell }: HeatmapLayout, sizeAt: (place: number) => number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  if (cell >= LINE) return places;
  const apart = LINE / cell;
  const taken = new Uint8Array(count);
  return places
    .sort((a, b) => sizeAt(b) - sizeAt(a) || a - b)
    .filter((place) => {
      if (taken[place] === 1) return false;
      const reach = Math.ceil(apart) - 1;
      taken.fill(1, Math.max(0, place - reach), place + reach + 1);
      return true;
    });
}

/** The cell at a place of the canvas; null beside the square. */
export function cellAt(
  { count, left, top, side }: HeatmapLayout,
  x: number,
  y: number,
): { readonly row: number; readonly column: number } | null {
  const column = Math.floor(((x - left) / side) * count);
  const row = Math.floor(((y - top) / side) * count);
  const isInside = column >= 0 && row >= 0 && column < count && row < count;
  return isInside ? { row, column } : null;
}
