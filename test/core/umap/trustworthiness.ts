import type { Matrix } from "../../../src/core/math/matrix.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../../../src/core/neighbors/neighbors.ts";

/**
 * How far neighbours in the layout are neighbours among the points, 0 to 1 (Venna and Kaski 2001, as in
 * scikit-learn's `trustworthiness`).
 *
 * @param original every point's neighbours, all of them: quadratic
 */
export async function trustworthiness(original: Neighbors, layout: Matrix, k: number): Promise<number> {
  const { rows } = original;
  const reduced = await nearestNeighbors(layout, { k: k + 1, metric: "euclidean" });
  const ranks = new Int32Array(rows);
  let penalty = 0;
  for (let i = 0; i < rows; i++) {
    for (let rank = 0; rank < rows; rank++) ranks[original.indices[i * rows + rank]!] = rank;
    for (let slot = 1; slot <= k; slot++) {
      penalty += Math.max(0, ranks[reduced.indices[i * (k + 1) + slot]!]! - k);
    }
  }
  return 1 - (2 * penalty) / (rows * k * (2 * rows - 3 * k - 1));
}
