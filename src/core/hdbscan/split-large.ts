import type { HdbscanModel } from "./hdbscan-model.ts";

/** Splitting must leave at least this part of a large cluster's points in clusters: else it had no parts. */
const LEAST_KEPT = 0.5;

/**
 * Splits a cluster that holds more than a given share of all points into its parts, if it has parts.
 *
 * Excess of mass favours one cluster over its children wherever points thin out slowly: of 10,000 photos of ten
 * classes it put the 6,000 of animals together. (Ours; hdbscan's `max_cluster_size` forbids large clusters
 * outright and makes noise of those without parts.)
 *
 * @param largestShare of all points, 0 to 1
 */
export function splitLargeCluster(model: HdbscanModel, largestShare: number): HdbscanModel {
  const { minClusterSize } = model.options;
  const maxClusterSize = Math.max(2 * minClusterSize, Math.floor(largestShare * model.labels.length));
  const members = membersOfLargeClusters(model, maxClusterSize);
  if (members.length === 0) return model;
  const cut = model.relabel({ maxClusterSize });
  const kept = members.filter((point) => cut.labels[point] !== -1).length;
  return cut.clusterCount > model.clusterCount && kept >= LEAST_KEPT * members.length ? cut : model;
}

function membersOfLargeClusters({ labels, clusterCount }: HdbscanModel, limit: number): number[] {
  const sizes = new Int32Array(clusterCount);
  for (const label of labels) if (label !== -1) sizes[label]!++;
  return Array.from(labels.keys()).filter((point) => labels[point] !== -1 && sizes[labels[point]!]! > limit);
}
