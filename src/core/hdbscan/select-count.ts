import { InputError } from "../errors.ts";
import type { ClusterTree } from "./cluster-tree.ts";
import { RankQueue } from "./rank-queue.ts";
import type { ClusterSelection } from "./select.ts";

/**
 * Exactly `count` clusters. (Ours: the reference has none.) Starts from what the method selects. For fewer clusters, the
 * two siblings whose union costs the least stability become their parent, one pair at a time; for more, the cluster
 * below which there is most to gain, or least to lose, splits into its two children. So each selection refines those of
 * lower counts, every count up to the number of leaves is reached, the method's own selection is among them, and with a
 * split nothing turns to noise but the points that leave the cluster before it splits.
 *
 * Of equal costs, siblings that split at the highest density join first, and clusters that split at the lowest split first.
 *
 * @param base what the method selects without limits of epsilon and size, so that each leaf lies in one of its clusters
 * @param stabilities of each cluster by itself
 * @param count at least 1
 * @throws InputError (`BAD_OPTION`) when the tree has no selection of so many
 */
export function selectClusterCount(
  clusters: ClusterTree,
  base: ClusterSelection,
  stabilities: Float64Array,
  count: number,
): ClusterSelection {
  const most = Math.max(base.selected.length, leafCount(clusters.count));
  if (count > most) rejectCount(count, most);
  const chosen = new Uint8Array(clusters.count);
  for (const cluster of base.selected) chosen[cluster] = 1;
  const difference = count - base.selected.length;
  if (difference > 0) splitClusters(clusters, chosen, splitOrder(clusters, base, stabilities), difference);
  else joinSiblings(clusters, chosen, joinOrder(clusters, stabilities), -difference);
  const selected = new Int32Array(count);
  for (let cluster = 0, label = 0; cluster < clusters.count; cluster++) {
    if (chosen[cluster] === 1) selected[label++] = cluster;
  }
  return { selected, stabilities };
}

/**
 * The most clusters that can be selected at once, 0 where nothing splits.
 * @param clusters of the tree, the root included
 */
export function leafCount(clusters: number): number {
  // Each split adds two clusters, and one leaf more than there was.
  return clusters < 3 ? 0 : (clusters + 1) / 2;
}

/** Clusters that split, those with most to gain from it first. */
function splitOrder(clusters: ClusterTree, base: ClusterSelection, stabilities: Float64Array): Int32Array {
  const best = base.stabilities;
  return splittingClusters(
    clusters,
    1,
    (cluster, left, right) => stabilities[cluster]! - best[left]! - best[right]!,
  );
}

/** Clusters that split, those whose parts lose least by joining first. */
function joinOrder(clusters: ClusterTree, stabilities: Float64Array): Int32Array {
  return splittingClusters(
    clusters,
    -1,
    (cluster, left, right) => stabilities[left]! + stabilities[right]! - stabilities[cluster]!,
  );
}

/** Clusters that split by what it costs, then by the density at which they do, then by number. */
function splittingClusters(
  clusters: ClusterTree,
  direction: 1 | -1,
  costOf: (cluster: number, left: number, right: number) => number,
): Int32Array {
  const { count, left, right, birth } = clusters;
  const order: number[] = [];
  // A cluster that splits has finite stability, its parts may have infinite one: no cost is NaN.
  const costs = new Float64Array(count);
  for (let cluster = 0; cluster < count; cluster++) {
    if (left[cluster] === -1) continue;
    order.push(cluster);
    costs[cluster] = costOf(cluster, left[cluster]!, right[cluster]!);
  }
  return Int32Array.from(order).sort((a, b) => {
    if (costs[a] !== costs[b]) return costs[a]! < costs[b]! ? -1 : 1;
    return direction * (birth[left[a]!]! - birth[left[b]!]!) || a - b;
  });
}

function splitClusters(clusters: ClusterTree, chosen: Uint8Array, order: Int32Array, times: number): void {
  const { left, right } = clusters;
  const queue = new RankQueue(order, clusters.count);
  for (const cluster of order) if (chosen[cluster] === 1) queue.push(cluster);
  for (let i = 0; i < times; i++) {
    const cluster = queue.pop();
    chosen[cluster] = 0;
    for (const part of [left[cluster]!, right[cluster]!]) {
      chosen[part] = 1;
      if (left[part] !== -1) queue.push(part);
    }
  }
}

function joinSiblings(clusters: ClusterTree, chosen: Uint8Array, order: Int32Array, times: number): void {
  const { left, right, parent } = clusters;
  const areChosen = (cluster: number): boolean =>
    chosen[left[cluster]!] === 1 && chosen[right[cluster]!] === 1;
  const queue = new RankQueue(order, clusters.count);
  for (const cluster of order) if (areChosen(cluster)) queue.push(cluster);
  for (let i = 0; i < times; i++) {
    const cluster = queue.pop();
    chosen[left[cluster]!] = 0;
    chosen[right[cluster]!] = 0;
    chosen[cluster] = 1;
    if (cluster !== 0 && areChosen(parent[cluster]!)) queue.push(parent[cluster]!);
  }
}

function rejectCount(count: number, most: number): never {
  throw new InputError(
    "HDBSCAN option clusterCount is more than the hierarchy has",
    {
      expected: `at most ${most}`,
      found: String(count),
      hint: "A lower minClusterSize lets more clusters through.",
    },
    "BAD_OPTION",
  );
}
