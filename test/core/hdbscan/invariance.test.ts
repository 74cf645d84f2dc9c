import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import type { HdbscanParameters } from "../../../src/core/hdbscan/options.ts";
import { type Matrix, matrix, stackRows, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { canonicalLabels } from "./partitions.ts";
import { latticePoints, scatteredPoints, shuffledOrder } from "./point-sets.ts";

const anyParameters: fc.Arbitrary<HdbscanParameters> = fc.record({
  minClusterSize: fc.integer({ min: 2, max: 12 }),
  minSamples: fc.integer({ min: 1, max: 8 }),
  clusterSelectionMethod: fc.constantFrom("eom", "leaf"),
  clusterSelectionEpsilon: fc.constantFrom(0, 0.5),
  allowSingleCluster: fc.boolean(),
});

/** Points on a grid of 1 / 1024: differences and sums of such coordinates are exact in float32. */
function griddedPoints(count: number, seed: number): Matrix {
  const { data, rows, cols } = scatteredPoints(count, 2, seed);
  return matrix(
    data.map((value) => Math.round(value * 1024) / 1024),
    rows,
    cols,
  );
}

function mapped(points: Matrix, change: (value: number) => number): Matrix {
  return matrix(points.data.map(change), points.rows, points.cols);
}

describe("what does not change the labels", () => {
  test("a power of two as scale, epsilon scaled along", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyParameters,
        fc.nat(),
        fc.integer({ min: -20, max: 20 }),
        async (options, seed, power) => {
          const points = scatteredPoints(120, 2, seed);
          const scale = 2 ** power;
          const clusterSelectionEpsilon = options.clusterSelectionEpsilon! * scale;
          const model = await hdbscan(points, options);
          const scaled = await hdbscan(
            mapped(points, (value) => value * scale),
            { ...options, clusterSelectionEpsilon },
          );
          expect(scaled.labels).toEqual(model.labels);
          expect(scaled.probabilities).toEqual(model.probabilities);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("a translation that rounds nothing", async () => {
    const shifts = fc.integer({ min: -500, max: 500 });
    await fc.assert(
      fc.asyncProperty(anyParameters, fc.nat(), shifts, async (options, seed, shift) => {
        const points = griddedPoints(120, seed);
        const model = await hdbscan(points, options);
        const moved = await hdbscan(
          mapped(points, (value) => value + shift),
          options,
        );
        expect(moved.labels).toEqual(model.labels);
        expect(moved.probabilities).toEqual(model.probabilities);
        expect(moved.coreDistances).toEqual(model.coreDistances);
      }),
      { numRuns: 30 },
    );
  });

  test("points far away, which are noise and leave the leaves as they were", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 4 }), async (seed, far) => {
        const points = scatteredPoints(150, 2, seed);
        const outliers = matrix(
          Float32Array.from({ length: 2 * far }, (_, i) => 1000 * 3 ** (i >> 1) * (1 + (i % 2))),
          far,
          2,
        );
        const options = { minClusterSize: 6, minSamples: 5, clusterSelectionMethod: "leaf" } as const;
        const model = await hdbscan(points, options);
        fc.pre(model.clusterCount > 1);
        const { labels } = await hdbscan(stackRows([points, outliers], 2), options);
        expect(canonicalLabels(labels.subarray(0, 150))).toEqual(canonicalLabels(model.labels));
        expect([...labels.subarray(150)]).toEqual(new Array(far).fill(-1));
      }),
      { numRuns: 30 },
    );
  });
});

test("among ties, the order of the points changes neither core distances nor the heights of joins", async () => {
  await fc.assert(
    fc.asyncProperty(anyParameters, fc.nat(), async (options, seed) => {
      const points = latticePoints(100, 2, 6, seed);
      const order = shuffledOrder(points.rows, seed + 1);
      const model = await hdbscan(points, options);
      const shuffled = await hdbscan(takeRows(points, order), options);
      expect(shuffled.singleLinkageTree.distance).toEqual(model.singleLinkageTree.distance);
      expect([...shuffled.coreDistances]).toEqual(Array.from(order, (point) => model.coreDistances[point]));
    }),
    { numRuns: 30 },
  );
});

test("the order of the points does not change who is whose neighbour", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom("euclidean", "cosine"), async (seed, metric) => {
      const rng = new Rng(seed);
      const points = matrix(
        Float32Array.from({ length: 80 * 6 }, () => rng.uniform() - 0.5),
        80,
        6,
      );
      const order = shuffledOrder(80, seed + 1);
      const plain = await nearestNeighbors(points, { k: 6, metric });
      const shuffled = await nearestNeighbors(takeRows(points, order), { k: 6, metric });
      order.forEach((point, row) => {
        const own = Array.from(shuffled.indices.subarray(row * 6, row * 6 + 6), (other) => order[other]);
        expect(own).toEqual([...plain.indices.subarray(point * 6, point * 6 + 6)]);
      });
    }),
    { numRuns: 30 },
  );
});

describe("soft memberships", () => {
  test("are finite, and add up to 1 at most, for fitted and new points, ties or not", async () => {
    await fc.assert(
      fc.asyncProperty(anyParameters, fc.boolean(), fc.nat(), async (options, tied, seed) => {
        const points = tied ? latticePoints(90, 2, 6, seed) : scatteredPoints(90, 2, seed);
        const model = await hdbscan(points, options);
        for (const { data, rows, cols } of [
          await model.membershipVectors(),
          await model.membershipVectors(scatteredPoints(20, 2, seed + 1)),
        ]) {
          expect(data).toHaveLength(rows * cols);
          expect(data.every((strength) => strength >= 0 && Number.isFinite(strength))).toBe(true);
          for (let row = 0; row < rows; row++) {
            const sum = data.subarray(row * cols, (row + 1) * cols).reduce((a, b) => a + b, 0);
            expect(sum).toBeLessThanOrEqual(1 + 1e-12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each([0, 1, 2])("of %d points are none", async (count) => {
    const { rows, cols } = await (await hdbscan(zeros(count, 2))).membershipVectors();
    expect([rows, cols]).toEqual([count, 0]);
  });
});

// A point's own prediction goes by the core distance to the neighbour before, so that noise may be taken in.
test("a clustered point is predicted to be in its own cluster, if its neighbourhood is", async () => {
  const points = scatteredPoints(400, 2, 7);
  const model = await hdbscan(points, { minClusterSize: 10 });
  const { labels } = model.predict(points);
  const core = [...points.data.keys()].filter((i) => i < 400 && model.probabilities[i]! > 0.5);
  expect(model.clusterCount).toBeGreaterThan(1);
  expect(core.length).toBeGreaterThan(100);
  for (const point of core) expect(labels[point]).toBe(model.labels[point]);
});
