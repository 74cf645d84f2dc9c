import type { PlaceIndex } from "./place-index.ts";

/** How rows of a shape and the selection that is there become the next one. */
export type SelectMode = "replace" | "add" | "remove";

const OUTSIDE = 0;
const EDGE = 1;

/**
 * The rows inside a closed polygon, by the even-odd rule. Cells of the index that no edge touches are inside or outside as a
 * whole, so that only rows along the edge are tested one by one.
 *
 * @param polygon x, y, x, y, ... in places of the map; fewer than 3 corners have no inside
 * @returns rows, ascending
 */
export function rowsInside(index: PlaceIndex, polygon: Float64Array): Uint32Array {
  if (polygon.length < 6) return new Uint32Array(0);
  const { left, right, bottom, top } = polygonBounds(polygon);
  const { bounds } = index;
  if (right < bounds.left || left > bounds.right || top < bounds.bottom || bottom > bounds.top)
    return new Uint32Array(0);
  const columns: Span = [index.columnOf(left), index.columnOf(right)];
  const lines: Span = [index.lineOf(bottom), index.lineOf(top)];
  const kinds = edgeCells(index, polygon, columns, lines);
  return collect(index, polygon, { columns, lines, kinds });
}

/**
 * The next selection; null for none. Both are ascending, and so is the answer. A new shape around nothing is an empty selection, so
 * that people are told that nothing lies there.
 */
export function combineRows(
  selected: Uint32Array | null,
  rows: Uint32Array,
  mode: SelectMode,
): Uint32Array | null {
  const before = selected ?? new Uint32Array(0);
  const next = mode === "replace" ? rows : mode === "add" ? union(before, rows) : without(before, rows);
  return next.length === 0 && mode !== "replace" ? null : next;
}

type Span = readonly [first: number, last: number];

interface CellKinds {
  readonly columns: Span;
  readonly lines: Span;
  readonly kinds: Uint8Array;
}

function polygonBounds(polygon: Float64Array) {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [bottom, top] = [left, right];
  for (let at = 0; at < polygon.length; at += 2) {
    left = Math.min(left, polygon[at]!);
    right = Math.max(right, polygon[at]!);
    bottom = Math.min(bottom, polygon[at + 1]!);
    top = Math.max(top, polygon[at + 1]!);
  }
  return { left, right, bottom, top };
}

/** Marks the cells that edges may touch: for each line of cells that an edge crosses, those between its x there, and one more. */
function edgeCells(index: PlaceIndex, polygon: Float64Array, columns: Span, lines: Span): Uint8Array {
  const width = columns[1] - columns[0] + 1;
  const kinds = new Uint8Array(width * (lines[1] - lines[0] + 1)).fill(OUTSIDE);
  const last = polygon.length - 2;
  for (let at = 0, from = last; at <= last; from = at, at += 2) {
    const [x0, y0, x1, y1] = [polygon[from]!, polygon[from + 1]!, polygon[at]!, polygon[at + 1]!];
    const low = index.lineOf(Math.min(y0, y1));
    const high = index.lineOf(Math.max(y0, y1));
    for (let line = low; line <= high; line++) {
      const [a, b] = low === high ? [x0, x1] : xSpan(index, line, [x0, y0, x1, y1]);
      const start = Math.max(columns[0], index.columnOf(Math.min(a, b)) - 1);
      const end = Math.min(columns[1], index.columnOf(Math.max(a, b)) + 1);
      const first = (line - lines[0]) * width - columns[0];
      kinds.fill(EDGE, first + start, first + end + 1);
    }
  }
  return kinds;
}

type Edge = readonly [x0: number, y0: number, x1: number, y1: number];

/** The x of an edge where it enters and leaves a line of cells. */
function xSpan(index: PlaceIndex, line: number, [x0, y0, x1, y1]: Edge): [number, number] {
  const bottom = index.bounds.bottom + line * index.cell;
  const at = (y: number): number => {
    const inside = Math.min(Math.max(y, Math.min(y0, y1)), Math.max(y0, y1));
    return x0 + ((inside - y0) / (y1 - y0)) * (x1 - x0);
  };
  // The outermost lines of cells also hold what lies beyond them.
  const low = line === 0 ? Number.NEGATIVE_INFINITY : bottom;
  const high = line === index.lines - 1 ? Number.POSITIVE_INFINITY : bottom + index.cell;
  return [at(low), at(high)];
}

function collect(
  index: PlaceIndex,
  polygon: Float64Array,
  { columns, lines, kinds }: CellKinds,
): Uint32Array {
  const { places, rows, starts } = index;
  const found: Uint32Array = new Uint32Array(rows.length);
  let length = 0;
  const width = columns[1] - columns[0] + 1;
  for (let line = lines[0]; line <= lines[1]; line++) {
    let isInside: boolean | null = null;
    for (let column = columns[0]; column <= columns[1]; column++) {
      const isEdge = kinds[(line - lines[0]) * width + column - columns[0]] === EDGE;
      // Between two edge cells nothing changes: one test of a cell's middle is good for the whole run.
      if (isEdge) isInside = null;
      else isInside ??= contains(polygon, ...middle(index, column, line));
      if (isInside === false) continue;
      const cell = line * index.columns + column;
      for (let at = starts[cell]!; at < starts[cell + 1]!; at++) {
        const row = rows[at]!;
        if (isInside === true || contains(polygon, places[2 * row]!, places[2 * row + 1]!))
          found[length++] = row;
      }
    }
  }
  return found.slice(0, length).sort();
}

function middle({ bounds, cell }: PlaceIndex, column: number, line: number): [number, number] {
  return [bounds.left + (column + 0.5) * cell, bounds.bottom + (line + 0.5) * cell];
}

/** Counts crossings of a ray to the right (Shimrat 1962). */
function contains(polygon: Float64Array, x: number, y: number): boolean {
  let isInside = false;
  const last = polygon.length - 2;
  for (let at = 0, from = last; at <= last; from = at, at += 2) {
    const y0 = polygon[from + 1]!;
    const y1 = polygon[at + 1]!;
    if (y0 > y === y1 > y) continue;
    const x0 = polygon[from]!;
    if (x < x0 + ((y - y0) / (y1 - y0)) * (polygon[at]! - x0)) isInside = !isInside;
  }
  return isInside;
}

function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  let length = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const next = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    if (a[i] === next) i++;
    if (b[j] === next) j++;
    both[length++] = next;
  }
  return both.slice(0, length);
}

function without(a: Uint32Array, b: Uint32Array): Uint32Array {
  let j = 0;
  return a.filter((row) => {
    while (j < b.length && b[j]! < row) j++;
    return b[j] !== row;
  });
}
