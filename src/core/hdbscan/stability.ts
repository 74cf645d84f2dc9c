import type { ClusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";

/**
 * Stability of each cluster, the root first: the sum over its points of the lambda range they spend in it (Campello,
 * Moulavi and Sander 2013, equation 3). Infinite where a cluster ends in points at one place.
 */
export function clusterStabilities(condensed: CondensedTree, clusters: ClusterTree): Float64Array {
  const stabilities = new Float64Array(clusters.count);
  for (let row = 0; row < condensed.child.length; row++) {
    const cluster = condensed.parent[row]! - condensed.points;
    const range = condensed.lambda[row]! - clusters.birth[cluster]!;
    stabilities[cluster] = stabilities[cluster]! + range * condensed.size[row]!;
  }
  return stabilities;
}
