import { DisjointSet } from "../math/disjoint-set.ts";
import { leafOrder } from "./leaf-order.ts";

/** A binary tree over `leaves` leaves, built from the bottom. */
export interface Dendrogram {
  readonly leaves: number;
  /** Merges x 2: what each merge joins. Below `leaves` a leaf, else `leaves` + an earlier merge; the lower first. */
  readonly children: Int32Array;
  /** Height of each merge, ascending. */
  readonly heights: Float64Array;
  /** Every leaf once, so that no branches cross and neighbours are alike; see `leafOrder`. */
  readonly order: Int32Array;
}

interface Merge {
  readonly a: number;
  readonly b: number;
  readonly height: number;
}

/**
 * Agglomerative clustering by average linkage (UPGMA, Sokal and Michener 1958) with the nearest-neighbour chain (Murtagh
 * 1983; Müllner 2011, algorithm NN-chain): O(n²) time and memory. Merges are sorted by height as in scipy's `linkage`;
 * of equally near clusters the one met first is taken.
 *
 * @param distances n x n, row-major, symmetric, finite
 * @param n number of leaves
 */
export function averageLinkage(distances: Float64Array, n: number): Dendrogram {
  const merges = chainMerges(distances.slice(), n).sort((x, y) => x.height - y.height);
  const children = new Int32Array(2 * merges.length);
  const heights = new Float64Array(merges.length);
  const clusters = new DisjointSet(n);
  const nodeOf = Int32Array.from({ length: n }, (_, leaf) => leaf);
  merges.forEach(({ a, b, height }, step) => {
    const [rootA, rootB] = [clusters.find(a), clusters.find(b)];
    const [x, y] = [nodeOf[rootA]!, nodeOf[rootB]!];
    children[2 * step] = Math.min(x, y);
    children[2 * step + 1] = Math.max(x, y);
    heights[step] = height;
    nodeOf[clusters.union(rootA, rootB)] = n + step;
  });
  return { leaves: n, children, heights, order: leafOrder(children, n, distances) };
}

/** Merges in the order the chain finds them; `a` and `b` are leaves of the joined clusters. Overwrites the distances. */
function chainMerges(distances: Float64Array, n: number): Merge[] {
  const sizes = new Int32Array(n).fill(1);
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(sizes.findIndex((size) => size > 0));
    const top = chain.at(-1)!;
    const nearest = nearestCluster(distances, sizes, n, top, chain.at(-2));
    if (nearest !== chain.at(-2)) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [a, b] = [Math.min(top, nearest), Math.max(top, nearest)];
    merges.push({ a, b, height: distances[a * n + b]! });
    joinInPlace(distances, sizes, n, a, b);
  }
  return merges;
}

/** Starts from the cluster below in the chain, so that of equals that one is taken and the chain ends. */
function nearestCluster(
  distances: Float64Array,
  sizes: Int32Array,
  n: number,
  from: number,
  below: number | undefined,
): number {
  let nearest = below ?? -1;
  let least = below === undefined ? Number.POSITIVE_INFINITY : distances[from * n + below]!;
  for (let i = 0; i < n; i++) {
    if (sizes[i] === 0 || i === from || distances[from * n + i]! >= least) continue;
    least = distances[from * n + i]!;
    nearest = i;
  }
  return nearest;
}

/** Cluster `b` becomes part of `a`: Lance and Williams' update for averages. */
function joinInPlace(distances: Float64Array, sizes: Int32Array, n: number, a: number, b: number): void {
  const total = sizes[a]! + sizes[b]!;
  for (let i = 0; i < n; i++) {
    if (sizes[i] === 0 || i === a || i === b) continue;
    const mean = (sizes[a]! * distances[a * n + i]! + sizes[b]! * distances[b * n + i]!) / total;
    distances[a * n + i] = mean;
    distances[i * n + a] = mean;
  }
  sizes[a] = total;
  sizes[b] = 0;
}
