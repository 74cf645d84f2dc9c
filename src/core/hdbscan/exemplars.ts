import type { ClusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";
import { labelsOfClusters } from "./label.ts";

/**
 * The most typical points of each selected cluster, ascending: those that stay longest in the leaves below it
 * (`exemplars_` of hdbscan 0.8.43). A cluster with several dense spots has exemplars in each; none has fewer than one.
 */
export function clusterExemplars(
  condensed: CondensedTree,
  clusters: ClusterTree,
  selected: Int32Array,
): Int32Array[] {
  const labelOfCluster = labelsOfClusters(clusters, selected);
  const exemplars: number[][] = Array.from(selected, () => []);
  for (let row = 0; row < condensed.child.length; row++) {
    const cluster = condensed.parent[row]! - condensed.points;
    const label = labelOfCluster[cluster]!;
    const isLeaf = clusters.left[cluster] === -1;
    if (label === -1 || !isLeaf || condensed.lambda[row] !== clusters.death[cluster]) continue;
    exemplars[label]!.push(condensed.child[row]!);
  }
  return exemplars.map((indices) => Int32Array.from(indices).sort());
}
