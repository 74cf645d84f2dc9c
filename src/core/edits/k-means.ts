import { type Matrix, row } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";

const ROUNDS = 50;

/**
 * k-means (Lloyd 1982) from seeds far apart (k-means++, Arthur and Vassilvitskii 2007), in float64: the same on every engine.
 *
 * @param points points x dimensions, at least `count` different ones; where fewer differ, fewer groups come out
 * @returns a group from 0 to count - 1 for each point
 */
export function kMeans(points: Matrix, count: number, rng: Rng): Int32Array {
  let centres = seeds(points, count, rng);
  let groups = nearestCentres(points, centres);
  for (let round = 0; round < ROUNDS; round++) {
    centres = means(points, groups, centres);
    const next = nearestCentres(points, centres);
    if (next.every((group, i) => group === groups[i])) break;
    groups = next;
  }
  return groups;
}

/** For each point the nearest centre; of equals the first. */
export function nearestCentres(points: Matrix, centres: readonly Float64Array[]): Int32Array {
  const nearest = new Int32Array(points.rows);
  for (let i = 0; i < points.rows; i++) {
    const point = row(points, i);
    let best = Infinity;
    for (let group = 0; group < centres.length; group++) {
      const distance = squaredDistance(point, centres[group]!);
      if (distance >= best) continue;
      best = distance;
      nearest[i] = group;
    }
  }
  return nearest;
}

/** The mean of each group's points; an empty group keeps its centre. */
export function means(
  points: Matrix,
  groups: Int32Array,
  centres: readonly Float64Array[],
): readonly Float64Array[] {
  const sums = centres.map(() => new Float64Array(points.cols));
  const sizes = new Int32Array(centres.length);
  groups.forEach((group, i) => {
    if (group === -1) return;
    sizes[group]!++;
    const point = row(points, i);
    const sum = sums[group]!;
    for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + point[j]!;
  });
  return sums.map((sum, group) => (sizes[group] === 0 ? centres[group]! : sum.map((x) => x / sizes[group]!)));
}

function seeds(points: Matrix, count: number, rng: Rng): readonly Float64Array[] {
  const chosen = [Float64Array.from(row(points, rng.below(points.rows)))];
  const distances = new Float64Array(points.rows).fill(Infinity);
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let sum = 0;
    for (let i = 0; i < points.rows; i++) {
      distances[i] = Math.min(distances[i]!, squaredDistance(row(points, i), last));
      sum += distances[i]!;
    }
    let place = 0;
    let left = rng.uniform() * sum;
    while (place < points.rows - 1 && left >= distances[place]!) left -= distances[place++]!;
    chosen.push(Float64Array.from(row(points, place)));
  }
  return chosen;
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) {
    const difference = a[j]! - b[j]!;
    sum += difference * difference;
  }
  return sum;
}
