import type { ClusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";
import type { ResolvedHdbscanOptions } from "./options.ts";
import { type ClusterSelection, rootThreshold } from "./select.ts";

/** The flat clustering. */
export interface FlatClustering {
  /** One a point, -1 for noise. */
  readonly labels: Int32Array;
  /** Strength of membership, 0 to 1: lambda of the point over the largest lambda of its cluster; 0 for noise. */
  readonly probabilities: Float64Array;
  /** Of each cluster: its stability per point over the largest lambda of the tree; 1 where that is infinite. */
  readonly persistence: Float64Array;
}

/** Label of each cluster of the tree: the place of the selected cluster that holds it, else -1. */
export function labelsOfClusters(clusters: ClusterTree, selected: Int32Array): Int32Array {
  const labels = new Int32Array(clusters.count).fill(-1);
  selected.forEach((cluster, label) => {
    labels[cluster] = label;
  });
  for (let cluster = 1; cluster < clusters.count; cluster++) {
    if (labels[cluster] === -1) labels[cluster] = labels[clusters.parent[cluster]!]!;
  }
  return labels;
}

/**
 * Strength of a point with this lambda in a cluster that ends at `death`.
 * A place that holds more than one point has infinite lambda: full strength there, none elsewhere.
 */
export function membershipStrength(lambda: number, death: number): number {
  if (death === 0 || lambda >= death) return 1;
  return lambda / death;
}

/** Labels, probabilities and persistence of the selected clusters, as hdbscan 0.8.43 gives them. */
export function labelPoints(
  condensed: CondensedTree,
  clusters: ClusterTree,
  selection: ClusterSelection,
  options: ResolvedHdbscanOptions,
): FlatClustering {
  const { points } = condensed;
  const labels = new Int32Array(points).fill(-1);
  const probabilities = new Float64Array(points);
  const labelOfCluster = labelsOfClusters(clusters, selection.selected);
  const threshold = selection.selected[0] === 0 ? rootThreshold(clusters, options) : 0;
  let maxLambda = 0;
  for (let row = 0; row < condensed.child.length; row++) {
    const lambda = condensed.lambda[row]!;
    if (lambda > maxLambda) maxLambda = lambda;
    const point = condensed.child[row]!;
    const label = labelOfCluster[condensed.parent[row]! - points]!;
    if (point >= points || label === -1 || lambda < threshold) continue;
    labels[point] = label;
    probabilities[point] = membershipStrength(lambda, clusters.death[selection.selected[label]!]!);
  }
  const sizes = new Float64Array(selection.selected.length);
  for (const label of labels) if (label !== -1) sizes[label]!++;
  const persistence = sizes.map((size, label) =>
    maxLambda === Number.POSITIVE_INFINITY
      ? 1
      : selection.stabilities[selection.selected[label]!]! / (size * maxLambda),
  );
  return { labels, probabilities, persistence };
}
