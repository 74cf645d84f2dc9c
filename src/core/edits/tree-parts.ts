import { clusterTree } from "../hdbscan/cluster-tree.ts";
import type { CondensedTree } from "../hdbscan/condense.ts";
import { pointPlaces } from "../hdbscan/point-places.ts";

/**
 * Parts of a set of points by a condensed tree: from the root down, where the set first falls apart into two groups that are
 * large enough, then where one of its parts does at the lowest density, until there are as many as asked for.
 *
 * @param points a set of the tree's points
 * @param smallest fewest points of a part, at least 1
 * @returns a part from 0 for each point, -1 for those that leave before the part begins; null when the tree has too few parts
 */
export function treeParts(
  tree: CondensedTree,
  points: Int32Array,
  count: number,
  smallest: number,
): Int32Array | null {
  const clusters = clusterTree(tree);
  const { clusters: placeOf } = pointPlaces(tree);
  const sizes = new Int32Array(clusters.count);
  for (const point of points) sizes[placeOf[point]!]!++;
  // Children have higher numbers than their parents.
  for (let cluster = clusters.count - 1; cluster > 0; cluster--) {
    sizes[clusters.parent[cluster]!]! += sizes[cluster]!;
  }
  const isLarge = (cluster: number): boolean => sizes[cluster]! >= smallest;
  const descend = (from: number): number => {
    for (let cluster = from; ; ) {
      const [left, right] = [clusters.left[cluster]!, clusters.right[cluster]!];
      if (left === -1 || (isLarge(left) && isLarge(right)) || (!isLarge(left) && !isLarge(right))) {
        return cluster;
      }
      cluster = isLarge(left) ? left : right;
    }
  };
  const splits = (cluster: number): boolean =>
    clusters.left[cluster] !== -1 && isLarge(clusters.left[cluster]!) && isLarge(clusters.right[cluster]!);
  const parts = [descend(0)];
  while (parts.length < count) {
    const candidates = parts.filter(splits);
    if (candidates.length === 0) return null;
    const birth = (cluster: number): number => clusters.birth[clusters.left[cluster]!]!;
    const next = candidates.reduce((best, cluster) => (birth(cluster) < birth(best) ? cluster : best));
    const [left, right] = [clusters.left[next]!, clusters.right[next]!];
    parts.splice(parts.indexOf(next), 1, descend(left), descend(right));
  }
  const partOf = new Int32Array(clusters.count).fill(-1);
  parts.forEach((cluster, part) => {
    partOf[cluster] = part;
  });
  for (let cluster = 1; cluster < clusters.count; cluster++) {
    if (partOf[cluster] === -1) partOf[cluster] = partOf[clusters.parent[cluster]!]!;
  }
  return points.map((point) => partOf[placeOf[point]!]!);
}
