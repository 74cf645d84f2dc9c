import fc from "fast-check";
import { expect, test } from "vitest";
import { buildKdTree, findNearest, searchStack } from "../../../src/core/hdbscan/kd-tree.ts";
import { BoundedHeap } from "../../../src/core/math/bounded-heap.ts";
import type { Matrix } from "../../../src/core/math/matrix.ts";
import { allDistances, latticePoints, scatteredPoints } from "./point-sets.ts";

function nearestByTree(points: Matrix, query: number, k: number): number[] {
  const heap = new BoundedHeap(k);
  findNearest(buildKdTree(points), Float64Array.from(points.data), query * points.cols, heap, searchStack());
  heap.sort();
  return [...heap.ids];
}

function nearestByScan(points: Matrix, query: number, k: number): number[] {
  const distances = allDistances(points).subarray(query * points.rows, (query + 1) * points.rows);
  return [...distances.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b).slice(0, k);
}

test("finds the nearest points, the lower index where they are equally near", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (count, dims, lattice, seed, k, query) => {
        const points = lattice ? latticePoints(count, dims, 4, seed) : scatteredPoints(count, dims, seed);
        const [row, neighbors] = [query % count, 1 + (k % count)];
        expect(nearestByTree(points, row, neighbors)).toEqual(nearestByScan(points, row, neighbors));
      },
    ),
    { numRuns: 150 },
  );
});

test("halves points that are all alike", () => {
  const tree = buildKdTree(latticePoints(3000, 2, 1, 1));
  const leaves = [...tree.rights.subarray(0, tree.nodeCount)].flatMap((right, node) =>
    right === 0 ? [node] : [],
  );
  expect(Math.max(...leaves.map((leaf) => tree.ends[leaf]! - tree.starts[leaf]!))).toBeLessThanOrEqual(12);
});
