/** Where the square of a heatmap lies on its canvas, in pixels of the page. */
export interface HeatmapLayout {
  readonly count: number;
  readonly left: number;
  readonly top: number;
  readonly side: number;
  /** Of a cell; less than one pixel for many concepts. */
  readonly cell: number;
  /** Pixels of text, 0 where names would not be readable. */
  readonly font: number;
}

const NAME_WIDTH = 170;
const LEAST_FONT = 8;

export function layoutHeatmap(
  width: number,
  height: number,
  count: number,
  hasNames: boolean,
): HeatmapLayout {
  const named = Math.max(0, Math.min(width - NAME_WIDTH, height));
  const font = hasNames ? Math.floor(Math.min(12, (0.86 * named) / count)) : 0;
  const isNamed = font >= LEAST_FONT;
  const side = isNamed ? named : Math.max(0, Math.min(width, height));
  return {
    count,
    left: isNamed ? NAME_WIDTH : 0,
    top: 0,
    side,
    cell: side / Math.max(1, count),
    font: isNamed ? font : 0,
  };
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
