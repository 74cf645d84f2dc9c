import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import type { HdbscanModel } from "../../../src/core/hdbscan/hdbscan-model.ts";
import type { ClusterSelectionOptions } from "../../../src/core/hdbscan/options.ts";
import { type Matrix, zeros } from "../../../src/core/math/matrix.ts";
import { latticePoints, scatteredPoints } from "./point-sets.ts";

const selectionOptions: fc.Arbitrary<ClusterSelectionOptions> = fc.record({
  minClusterSize: fc.integer({ min: 2, max: 12 }),
  clusterSelectionMethod: fc.constantFrom("eom", "leaf"),
  clusterSelectionEpsilon: fc.constantFrom(0, 0.5),
  allowSingleCluster: fc.boolean(),
  maxClusterSize: fc.constantFrom(undefined, 40),
});

const pointSets: fc.Arbitrary<Matrix> = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 200 }), fc.nat())
  .map(([lattice, count, seed]) =>
    lattice ? latticePoints(count, 2, 8, seed) : scatteredPoints(count, 2, seed),
  );

function everythingOf(model: HdbscanModel): object {
  return Object.fromEntries(Object.entries(model).filter(([, value]) => typeof value !== "function"));
}

/** Whether each cluster of `fine` lies within one of `coarse`, so that no noise of `coarse` is in it. */
function refines(fine: Int32Array, coarse: Int32Array): boolean {
  const container = new Map<number, number>();
  return fine.every((label, point) => {
    if (label === -1) return true;
    if (!container.has(label)) container.set(label, coarse[point]!);
    return coarse[point] !== -1 && container.get(label) === coarse[point];
  });
}

function noiseOf(model: HdbscanModel): number {
  return model.labels.filter((label) => label === -1).length;
}

describe("relabelling", () => {
  test("answers as a fit with these options", async () => {
    await fc.assert(
      fc.asyncProperty(
        pointSets,
        selectionOptions,
        selectionOptions,
        fc.integer({ min: 1, max: 8 }),
        async (points, first, second, minSamples) => {
          const changes = { ...second, maxClusterSize: second.maxClusterSize ?? Number.POSITIVE_INFINITY };
          const relabelled = (await hdbscan(points, { ...first, minSamples })).relabel(changes);
          const fitted = await hdbscan(points, { ...second, minSamples });
          expect(everythingOf(relabelled)).toEqual(everythingOf(fitted));
          expect(relabelled.predict(points)).toEqual(fitted.predict(points));
          expect(await relabelled.membershipVectors()).toEqual(await fitted.membershipVectors());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("keeps what it is not told to change, and leaves the model alone", async () => {
    const model = await hdbscan(scatteredPoints(300, 2, 3), { minClusterSize: 12, minSamples: 4 });
    const before = structuredClone(everythingOf(model));
    expect(everythingOf(model.relabel({}))).toEqual(everythingOf(model));
    const leaves = model.relabel({ clusterSelectionMethod: "leaf" });
    expect(leaves.options).toEqual({ ...model.options, clusterSelectionMethod: "leaf" });
    expect(leaves.clusterCount).toBeGreaterThan(model.clusterCount);
    expect(everythingOf(model)).toEqual(before);
  });

  test.each([
    { minClusterSize: 1 },
    { clusterSelectionEpsilon: -1 },
    { maxClusterSize: 0.5 },
  ])("refuses %j", async (options) => {
    const model = await hdbscan(scatteredPoints(100, 2, 1));
    expect(() => model.relabel(options)).toThrow(InputError);
  });
});

describe("an exact number of clusters", () => {
  test("is had for every number up to the most, each refining those before it", async () => {
    await fc.assert(
      fc.asyncProperty(
        pointSets,
        fc.integer({ min: 2, max: 12 }),
        fc.constantFrom("eom", "leaf"),
        async (points, minClusterSize, clusterSelectionMethod) => {
          const model = await hdbscan(points, { minClusterSize, minSamples: 3, clusterSelectionMethod });
          const leaves = model.relabel({ clusterSelectionMethod: "leaf" });
          expect(model.maxClusterCount).toBe(leaves.clusterCount);
          let coarser: HdbscanModel | undefined;
          for (let clusterCount = 2; clusterCount <= model.maxClusterCount; clusterCount++) {
            const counted = model.relabel({ clusterCount });
            expect(counted.clusterCount).toBe(clusterCount);
            const sizes = new Array<number>(clusterCount).fill(0);
            for (const label of counted.labels) if (label !== -1) sizes[label]! += 1;
            expect(Math.min(...sizes)).toBeGreaterThanOrEqual(minClusterSize);
            expect(counted.exemplars.every((indices) => indices.length > 0)).toBe(true);
            expect(counted.persistence.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
            if (coarser !== undefined) expect(refines(counted.labels, coarser.labels)).toBe(true);
            // The leaves are the most there is, so their noise is the most there is.
            expect(noiseOf(counted)).toBeLessThanOrEqual(noiseOf(leaves));
            coarser = counted;
          }
          expect(() => model.relabel({ clusterCount: Math.max(1, model.maxClusterCount) + 1 })).toThrow(
            InputError,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("passes through what the method selects by itself, and through the leaves", async () => {
    const model = await hdbscan(scatteredPoints(600, 2, 4), { minClusterSize: 6, minSamples: 3 });
    expect(model.clusterCount).toBeGreaterThan(2);
    expect(model.maxClusterCount).toBeGreaterThan(model.clusterCount);
    const same = model.relabel({ clusterCount: model.clusterCount });
    expect(everythingOf(same)).toEqual(everythingOf(model));
    const most = model.relabel({ clusterCount: model.maxClusterCount });
    expect(most.labels).toEqual(model.relabel({ clusterSelectionMethod: "leaf" }).labels);
  });

  test("is not limited by the epsilon and the largest size of the model", async () => {
    const free = await hdbscan(scatteredPoints(400, 2, 5), { minClusterSize: 6 });
    const limited = free.relabel({ clusterSelectionEpsilon: 2, maxClusterSize: 50 });
    const clusterCount = free.maxClusterCount;
    expect(limited.relabel({ clusterCount }).labels).toEqual(free.relabel({ clusterCount }).labels);
  });

  test("may be one where that is allowed", async () => {
    const model = await hdbscan(scatteredPoints(200, 2, 6), { allowSingleCluster: true });
    expect(model.maxClusterCount).toBeGreaterThan(1);
    expect(model.relabel({ clusterCount: 1 }).selectedClusters).toEqual(Int32Array.of(0));
    const heap = await hdbscan(zeros(50, 2), { allowSingleCluster: true });
    expect(heap.relabel({ clusterCount: 1 }).labels).toEqual(heap.labels);
    expect(heap.maxClusterCount).toBe(1);
  });

  test("says the most it can give", async () => {
    const model = await hdbscan(scatteredPoints(200, 2, 6), { minClusterSize: 10 });
    const most = model.maxClusterCount;
    expect(() => model.relabel({ clusterCount: most + 1 })).toThrow(`at most ${most}, found ${most + 1}`);
    expect(() => model.relabel({ clusterCount: 2, maxClusterSize: 9 })).toThrow(/maxClusterSize/);
  });

  test.each([0, 1, 2.5, Number.NaN, -3])("refuses %d", async (clusterCount) => {
    const model = await hdbscan(scatteredPoints(200, 2, 6));
    expect(() => model.relabel({ clusterCount })).toThrow(InputError);
  });

  test("has none to give of no, one, or identical points", async () => {
    for (const points of [zeros(0, 2), zeros(1, 2), zeros(40, 2)]) {
      const model = await hdbscan(points);
      expect(model.maxClusterCount).toBe(0);
      expect(() => model.relabel({ clusterCount: 2 })).toThrow(InputError);
    }
  });
});
