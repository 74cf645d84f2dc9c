import type { CondensedTree } from "./condense.ts";

/** Where each point leaves the condensed tree. */
export interface PointPlaces {
  /** Number of the cluster that each point leaves, 0 for the root. */
  readonly clusters: Int32Array;
  /** Lambda at which it does. */
  readonly lambdas: Float64Array;
}

export function pointPlaces(condensed: CondensedTree): PointPlaces {
  const { points } = condensed;
  const clusters = new Int32Array(points);
  const lambdas = new Float64Array(points);
  for (let row = 0; row < condensed.child.length; row++) {
    const point = condensed.child[row]!;
    if (point >= points) continue;
    clusters[point] = condensed.parent[row]! - points;
    lambdas[point] = condensed.lambda[row]!;
  }
  return { clusters, lambdas };
}
