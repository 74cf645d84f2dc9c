import type { Bounds } from "./camera.ts";

/** Rows that a cell has where they lie evenly. */
const ROWS_PER_CELL = 3;
const MOST_CELLS = 1 << 21;

/**
 * Rows of a map by the cells of a grid: finds what is at a spot or inside a shape without looking at all. Built in one pass of
 * counting; a million rows take a few hundredths of a second and 8 MB. Rows without a place (NaN, infinities) are left out.
 */
export class PlaceIndex {
  /** Of the rows that have a place; a unit square around nothing where there are none. */
  readonly bounds: Bounds;
  readonly cell: number;
  readonly columns: number;
  readonly lines: number;
  /** Rows of cell `c` are `rows[starts[c]]` to `rows[starts[c + 1] - 1]`, ascending; cells run from left to right, then up. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly places: Float32Array;

  /**
   * @param places x and y of each row; kept, not copied
   * @param subset ascending rows to be found; all where absent
   */
  constructor(places: Float32Array, subset?: Uint32Array) {
    this.places = places;
    const all = placedRows(places, subset);
    this.bounds = extent(places, all);
    const width = this.bounds.right - this.bounds.left;
    const height = this.bounds.top - this.bounds.bottom;
    this.cell = cellSide(width, height, all.length);
    this.columns = Math.min(MOST_CELLS, Math.floor(width / this.cell) + 1);
    this.lines = Math.min(MOST_CELLS, Math.floor(height / this.cell) + 1);
    this.starts = new Uint32Array(this.columns * this.lines + 1);
    this.rows = new Uint32Array(all.length);
    this.sort(all);
  }

  columnOf(x: number): number {
    return clamp(Math.floor((x - this.bounds.left) / this.cell), this.columns);
  }

  lineOf(y: number): number {
    return clamp(Math.floor((y - this.bounds.bottom) / this.cell), this.lines);
  }

  /** Calls back with each row inside, in no order that means anything. */
  forEachIn(bounds: Bounds, visit: (row: number) => void): void {
    this.someIn(bounds, (row) => {
      visit(row);
      return false;
    });
  }

  /** Whether a row inside meets a test; the rows behind it are not looked at. */
  someIn({ left, bottom, right, top }: Bounds, meets: (row: number) => boolean): boolean {
    const { bounds, places, rows, starts } = this;
    if (right < bounds.left || left > bounds.right || top < bounds.bottom || bottom > bounds.top)
      return false;
    const first = this.columnOf(left);
    const last = this.columnOf(right);
    for (let line = this.lineOf(bottom); line <= this.lineOf(top); line++) {
      const end = starts[line * this.columns + last + 1]!;
      for (let at = starts[line * this.columns + first]!; at < end; at++) {
        const row = rows[at]!;
        const x = places[2 * row]!;
        const y = places[2 * row + 1]!;
        if (x >= left && x <= right && y >= bottom && y <= top && meets(row)) return true;
      }
    }
    return false;
  }

  /** The row nearest to a place and at most `radius` away, the lowest of equals; -1 for none. `skip` leaves out rows. */
  nearest(x: number, y: number, radius: number, skip?: (row: number) => boolean): number {
    let best = -1;
    let bestSquare = radius * radius;
    const around = { left: x - radius, right: x + radius, bottom: y - radius, top: y + radius };
    this.forEachIn(around, (row) => {
      const square = (this.places[2 * row]! - x) ** 2 + (this.places[2 * row + 1]! - y) ** 2;
      const isNearer = square < bestSquare || (square === bestSquare && (best === -1 || row < best));
      if (!isNearer || skip?.(row) === true) return;
      best = row;
      bestSquare = square;
    });
    return best;
  }

  /** How far apart neighbours are, as half of all rows have them: the side of the square that a row has to itself. */
  spacing(): number {
    if (this.rows.length === 0) return 1;
    const counts = new Uint32Array(this.starts.length - 1);
    for (let cell = 0; cell < counts.length; cell++)
      counts[cell] = this.starts[cell + 1]! - this.starts[cell]!;
    counts.sort();
    let seen = 0;
    let cell = 0;
    while (seen < this.rows.length / 2) seen += counts[cell++]!;
    return this.cell / Math.sqrt(counts[cell - 1]!);
  }

  private sort(all: Uint32Array): void {
    const { places, starts, rows, columns } = this;
    const cellOf = (row: number): number =>
      this.lineOf(places[2 * row + 1]!) * columns + this.columnOf(places[2 * row]!);
    for (const row of all) starts[cellOf(row) + 1]!++;
    for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
    const next = starts.slice();
    for (const row of all) rows[next[cellOf(row)]!++] = row;
  }
}

function placedRows(places: Float32Array, subset: Uint32Array | undefined): Uint32Array {
  const count = subset?.length ?? places.length >> 1;
  const placed = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const row = subset === undefined ? i : subset[i]!;
    if (Number.isFinite(places[2 * row]!) && Number.isFinite(places[2 * row + 1]!)) placed[length++] = row;
  }
  return placed.subarray(0, length);
}

function extent(places: Float32Array, rows: Uint32Array): Bounds {
  if (rows.length === 0) return { left: -0.5, right: 0.5, bottom: -0.5, top: 0.5 };
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [bottom, top] = [left, right];
  for (const row of rows) {
    const x = places[2 * row]!;
    const y = places[2 * row + 1]!;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  return { left, right, bottom, top };
}

/** Of square cells that rows would fill evenly; long, thin maps get no more cells than others. */
function cellSide(width: number, height: number, count: number): number {
  const cells = Math.min(MOST_CELLS / 4, Math.max(1, count / ROWS_PER_CELL));
  const longest = Math.max(width, height);
  if (!(longest > 0)) return 1;
  return Math.max(Math.sqrt((width * height) / cells), longest / cells);
}

function clamp(place: number, count: number): number {
  return place < 0 ? 0 : place >= count ? count - 1 : place;
}
