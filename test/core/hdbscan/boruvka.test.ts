import fc from "fast-check";
import { expect, test } from "vitest";
import { densityHierarchy } from "../../../src/core/hdbscan/density-hierarchy.ts";
import type { Matrix } from "../../../src/core/math/matrix.ts";
import { allDistances, latticePoints, scatteredPoints } from "./point-sets.ts";

/** Edge weights of the minimum spanning tree by Prim's algorithm on the full matrix, ascending. */
function primWeights(points: Matrix, minSamples: number): { core: number[]; weights: number[] } {
  const { rows } = points;
  const distances = allDistances(points);
  const core = Array.from({ length: rows }, (_, i) => {
    // The first is the point itself.
    return [...distances.subarray(i * rows, (i + 1) * rows)].sort((a, b) => a - b)[
      Math.min(minSamples, rows - 1)
    ]!;
  });
  const reach = new Array<number>(rows).fill(Number.POSITIVE_INFINITY);
  const weights: number[] = [];
  const outside = new Set(reach.keys());
  for (let last = 0; outside.delete(last) && outside.size > 0; ) {
    let next = -1;
    for (const point of outside) {
      reach[point] = Math.min(
        reach[point]!,
        Math.max(distances[last * rows + point]!, core[last]!, core[point]!),
      );
      if (next === -1 || reach[point]! < reach[next]!) next = point;
    }
    weights.push(reach[next]!);
    last = next;
  }
  return { core, weights: weights.sort((a, b) => a - b) };
}

test("core distances and spanning tree are those of the full distance matrix, with and without ties", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 120 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      fc.nat(),
      async (count, dims, minSamples, lattice, seed) => {
        const points = lattice ? latticePoints(count, dims, 5, seed) : scatteredPoints(count, dims, seed);
        const found = await densityHierarchy(points, minSamples);
        const expected = primWeights(points, minSamples);
        expect([...found.coreDistances]).toEqual(expected.core);
        expect([...found.singleLinkageTree.distance]).toEqual(expected.weights);
      },
    ),
    { numRuns: 100 },
  );
});

test("points without dimensions are all at one place", async () => {
  const { singleLinkageTree } = await densityHierarchy({ data: new Float32Array(0), rows: 40, cols: 0 }, 5);
  expect([...singleLinkageTree.distance]).toEqual(new Array(39).fill(0));
  expect(singleLinkageTree.size.at(-1)).toBe(40);
});
