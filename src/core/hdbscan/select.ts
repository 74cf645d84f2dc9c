import type { ClusterTree } from "./cluster-tree.ts";
import type { ResolvedHdbscanOptions } from "./options.ts";

export interface ClusterSelection {
  /** Numbers of the selected clusters, ascending; none lies within another. Their places are the labels. */
  readonly selected: Int32Array;
  /** Stability of each cluster or, where more, that of the best choice of clusters below it (`"eom"`). */
  readonly stabilities: Float64Array;
}

/**
 * Picks the clusters of the flat clustering: by excess of mass (Campello, Moulavi and Sander 2013, section 4) or the
 * leaves, then merges those below `clusterSelectionEpsilon` (Malzer and Baum 2020).
 *
 * Deviations from hdbscan 0.8.43: where nothing splits, `"leaf"` with `allowSingleCluster` picks the root, its only leaf;
 * with `maxClusterSize` the root counts with all its points; a root
 * none of whose points reaches `rootThreshold` is not selected, so no cluster is empty.
 */
export function selectClusters(
  clusters: ClusterTree,
  stabilities: Float64Array,
  options: ResolvedHdbscanOptions,
): ClusterSelection {
  const chosen = new Uint8Array(clusters.count);
  const best = stabilities.slice();
  if (options.clusterSelectionMethod === "eom") chooseByMass(clusters, best, options.maxClusterSize, chosen);
  else chooseLeaves(clusters, chosen);
  if (!options.allowSingleCluster) chosen[0] = 0;
  dropNested(clusters, chosen);
  // Where all is one cluster already, there is nothing to merge.
  if (options.clusterSelectionEpsilon > 0 && chosen[0] === 0) mergeBelowEpsilon(clusters, chosen, options);
  if (chosen[0] === 1 && !hasMembers(clusters, options)) chosen[0] = 0;
  const selected: number[] = [];
  for (let cluster = 0; cluster < clusters.count; cluster++)
    if (chosen[cluster] === 1) selected.push(cluster);
  return { selected: Int32Array.from(selected), stabilities: best };
}

/**
 * Where the root is the one selected cluster, only points with at least this lambda belong to it, the others are noise:
 * 1 / epsilon or, without epsilon, the lambda at which the root ends.
 */
export function rootThreshold(clusters: ClusterTree, options: ResolvedHdbscanOptions): number {
  return options.clusterSelectionEpsilon > 0 ? 1 / options.clusterSelectionEpsilon : clusters.death[0]!;
}

/** Marks each cluster that is worth more than what is below it, and adds up in `best` what its part of the tree is worth. */
function chooseByMass(clusters: ClusterTree, best: Float64Array, maxSize: number, chosen: Uint8Array): void {
  for (let cluster = clusters.count - 1; cluster >= 0; cluster--) {
    const left = clusters.left[cluster]!;
    const below = left === -1 ? 0 : best[left]! + best[clusters.right[cluster]!]!;
    if (below > best[cluster]! || clusters.size[cluster]! > maxSize) best[cluster] = below;
    else chosen[cluster] = 1;
  }
}

function chooseLeaves(clusters: ClusterTree, chosen: Uint8Array): void {
  for (let cluster = 0; cluster < clusters.count; cluster++)
    chosen[cluster] = clusters.left[cluster] === -1 ? 1 : 0;
}

/** Unmarks what lies within a marked cluster. */
function dropNested(clusters: ClusterTree, chosen: Uint8Array): void {
  const covered = new Uint8Array(clusters.count);
  covered[0] = chosen[0]!;
  for (let cluster = 1; cluster < clusters.count; cluster++) {
    covered[cluster] = covered[clusters.parent[cluster]!]!;
    if (covered[cluster] === 1) chosen[cluster] = 0;
    else covered[cluster] = chosen[cluster]!;
  }
}

/** Whether any point belongs to a selected root. */
function hasMembers(clusters: ClusterTree, options: ResolvedHdbscanOptions): boolean {
  const densest = clusters.death.reduce((a, b) => Math.max(a, b), 0);
  return densest > 0 && densest >= rootThreshold(clusters, options);
}

/** Moves each mark on a cluster born below epsilon up to the first cluster born above it. */
function mergeBelowEpsilon(clusters: ClusterTree, chosen: Uint8Array, options: ResolvedHdbscanOptions): void {
  const epsilon = options.clusterSelectionEpsilon;
  const marked = chosen.slice();
  for (let cluster = 1; cluster < clusters.count; cluster++) {
    if (marked[cluster] !== 1 || 1 / clusters.birth[cluster]! >= epsilon) continue;
    let top = cluster;
    while (top !== 0 && 1 / clusters.birth[top]! <= epsilon) {
      const parent = clusters.parent[top]!;
      if (parent === 0 && !options.allowSingleCluster) break;
      top = parent;
    }
    chosen[cluster] = 0;
    chosen[top] = 1;
  }
  dropNested(clusters, chosen);
}
