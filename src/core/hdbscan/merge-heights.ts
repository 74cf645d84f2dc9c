import type { ClusterTree } from "./cluster-tree.ts";

/**
 * The densities at which clusters of the condensed tree meet the selected ones: `merge_height` of hdbscan 0.8.43, for all
 * selected clusters of one condensed cluster at once, each ancestor visited once.
 */
export class MergeHeights {
  private readonly clusters: ClusterTree;
  /** Labels in the order of a walk through the tree: those below one cluster lie side by side. */
  private readonly labels: Int32Array;
  /** For each cluster the first of its labels in that order, and one past the last. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  /** The selected cluster that holds a cluster, else the cluster itself. */
  private readonly anchors: Int32Array;

  /** @param labelOfCluster label of each cluster, -1 for those above the selected ones */
  constructor(clusters: ClusterTree, selected: Int32Array, labelOfCluster: Int32Array) {
    this.clusters = clusters;
    this.labels = new Int32Array(selected.length);
    this.starts = new Int32Array(clusters.count);
    this.ends = new Int32Array(clusters.count);
    this.anchors = Int32Array.from(labelOfCluster, (label, cluster) =>
      label === -1 ? cluster : selected[label]!,
    );
    this.placeLabels(labelOfCluster);
  }

  /**
   * Lambda at which a point of `cluster` and each selected cluster part: that of the split between them or, where one
   * holds the other, `pointLambda`, at which the point leaves.
   *
   * @param heights one a label, filled
   */
  fillHeights(cluster: number, pointLambda: number, heights: Float64Array): void {
    const { clusters, labels, starts, ends } = this;
    let inner = this.anchors[cluster]!;
    for (let i = starts[inner]!; i < ends[inner]!; i++) heights[labels[i]!] = pointLambda;
    for (let outer = clusters.parent[inner]!; outer !== -1; inner = outer, outer = clusters.parent[outer]!) {
      const split = clusters.birth[inner]!;
      for (let i = starts[outer]!; i < starts[inner]!; i++) heights[labels[i]!] = split;
      for (let i = ends[inner]!; i < ends[outer]!; i++) heights[labels[i]!] = split;
    }
  }

  /** Parents come before their children, so counts are summed backwards and places given out forwards. */
  private placeLabels(labelOfCluster: Int32Array): void {
    const { clusters, labels, starts, ends, anchors } = this;
    const counts = new Int32Array(clusters.count);
    for (let cluster = clusters.count - 1; cluster >= 0; cluster--) {
      if (labelOfCluster[cluster] !== -1) counts[cluster] = anchors[cluster] === cluster ? 1 : 0;
      if (cluster > 0) counts[clusters.parent[cluster]!]! += counts[cluster]!;
    }
    ends[0] = counts[0]!;
    for (let cluster = 0; cluster < clusters.count; cluster++) {
      if (labelOfCluster[cluster] !== -1 && anchors[cluster] === cluster) {
        labels[starts[cluster]!] = labelOfCluster[cluster]!;
      }
      const left = clusters.left[cluster]!;
      if (left === -1) continue;
      const right = clusters.right[cluster]!;
      starts[left] = starts[cluster]!;
      ends[left] = starts[left]! + counts[left]!;
      starts[right] = ends[left]!;
      ends[right] = ends[left]! + counts[right]!;
    }
  }
}
