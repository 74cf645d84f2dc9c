import type { ClusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";

/**
 * GLOSH outlier score of each point, 0 to 1 (Campello, Moulavi, Zimek and Sander 2015, section 6): how much sparser its
 * surroundings are than the densest part of the cluster it leaves.
 */
export function outlierScores(condensed: CondensedTree, clusters: ClusterTree): Float64Array {
  const { points } = condensed;
  const densest = clusters.death.slice();
  for (let cluster = clusters.count - 1; cluster > 0; cluster--) {
    const parent = clusters.parent[cluster]!;
    densest[parent] = Math.max(densest[parent]!, densest[cluster]!);
  }
  const scores = new Float64Array(points);
  for (let row = 0; row < condensed.child.length; row++) {
    const point = condensed.child[row]!;
    if (point >= points) continue;
    const lambda = condensed.lambda[row]!;
    const maximum = densest[condensed.parent[row]! - points]!;
    // 1 - lambda / maximum, where both may be infinite.
    scores[point] = lambda >= maximum ? 0 : 1 - lambda / maximum;
  }
  return scores;
}
