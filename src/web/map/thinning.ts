/** Level of rows that lie on or all but on others: no zoom has room for them. */
export const NEVER = 255;

export interface ThinningRequest {
  /** x and y of each row. */
  readonly places: Float32Array;
  /** Rows that may be shown, the most telling first. */
  readonly order: Uint32Array;
  /** Least distances between pictures, falling. */
  readonly spacings: readonly number[];
}

/** Rows that are looked at before others may have the thread. */
const SLICE = 16_384;

/**
 * Chooses which pictures to show while there is no room for all: level `k` holds the rows that come in when pictures lie
 * `spacings[k]` apart, along both axes or one of them. What is shown from far stays when one comes closer, and the choice does
 * not depend on which part of the map is looked at, so that nothing flickers. A greedy packing, in the order given.
 *
 * Yields now and then; returns one level a row.
 */
export function* thin({ places, order, spacings }: ThinningRequest): Generator<void, Uint8Array, void> {
  const levels = new Uint8Array(places.length >> 1).fill(NEVER);
  const table = new SpotTable(order.length);
  const shown: number[] = [];
  let waiting = order.filter(
    (row) => Number.isFinite(places[2 * row]!) && Number.isFinite(places[2 * row + 1]!),
  );
  for (const [level, spacing] of spacings.entries()) {
    table.restart(spacing);
    for (const row of shown) table.add(row, places);
    let left = 0;
    const next = new Uint32Array(waiting.length);
    for (const [at, row] of waiting.entries()) {
      if (at % SLICE === SLICE - 1) yield;
      if (table.hasNear(row, places)) next[left++] = row;
      else {
        table.add(row, places);
        shown.push(row);
        levels[row] = level;
      }
    }
    waiting = next.subarray(0, left);
    if (left === 0) break;
  }
  return levels;
}

/** Rows by square cells as wide as the spacing, hashed: a cell holds one row at most. */
class SpotTable {
  private readonly slots: Int32Array;
  private readonly columns: Int32Array;
  private readonly lines: Int32Array;
  private readonly mask: number;
  private spacing = 1;

  constructor(rows: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * rows)));
    this.slots = new Int32Array(size);
    this.columns = new Int32Array(size);
    this.lines = new Int32Array(size);
    this.mask = size - 1;
  }

  restart(spacing: number): void {
    this.spacing = spacing;
    this.slots.fill(-1);
  }

  add(row: number, places: Float32Array): void {
    const column = Math.floor(places[2 * row]! / this.spacing) | 0;
    const line = Math.floor(places[2 * row + 1]! / this.spacing) | 0;
    const slot = this.slotOf(column, line);
    this.slots[slot] = row;
    this.columns[slot] = column;
    this.lines[slot] = line;
  }

  /** Whether a row that is there is nearer than the spacing along both axes. */
  hasNear(row: number, places: Float32Array): boolean {
    const x = places[2 * row]!;
    const y = places[2 * row + 1]!;
    const column = Math.floor(x / this.spacing) | 0;
    const line = Math.floor(y / this.spacing) | 0;
    for (let near = 0; near < 9; near++) {
      const other = this.slots[this.slotOf(column + (near % 3) - 1, line + Math.floor(near / 3) - 1)]!;
      if (other === -1) continue;
      const isNear =
        Math.abs(places[2 * other]! - x) < this.spacing &&
        Math.abs(places[2 * other + 1]! - y) < this.spacing;
      if (isNear) return true;
    }
    return false;
  }

  private slotOf(column: number, line: number): number {
    let slot = (Math.imul(column, 0x9e3779b1) ^ Math.imul(line, 0x85ebca77)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (this.slots[slot] !== -1 && (this.columns[slot] !== column || this.lines[slot] !== line)) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }
}
