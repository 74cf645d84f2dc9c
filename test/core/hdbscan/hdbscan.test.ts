import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import type { HdbscanOptions } from "../../../src/core/hdbscan/options.ts";
import { matrix, stackRows, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { canonicalLabels } from "./partitions.ts";
import { latticePoints, scatteredPoints, shuffledOrder } from "./point-sets.ts";

const anyOptions: fc.Arbitrary<HdbscanOptions> = fc.record({
  minClusterSize: fc.integer({ min: 2, max: 12 }),
  minSamples: fc.integer({ min: 1, max: 8 }),
  clusterSelectionMethod: fc.constantFrom("eom", "leaf"),
  clusterSelectionEpsilon: fc.constantFrom(0, 0.5),
  allowSingleCluster: fc.boolean(),
  maxClusterSize: fc.constantFrom(undefined, 40),
});

describe("on points without equal distances", () => {
  test("the order of the points changes nothing but the numbering", async () => {
    await fc.assert(
      fc.asyncProperty(anyOptions, fc.nat(), async (options, seed) => {
        const points = scatteredPoints(150, 2, seed);
        const order = shuffledOrder(points.rows, seed + 1);
        const model = await hdbscan(points, options);
        const shuffled = await hdbscan(takeRows(points, order), options);
        const inOrder = <T>(values: ArrayLike<T>): T[] => Array.from(order, (point) => values[point]!);
        expect(canonicalLabels(shuffled.labels)).toEqual(canonicalLabels(inOrder(model.labels)));
        expect([...shuffled.probabilities]).toEqual(inOrder(model.probabilities));
        expect([...shuffled.outlierScores]).toEqual(inOrder(model.outlierScores));
        expect([...shuffled.coreDistances]).toEqual(inOrder(model.coreDistances));
      }),
      { numRuns: 40 },
    );
  });

  // Powers of two, so that scaling rounds nothing.
  test.each([2 ** -20, 1024])("a scale of %d changes distances only", async (scale) => {
    const points = scatteredPoints(300, 3, 5);
    const scaled = matrix(
      points.data.map((value) => value * scale),
      points.rows,
      points.cols,
    );
    const model = await hdbscan(points, { minClusterSize: 8 });
    const found = await hdbscan(scaled, { minClusterSize: 8 });
    expect(model.clusterCount).toBeGreaterThan(1);
    expect([...found.labels]).toEqual([...model.labels]);
    expect([...found.probabilities]).toEqual([...model.probabilities]);
    expect([...found.persistence]).toEqual([...model.persistence]);
    expect([...found.coreDistances]).toEqual([...model.coreDistances].map((distance) => distance * scale));
  });
});

test("copies of a point stay together", async () => {
  await fc.assert(
    fc.asyncProperty(anyOptions, fc.nat(), fc.integer({ min: 2, max: 6 }), async (options, seed, copies) => {
      const once = scatteredPoints(60, 2, seed);
      const points = stackRows(new Array(copies).fill(once), once.cols);
      const { labels, probabilities } = await hdbscan(points, options);
      for (let point = once.rows; point < points.rows; point++) {
        expect(labels[point]).toBe(labels[point % once.rows]);
        expect(probabilities[point]).toBe(probabilities[point % once.rows]);
      }
    }),
    { numRuns: 60 },
  );
});

test("on a lattice of ties every value stays in its range and every cluster is large enough", async () => {
  await fc.assert(
    fc.asyncProperty(anyOptions, fc.integer({ min: 0, max: 150 }), fc.nat(), async (options, count, seed) => {
      const points = latticePoints(count, 2, 6, seed);
      const model = await hdbscan(points, options);
      const sizes = new Array(model.clusterCount).fill(0);
      for (const label of model.labels) if (label !== -1) sizes[label]++;
      // All points together may be one cluster even where they are fewer than the minimum, as in the reference.
      const least = model.selectedClusters[0] === 0 ? 1 : options.minClusterSize!;
      expect(sizes.every((size) => size >= least)).toBe(true);
      for (const values of [model.probabilities, model.outlierScores]) {
        expect([...values].every((value) => value >= 0 && value <= 1)).toBe(true);
      }
      model.labels.forEach((label, point) => {
        if (label === -1) expect(model.probabilities[point]).toBe(0);
      });
      expect(model.exemplars).toHaveLength(model.clusterCount);
      model.exemplars.forEach((indices, label) => {
        expect(indices.length).toBeGreaterThan(0);
        expect([...indices].every((point) => model.labels[point] === label)).toBe(true);
      });
      expect([...model.persistence].every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }),
    { numRuns: 80 },
  );
});

test("a limit on the size splits clusters or drops them", async () => {
  const points = scatteredPoints(400, 2, 3);
  const free = await hdbscan(points, { minClusterSize: 10 });
  const limited = await hdbscan(points, { minClusterSize: 10, maxClusterSize: 60 });
  const largest = (labels: Int32Array): number => {
    const sizes = new Map<number, number>();
    for (const label of labels) if (label !== -1) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    return Math.max(...sizes.values());
  };
  expect(largest(free.labels)).toBeGreaterThan(60);
  expect(largest(limited.labels)).toBeLessThanOrEqual(60);
});

describe("too few points and points at one place", () => {
  test("no points make an empty model", async () => {
    const model = await hdbscan(zeros(0, 3));
    expect(model.labels).toHaveLength(0);
    expect(model.clusterCount).toBe(0);
    expect(model.condensedTree.child).toHaveLength(0);
    expect(model.singleLinkageTree.left).toHaveLength(0);
    expect([...model.predict(zeros(2, 3)).labels]).toEqual([-1, -1]);
  });

  test.each([1, 2, 4])("%d points of 5 are noise", async (count) => {
    const model = await hdbscan(scatteredPoints(count, 2, 1), { minClusterSize: 5 });
    expect([...model.labels]).toEqual(new Array(count).fill(-1));
    expect([...model.probabilities]).toEqual(new Array(count).fill(0));
    expect([...model.predict(zeros(1, 2)).labels]).toEqual([-1]);
  });

  test("a single point is noise even where all may be one cluster", async () => {
    const model = await hdbscan(zeros(1, 2), { allowSingleCluster: true });
    expect([...model.labels]).toEqual([-1]);
  });

  test("identical points are noise, or one cluster where that is allowed", async () => {
    const points = zeros(500, 2);
    expect((await hdbscan(points)).clusterCount).toBe(0);
    const model = await hdbscan(points, { allowSingleCluster: true });
    expect([...model.labels]).toEqual(new Array(500).fill(0));
    expect([...model.probabilities]).toEqual(new Array(500).fill(1));
    expect([...model.outlierScores]).toEqual(new Array(500).fill(0));
    const { labels, probabilities } = model.predict(zeros(1, 2));
    expect([labels[0], probabilities[0]]).toEqual([0, 1]);
  });

  test("two heaps of identical points are two clusters", async () => {
    const points = matrix(
      Float32Array.from({ length: 40 }, (_, i) => i % 2),
      40,
      1,
    );
    const model = await hdbscan(points, { minClusterSize: 5 });
    expect([...model.labels]).toEqual(Array.from({ length: 40 }, (_, i) => i % 2));
    expect([...model.persistence]).toEqual([1, 1]);
  });
});

describe("prediction", () => {
  test("judges each point on its own", async () => {
    const model = await hdbscan(scatteredPoints(300, 3, 8), { minClusterSize: 10 });
    const fresh = scatteredPoints(60, 3, 9);
    const together = model.predict(fresh);
    expect(new Set(together.labels).size).toBeGreaterThan(2);
    for (let i = 0; i < fresh.rows; i++) {
      const alone = model.predict(takeRows(fresh, [i]));
      expect(alone.labels[0]).toBe(together.labels[i]);
      expect(alone.probabilities[0]).toBe(together.probabilities[i]);
    }
  });

  test("refuses points of other dimensions or without number", async () => {
    const model = await hdbscan(scatteredPoints(30, 3, 8));
    expect(() => model.predict(zeros(1, 2))).toThrow(InputError);
    expect(() => model.predict(matrix(Float32Array.of(0, Number.NaN, 0), 1, 3))).toThrow(InputError);
  });
});

describe("input", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d among the points", async (value) => {
    const points = matrix(Float32Array.of(0, 1, 2, value), 2, 2);
    await expect(hdbscan(points)).rejects.toThrow(/row 1, column 1/);
  });

  test.each<Record<string, unknown>>([
    { minClusterSize: 1 },
    { minClusterSize: 2.5 },
    { minSamples: 0 },
    { minSamples: Number.NaN },
    { maxClusterSize: 0 },
    { clusterSelectionEpsilon: -1 },
    { clusterSelectionEpsilon: Number.POSITIVE_INFINITY },
    { clusterSelectionMethod: "best" },
    { allowSingleCluster: "yes" },
  ])("refuses %j", async (options) => {
    const [name] = Object.keys(options);
    await expect(hdbscan(zeros(3, 1), options)).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: expect.stringContaining(name!),
    });
  });

  test("leaves the points alone", async () => {
    const points = scatteredPoints(100, 2, 4);
    const before = points.data.slice();
    (await hdbscan(points)).predict(points);
    expect(points.data).toEqual(before);
  });
});

describe("long work", () => {
  test("stops when aborted before or during it, and lets other events through", async () => {
    const points = scatteredPoints(20_000, 5, 2);
    const early = AbortSignal.abort(new Error("not even begun"));
    await expect(hdbscan(points, { signal: early })).rejects.toThrow("not even begun");
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 0);
    await expect(hdbscan(points, { signal: controller.signal })).rejects.toThrow("enough");
  });

  test("reports progress from 0 to 1 that never falls", async () => {
    const fractions: number[] = [];
    await hdbscan(scatteredPoints(20_000, 5, 2), { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual(fractions.slice().sort((a, b) => a - b));
    expect(fractions[0]).toBeGreaterThanOrEqual(0);
    expect(fractions.at(-1)).toBe(1);
  });
});
