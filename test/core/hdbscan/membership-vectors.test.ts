import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import type { MembershipVectors } from "../../../src/core/hdbscan/membership-vectors.ts";
import { stackRows, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { latticePoints, scatteredPoints } from "./point-sets.ts";

function rowsOf({ data, rows, cols }: MembershipVectors): Float64Array[] {
  return Array.from({ length: rows }, (_, point) => data.subarray(point * cols, (point + 1) * cols));
}

describe("membership vectors", () => {
  test("hold shares of 0 to 1 that add up to no more than 1, with duplicates and ties too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 2, max: 10 }),
        fc.constantFrom("eom", "leaf"),
        fc.boolean(),
        fc.nat(),
        async (lattice, count, minClusterSize, clusterSelectionMethod, allowSingleCluster, seed) => {
          const points = lattice ? latticePoints(count, 2, 6, seed) : scatteredPoints(count, 2, seed);
          const model = await hdbscan(points, { minClusterSize, clusterSelectionMethod, allowSingleCluster });
          const fresh = stackRows([scatteredPoints(30, 2, seed + 1), points], 2);
          for (const found of [await model.membershipVectors(), await model.membershipVectors(fresh)]) {
            expect(found.cols).toBe(model.clusterCount);
            expect(found.data).toHaveLength(found.rows * found.cols);
            for (const shares of rowsOf(found)) {
              expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
              expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("are highest in the cluster of a label", async () => {
    const points = scatteredPoints(400, 2, 2);
    const model = await hdbscan(points, { minClusterSize: 20 });
    expect(model.clusterCount).toBeGreaterThan(1);
    const highest = rowsOf(await model.membershipVectors()).map((shares) =>
      shares.indexOf(Math.max(...shares)),
    );
    const members = [...model.labels.keys()].filter((point) => model.labels[point] !== -1);
    const agreeing = members.filter((point) => highest[point] === model.labels[point]);
    expect(agreeing.length).toBeGreaterThan(0.98 * members.length);
  });

  test("give all to the cluster of an exemplar that is at the same place", async () => {
    const points = scatteredPoints(300, 2, 2);
    const model = await hdbscan(points, { minClusterSize: 20 });
    for (const [label, indices] of model.exemplars.entries()) {
      for (const shares of rowsOf(await model.membershipVectors(takeRows(points, indices)))) {
        expect(shares[label]).toBeGreaterThan(0.99);
      }
    }
  });

  test("judge each new point on its own", async () => {
    const model = await hdbscan(scatteredPoints(300, 3, 8), { minClusterSize: 10 });
    const fresh = scatteredPoints(40, 3, 9);
    const together = rowsOf(await model.membershipVectors(fresh));
    for (let point = 0; point < fresh.rows; point++) {
      const alone = await model.membershipVectors(takeRows(fresh, [point]));
      expect(alone.data).toEqual(together[point]);
    }
  });

  test("have no columns where there are no clusters", async () => {
    for (const points of [zeros(0, 2), zeros(1, 2), zeros(30, 2)]) {
      const model = await hdbscan(points);
      expect(await model.membershipVectors()).toEqual({
        data: new Float64Array(0),
        rows: points.rows,
        cols: 0,
      });
      expect(await model.membershipVectors(zeros(3, 2))).toEqual({
        data: new Float64Array(0),
        rows: 3,
        cols: 0,
      });
    }
  });

  test("refuse points of other dimensions, and stop when aborted", async () => {
    const model = await hdbscan(scatteredPoints(300, 2, 2));
    await expect(model.membershipVectors(zeros(1, 3))).rejects.toThrow(InputError);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(model.membershipVectors(undefined, { signal })).rejects.toThrow("enough");
  });
});
