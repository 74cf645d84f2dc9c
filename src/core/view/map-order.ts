import { InputError } from "../errors.ts";
import type { Matrix } from "../math/matrix.ts";

/** Cells along a side of the grid that points fall into: 16 bits an axis, so that two axes fill 32. */
const GRID = 1 << 16;

/**
 * The rows of a map along a Z-curve (Morton 1966): rows near each other in the order are mostly near each other on the map, and
 * any run of them covers few small patches of it. Both axes have one scale, so that wide maps are not squeezed. Rows in one cell
 * of the grid of 65,536 x 65,536 stay in the order of rows, and so do rows without a place (NaN, infinities), which come last.
 *
 * @param map rows x 2; not changed
 * @returns the rows, each once; `order[slot]` is a row
 * @throws InputError when the map has not 2 columns
 */
export function mapOrder(map: Matrix): Int32Array {
  if (map.cols !== 2) {
    throw new InputError("The map has the wrong shape", {
      expected: "rows x 2",
      found: `${map.rows} x ${map.cols}`,
    });
  }
  const placed = new Int32Array(map.rows);
  const order = new Int32Array(map.rows);
  let first = 0;
  let last = map.rows;
  for (let row = 0; row < map.rows; row++) if (isPlaced(map, row)) placed[first++] = row;
  for (let row = map.rows - 1; row >= 0; row--) if (!isPlaced(map, row)) order[--last] = row;
  order.set(sortedByCode(placed.subarray(0, first), mortonCodes(map)));
  return order;
}

/**
 * The inverse of an order.
 *
 * @param order a permutation of 0 to its length - 1, as `mapOrder` gives it
 * @returns `slots[row]`, the place of each row in the order
 */
export function orderSlots(order: Int32Array): Int32Array {
  const slots = new Int32Array(order.length);
  for (let slot = 0; slot < order.length; slot++) slots[order[slot]!] = slot;
  return slots;
}

function isPlaced({ data }: Matrix, row: number): boolean {
  return Number.isFinite(data[2 * row]!) && Number.isFinite(data[2 * row + 1]!);
}

/** One code a row; those of rows without a place mean nothing. */
function mortonCodes(map: Matrix): Uint32Array {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < map.rows; row++) {
    if (!isPlaced(map, row)) continue;
    for (let axis = 0; axis < 2; axis++) {
      low[axis] = Math.min(low[axis]!, map.data[2 * row + axis]!);
      high[axis] = Math.max(high[axis]!, map.data[2 * row + axis]!);
    }
  }
  const span = Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  const codes = new Uint32Array(map.rows);
  // Without an extent all places are one, and all codes 0.
  if (!(span > 0)) return codes;
  for (let row = 0; row < map.rows; row++) {
    const x = gridPlace(map.data[2 * row]! - low[0]!, span);
    const y = gridPlace(map.data[2 * row + 1]! - low[1]!, span);
    codes[row] = spreadBits(x) | (spreadBits(y) << 1);
  }
  return codes;
}

function gridPlace(distance: number, span: number): number {
  return Math.min(GRID - 1, Math.floor((distance / span) * GRID));
}

/** Puts a 0 before each of 16 bits ("binary magic numbers", as in Hacker's Delight, 2nd edition, section 7-2). */
function spreadBits(value: number): number {
  let bits = value;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

/** Radix sort, 16 bits a pass: stable, so that equal codes keep the order of rows. */
function sortedByCode(rows: Int32Array, codes: Uint32Array): Int32Array {
  let from = rows;
  for (const shift of [0, 16]) {
    const starts = new Int32Array(GRID + 1);
    for (const row of from) starts[((codes[row]! >>> shift) & (GRID - 1)) + 1]!++;
    for (let digit = 0; digit < GRID; digit++) starts[digit + 1]! += starts[digit]!;
    const to = new Int32Array(from.length);
    for (const row of from) to[starts[(codes[row]! >>> shift) & (GRID - 1)]!++] = row;
    from = to;
  }
  return from;
}
