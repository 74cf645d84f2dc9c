import type { FittedClusterer } from "../stages.ts";

/**
 * Concept ids follow size, largest first, so that concept 0 is what a collection holds most of; equal sizes
 * keep the clusterer's order.
 *
 * @returns `conceptOfLabel[label]`, a permutation of 0 to clusterCount - 1
 */
export function conceptOfLabelBySize(clusters: FittedClusterer): Int32Array {
  const sizes = clusterSizes(clusters.labels, clusters.clusterCount);
  const labels = Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const conceptOfLabel = new Int32Array(clusters.clusterCount);
  labels.forEach((label, concept) => {
    conceptOfLabel[label] = concept;
  });
  return conceptOfLabel;
}

/** Number of points with each label from 0 to count - 1; noise (-1) is not counted. */
export function clusterSizes(labels: Int32Array, count: number): Int32Array {
  const sizes = new Int32Array(count);
  for (const label of labels) {
    if (label !== -1) sizes[label] = sizes[label]! + 1;
  }
  return sizes;
}

/** Labels as concept ids; noise stays -1. */
export function toConcepts(labels: Int32Array, conceptOfLabel: Int32Array): Int32Array {
  return labels.map((label) => (label === -1 ? -1 : conceptOfLabel[label]!));
}
