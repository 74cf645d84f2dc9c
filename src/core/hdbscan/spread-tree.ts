import type { CondensedTree } from "./condense.ts";
import { pointPlaces } from "./point-places.ts";

/**
 * The tree of other points that stand where points of a tree do: its clusters, with as many points as come to lie in them, none
 * perhaps.
 *
 * @param sourceOf for each point the one of `tree` with which it leaves; -1 for one that the tree does not know, which leaves the
 * root before anything else (at lambda 0)
 */
export function spreadTree(tree: CondensedTree, sourceOf: Int32Array): CondensedTree {
  const points = sourceOf.length;
  const { clusters, lambdas } = pointPlaces(tree);
  const rows = tree.clusters - 1 + points;
  const parent = new Int32Array(rows);
  const child = new Int32Array(rows);
  const lambda = new Float64Array(rows);
  const size = new Int32Array(rows).fill(1);
  const sizes = new Int32Array(tree.clusters);
  sourceOf.forEach((source, point) => {
    const cluster = source === -1 ? 0 : clusters[source]!;
    const place = tree.clusters - 1 + point;
    parent[place] = points + cluster;
    child[place] = point;
    lambda[place] = source === -1 ? 0 : lambdas[source]!;
    sizes[cluster]!++;
  });
  let place = 0;
  for (let i = 0; i < tree.child.length; i++) {
    if (tree.child[i]! < tree.points) continue;
    parent[place] = points + tree.parent[i]! - tree.points;
    child[place] = points + tree.child[i]! - tree.points;
    lambda[place++] = tree.lambda[i]!;
  }
  // Clusters further down come later.
  for (let i = place - 1; i >= 0; i--) {
    size[i] = sizes[child[i]! - points]!;
    sizes[parent[i]! - points]! += size[i]!;
  }
  return { points, clusters: tree.clusters, parent, child, lambda, size };
}

/** For each point of a tree whether the tree knows nothing of it; see `spreadTree`. */
export function unknownPoints(tree: CondensedTree): Uint8Array {
  return Uint8Array.from(pointPlaces(tree).lambdas, (lambda) => (lambda === 0 ? 1 : 0));
}
