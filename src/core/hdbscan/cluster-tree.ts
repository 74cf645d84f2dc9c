import type { CondensedTree } from "./condense.ts";

/** The clusters of a condensed tree without its points. Clusters go by number: 0 is the root, parents come first. */
export interface ClusterTree {
  readonly count: number;
  /** -1 for the root. */
  readonly parent: Int32Array;
  /** The two clusters a cluster splits into, -1 where it does not. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Lambda at which a cluster splits from its parent; 0 for the root. */
  readonly birth: Float64Array;
  /** Largest lambda at which anything leaves the cluster itself; 0 where nothing does. */
  readonly death: Float64Array;
  readonly size: Int32Array;
}

export function clusterTree(condensed: CondensedTree): ClusterTree {
  const { points, clusters: count } = condensed;
  const tree = {
    count,
    parent: new Int32Array(count).fill(-1),
    left: new Int32Array(count).fill(-1),
    right: new Int32Array(count).fill(-1),
    birth: new Float64Array(count),
    death: new Float64Array(count),
    size: new Int32Array(count),
  };
  tree.size[0] = points;
  for (let row = 0; row < condensed.child.length; row++) {
    const parent = condensed.parent[row]! - points;
    const lambda = condensed.lambda[row]!;
    if (lambda > tree.death[parent]!) tree.death[parent] = lambda;
    const cluster = condensed.child[row]! - points;
    if (cluster < 0) continue;
    tree.parent[cluster] = parent;
    tree.birth[cluster] = lambda;
    tree.size[cluster] = condensed.size[row]!;
    if (tree.left[parent] === -1) tree.left[parent] = cluster;
    else tree.right[parent] = cluster;
  }
  return tree;
}
