import { DisjointSet } from "../math/disjoint-set.ts";
import type { SpanningTree } from "./boruvka.ts";

/**
 * The dendrogram in the layout of scipy's linkage matrix, as columns: row `i` joins two nodes to node `points + i`;
 * nodes below `points` are the points.
 */
export interface SingleLinkageTree {
  /** The joined node that holds the lowest point index. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Mutual reachability distance at which they join, ascending. */
  readonly distance: Float64Array;
  /** Points in the joint node. */
  readonly size: Int32Array;
}

/** Single linkage by joining along the edges of the minimum spanning tree (Gower and Ross 1969). */
export function singleLinkageTree(edges: SpanningTree): SingleLinkageTree {
  const merges = edges.distances.length;
  const points = merges + 1;
  const left = new Int32Array(merges);
  const right = new Int32Array(merges);
  const size = new Int32Array(merges);
  const sets = new DisjointSet(points);
  const nodeOf = Int32Array.from({ length: points }, (_, i) => i);
  const lowest = nodeOf.slice();
  for (let merge = 0; merge < merges; merge++) {
    const a = sets.find(edges.from[merge]!);
    const b = sets.find(edges.to[merge]!);
    const aFirst = lowest[a]! < lowest[b]!;
    left[merge] = nodeOf[aFirst ? a : b]!;
    right[merge] = nodeOf[aFirst ? b : a]!;
    const root = sets.union(a, b);
    lowest[root] = Math.min(lowest[a]!, lowest[b]!);
    nodeOf[root] = points + merge;
    size[merge] = sets.sizes[root]!;
  }
  return { left, right, distance: edges.distances, size };
}
