import type { Bounds, Spot } from "./camera.ts";

/** Cells along a side of the map. */
const CELLS = 32;

/**
 * Where a name belongs: in the thick of the concept's pictures. A median would lie in the void between the parts of a concept that
 * has several; this is the middle of its fullest part, a tenth of the map wide.
 *
 * @param places x and y of each row @param groups the concept of each row, -1 for none @param bounds of all places
 * @returns by concept; those without a place are missing
 */
export function densePlaces(
  places: Float32Array,
  groups: Int32Array,
  bounds: Bounds,
): ReadonlyMap<number, Spot> {
  const most = groups.reduce((highest, group) => Math.max(highest, group), -1);
  const cells = cellsOf(places, bounds);
  const counts = new Uint32Array((most + 1) * CELLS * CELLS);
  for (let row = 0; row < groups.length; row++) {
    if (groups[row]! >= 0 && cells[row] !== -1) counts[groups[row]! * CELLS * CELLS + cells[row]!]!++;
  }
  const fullest = Array.from({ length: most + 1 }, (_, group) =>
    fullestCell(counts.subarray(group * CELLS * CELLS, (group + 1) * CELLS * CELLS)),
  );
  return middles(places, groups, cells, fullest);
}

function cellsOf(places: Float32Array, { left, bottom, right, top }: Bounds): Int32Array {
  const scale = CELLS / (Math.max(right - left, top - bottom) || 1);
  const cells = new Int32Array(places.length >> 1).fill(-1);
  for (let row = 0; row < cells.length; row++) {
    const column = Math.min(CELLS - 1, Math.floor((places[2 * row]! - left) * scale));
    const line = Math.min(CELLS - 1, Math.floor((places[2 * row + 1]! - bottom) * scale));
    if (column >= 0 && line >= 0) cells[row] = line * CELLS + column;
  }
  return cells;
}

/** The cell that has the most together with those around it; -1 where all are empty. */
function fullestCell(counts: Uint32Array): number {
  let best = -1;
  let bestCount = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    let count = 0;
    for (const near of around(cell)) count += counts[near]!;
    // Of equals, the cell that has more itself.
    const weighed = count + counts[cell]! / 2;
    if (weighed > bestCount) {
      best = cell;
      bestCount = weighed;
    }
  }
  return best;
}

function around(cell: number): number[] {
  const column = cell % CELLS;
  const line = Math.floor(cell / CELLS);
  const near: number[] = [];
  for (let y = Math.max(0, line - 1); y <= Math.min(CELLS - 1, line + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(CELLS - 1, column + 1); x++) near.push(y * CELLS + x);
  }
  return near;
}

function middles(
  places: Float32Array,
  groups: Int32Array,
  cells: Int32Array,
  fullest: readonly number[],
): Map<number, Spot> {
  const sums = new Float64Array(3 * fullest.length);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    const best = group < 0 ? -1 : fullest[group]!;
    const cell = cells[row]!;
    if (best === -1 || cell === -1) continue;
    const isNear =
      Math.abs((cell % CELLS) - (best % CELLS)) <= 1 &&
      Math.abs(Math.floor(cell / CELLS) - Math.floor(best / CELLS)) <= 1;
    if (!isNear) continue;
    sums[3 * group]! += places[2 * row]!;
    sums[3 * group + 1]! += places[2 * row + 1]!;
    sums[3 * group + 2]!++;
  }
  const spots = new Map<number, Spot>();
  for (const group of fullest.keys()) {
    const count = sums[3 * group + 2]!;
    if (count > 0) spots.set(group, { x: sums[3 * group]! / count, y: sums[3 * group + 1]! / count });
  }
  return spots;
}
