import { type Matrix, takeRows } from "../math/matrix.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { StageContext } from "../stages.ts";

/**
 * The nearest neighbours of a sample of points among each other, taken from the lists of all points: in a list of enough
 * neighbours the first of those that are in the sample are exactly the sample's nearest. Points whose list has too few are
 * searched anew.
 *
 * @param all neighbours of all points, each its own first
 * @param rows the sample, ascending
 * @param points the sample's points, rows.length x dimensions
 * @param k neighbours wanted, at most the size of the sample
 */
export async function sampleNeighbors(
  all: Neighbors,
  rows: Int32Array,
  points: Matrix,
  k: number,
  context: StageContext,
): Promise<Neighbors> {
  const placeOf = new Int32Array(all.rows).fill(-1);
  rows.forEach((point, place) => {
    placeOf[point] = place;
  });
  const found = { indices: new Int32Array(rows.length * k), distances: new Float32Array(rows.length * k) };
  const short: number[] = [];
  rows.forEach((point, place) => {
    if (takeSampled(all, point, placeOf, found, place * k, k) < k) short.push(place);
  });
  if (short.length > 0) await searchAnew(short, points, found, k, context);
  return { ...found, rows: rows.length, k };
}

type Lists = Pick<Neighbors, "indices" | "distances">;

/** Copies the sampled neighbours of one point. @returns how many there were, `k` at most */
function takeSampled(
  all: Neighbors,
  point: number,
  placeOf: Int32Array,
  found: Lists,
  offset: number,
  k: number,
): number {
  let taken = 0;
  for (let slot = point * all.k; slot < (point + 1) * all.k && taken < k; slot++) {
    const place = placeOf[all.indices[slot]!]!;
    if (place === -1) continue;
    found.indices[offset + taken] = place;
    found.distances[offset + taken] = all.distances[slot]!;
    taken++;
  }
  return taken;
}

async function searchAnew(
  places: readonly number[],
  points: Matrix,
  found: Lists,
  k: number,
  { kernels, signal }: StageContext,
): Promise<void> {
  const queries = takeRows(points, places);
  const near = await nearestNeighbors(points, { kernels, signal, k, queries });
  places.forEach((place, i) => {
    // A query does not know which point it is: copies of it may stand before it, or in its place.
    const others = Array.from({ length: k }, (_, j) => i * k + j).filter(
      (slot) => near.indices[slot] !== place,
    );
    found.indices[place * k] = place;
    found.distances[place * k] = 0;
    others.slice(0, k - 1).forEach((slot, j) => {
      found.indices[place * k + 1 + j] = near.indices[slot]!;
      found.distances[place * k + 1 + j] = near.distances[slot]!;
    });
  });
}
