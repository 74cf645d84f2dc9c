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

/** The pictures that come in at a level. */
export interface ThinnedLevel {
  readonly level: number;
  /** Ascending. */
  readonly rows: Uint32Array;
}

/**
 * Chooses which pictures to show while there is no room for all: level `k` holds the rows that come in when pictures lie
 * `spacings[k]` apart, along both axes or one of them. What is shown from far stays when one comes closer, and the choice does
 * not depend on which part of the map is looked at, so that nothing flickers. A greedy packing, in the order given. Rows that lie
 * on or all but on others are in no level.
 *
 * Yields each level as soon as it is known, and null now and then between.
 */
export function* thin({
  places,
  order,
  spacings,
}: ThinningRequest): Generator<ThinnedLevel | null, void, void> {
  const table = new SpotTable(order.length);
  const shown = new Uint32Array(order.length);
  let shownCount = 0;
  const waiting = order.filter(
    (row) => Number.isFinite(places[2 * row]!) && Number.isFinite(places[2 * row + 1]!),
  );
  let waitingCount = waiting.length;
  // How near a picture is that keeps out each that waits: nothing is to be looked up before the spacing is less.
  const blocked = new Float64Array(waitingCount).fill(Number.POSITIVE_INFINITY);
  for (const [level, spacing] of spacings.entries()) {
    table.restart(spacing);
    for (let at = 0; at < shownCount; at++) table.add(shown[at]!, places);
    const before = shownCount;
    let left = 0;
    for (let at = 0; at < waitingCount; at++) {
      if (at % SLICE === SLICE - 1) yield null;
      const row = waiting[at]!;
      const near = blocked[at]! < spacing ? blocked[at]! : table.near(row, places);
      if (near < spacing) {
        waiting[left] = row;
        blocked[left++] = near;
      } else {
        table.add(row, places);
        shown[shownCount++] = row;
      }
    }
    waitingCount = left;
    yield { level, rows: shown.slice(before, shownCount).sort() };
  }
}

/** Steps to the cells around, the cell itself first: most of what is near lies there. */
const ACROSS = [0, -1, 1, 0, 0, -1, 1, -1, 1];
const ALONG = [0, 0, 0, -1, 1, -1, -1, 1, 1];

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

  /** How far a row is, along the longer axis, from one that is there and nearer than the spacing; infinite where there is none. */
  near(row: number, places: Float32Array): number {
    const x = places[2 * row]!;
    const y = places[2 * row + 1]!;
    const column = Math.floor(x / this.spacing) | 0;
    const line = Math.floor(y / this.spacing) | 0;
    for (let look = 0; look < 9; look++) {
      const other = this.slots[this.slotOf(column + ACROSS[look]!, line + ALONG[look]!)]!;
      if (other === -1) continue;
      const distance = Math.max(Math.abs(places[2 * other]! - x), Math.abs(places[2 * other + 1]! - y));
      if (distance < this.spacing) return distance;
    }
    return Number.POSITIVE_INFINITY;
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
