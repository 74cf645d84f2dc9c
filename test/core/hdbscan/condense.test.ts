import { expect, test } from "vitest";
import { clusterTree } from "../../../src/core/hdbscan/cluster-tree.ts";
import { type CondensedTree, condenseTree } from "../../../src/core/hdbscan/condense.ts";
import { clusterStabilities } from "../../../src/core/hdbscan/stability.ts";

/** Two pairs, 0-1 and 2-3, that join at 4 with each other and at 5 with the point 4. */
function pairsAndOne(first: number, second: number) {
  return {
    left: Int32Array.of(0, 2, 5, 7),
    right: Int32Array.of(1, 3, 6, 4),
    distance: Float64Array.of(first, second, 4, 5),
    size: Int32Array.of(2, 2, 4, 5),
  };
}

function rows(tree: CondensedTree): number[][] {
  return [...tree.child.keys()].map((i) => [tree.parent[i]!, tree.child[i]!, tree.lambda[i]!, tree.size[i]!]);
}

test("large parts become clusters, small ones fall out as points", () => {
  const condensed = condenseTree(pairsAndOne(1, 2), 5, 2);
  expect(rows(condensed)).toEqual([
    [5, 4, 1 / 5, 1],
    [5, 6, 1 / 4, 2],
    [5, 7, 1 / 4, 2],
    [6, 0, 1, 1],
    [6, 1, 1, 1],
    [7, 2, 1 / 2, 1],
    [7, 3, 1 / 2, 1],
  ]);
  const stabilities = clusterStabilities(condensed, clusterTree(condensed));
  expect([...stabilities]).toEqual([1 / 5 + 4 / 4, 2 * (1 - 1 / 4), 2 * (1 / 2 - 1 / 4)]);
});

test("no part is larger than the minimum: all fall out of the root", () => {
  expect(rows(condenseTree(pairsAndOne(1, 2), 5, 4)).map(([parent]) => parent)).toEqual([5, 5, 5, 5, 5]);
});

test("points at one place are not split, however the dendrogram pairs them", () => {
  const linkage = { ...pairsAndOne(0, 0), distance: Float64Array.of(0, 0, 0, 5) };
  const condensed = condenseTree(linkage, 5, 2);
  expect(condensed.clusters).toBe(1);
  expect(rows(condensed)).toEqual([
    [5, 4, 1 / 5, 1],
    ...[0, 1, 2, 3].map((point) => [5, point, Number.POSITIVE_INFINITY, 1]),
  ]);
});
