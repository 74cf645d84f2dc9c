import type { Matrix } from "../math/matrix.ts";

/** Rows grouped by exact equality; groups are numbered by their first row. */
export interface DistinctRows {
  readonly count: number;
  /** Row-wise: the group of each row. */
  readonly groups: Int32Array;
  /** Group `g` owns `members[offsets[g]]` to `members[offsets[g + 1] - 1]`, ascending. */
  readonly offsets: Int32Array;
  readonly members: Int32Array;
}

/**
 * Finds rows that are equal bit by bit (0 and -0 differ). Searching distinct rows only keeps thousands of copies of one picture
 * from crowding every other candidate out.
 */
export function distinctRows(points: Matrix): DistinctRows {
  const { rows, cols } = points;
  const bits = new Int32Array(points.data.buffer, points.data.byteOffset, points.data.length);
  const slotMask = tableSize(rows) - 1;
  const table = new Int32Array(slotMask + 1).fill(-1);
  const groups = new Int32Array(rows);
  const firstRows = new Int32Array(rows);
  const sizes = new Int32Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    let slot = hashRow(bits, i * cols, cols) & slotMask;
    while (table[slot] !== -1 && !equalRows(bits, i * cols, firstRows[table[slot]!]! * cols, cols)) {
      slot = (slot + 1) & slotMask;
    }
    if (table[slot] === -1) {
      firstRows[count] = i;
      table[slot] = count++;
    }
    groups[i] = table[slot]!;
    sizes[groups[i]!]!++;
  }
  return { count, groups, ...listMembers(groups, sizes.subarray(0, count)) };
}

function listMembers(groups: Int32Array, sizes: Int32Array): { offsets: Int32Array; members: Int32Array } {
  const offsets = new Int32Array(sizes.length + 1);
  for (let g = 0; g < sizes.length; g++) offsets[g + 1] = offsets[g]! + sizes[g]!;
  const next = offsets.slice();
  const members = new Int32Array(groups.length);
  for (let i = 0; i < groups.length; i++) members[next[groups[i]!]!++] = i;
  return { offsets, members };
}

/** A power of two at least twice the rows: open addressing stays short. */
function tableSize(rows: number): number {
  let size = 2;
  while (size < 2 * rows) size *= 2;
  return size;
}

function hashRow(bits: Int32Array, offset: number, cols: number): number {
  let hash = 0x811c9dc5;
  for (let j = 0; j < cols; j++) {
    hash = Math.imul(hash ^ bits[offset + j]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash;
}

function equalRows(bits: Int32Array, a: number, b: number, cols: number): boolean {
  for (let j = 0; j < cols; j++) {
    if (bits[a + j] !== bits[b + j]) return false;
  }
  return true;
}
