import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InputError } from "../../../src/core/errors.ts";
import { type Matrix, matrix, row, stackRows, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../../../src/core/neighbors/neighbors.ts";
import type { StageContext, StageState } from "../../../src/core/stages.ts";
import { FuzzyGraphs } from "../../../src/core/umap/fuzzy-graphs.ts";
import { IdentityReducer } from "../../../src/core/umap/identity-reducer.ts";
import { umap } from "../../../src/core/umap/umap.ts";
import { UmapReducer } from "../../../src/core/umap/umap-reducer.ts";
import { goldenMatrix } from "../../support/golden.ts";

const context: StageContext = { rng: new Rng(7), kernels: referenceKernels };
const training = goldenMatrix("umap_500_X.npy");
const heldout = goldenMatrix("umap_500_heldout.npy");
const reducer = new UmapReducer({ dimensions: 2, epochs: 100 });

describe("umap", () => {
  it("gives the same bytes for the same seed and others for another", async () => {
    const neighbors = await nearestNeighbors(training, { k: 15 });
    const run = (seed: number) => umap(neighbors, { dimensions: 3, epochs: 30, rng: new Rng(seed) });
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).layout.data).not.toEqual(first.layout.data);
  });

  it.each([
    "spectral",
    "pca",
    "random",
  ] as const)("keeps separate components separate from a %s start", async (init) => {
    const points = blobs(new Rng(4), 9, 20, 6);
    const neighbors = await nearestNeighbors(points, { k: 8 });
    const { layout } = await umap(neighbors, { dimensions: 2, init, points, rng: new Rng(1) });
    const near = await nearestNeighbors(layout, { k: 6, metric: "euclidean" });
    const sameBlob = near.indices.reduce(
      (n, other, i) => n + Number(blobOf(other) === blobOf(Math.floor(i / 6))),
      0,
    );
    expect(sameBlob / near.indices.length).toBeGreaterThan(0.97);
  });

  it("stays finite for any few points, however degenerate", async () => {
    const cases = fc.record({
      seed: fc.integer(),
      rows: fc.integer({ min: 0, max: 20 }),
      levels: fc.integer({ min: 1, max: 3 }),
      dimensions: fc.integer({ min: 1, max: 6 }),
      init: fc.constantFrom("spectral" as const, "pca" as const, "random" as const),
      localConnectivity: fc.constantFrom(0, 1, 1.5, 30),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, rows, levels, ...options }) => {
        const rng = new Rng(seed);
        const points = matrix(
          Float32Array.from({ length: rows * 3 }, () => rng.below(levels)),
          rows,
          3,
        );
        const neighbors = await nearestNeighbors(points, { k: 15, metric: "euclidean" });
        const { layout } = await umap(neighbors, { ...options, points, epochs: 20, rng });
        expect([layout.rows, layout.cols]).toEqual([rows, options.dimensions]);
        expect(layout.data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("refuses options and neighbours that make no sense", async () => {
    const good = await nearestNeighbors(training, { k: 3 });
    const rng = new Rng(1);
    await expect(umap(good, { dimensions: 0, rng })).rejects.toThrow(/dimensions is out of range/);
    await expect(umap(good, { dimensions: 2, rng, minDist: 4 })).rejects.toThrow(InputError);
    await expect(umap(good, { dimensions: 2, rng, learningRate: Number.NaN })).rejects.toThrow(
      /learningRate/,
    );
    await expect(umap(good, { dimensions: 2, rng, init: "pca" })).rejects.toThrow(/points/);
    await expect(umap({ ...good, rows: 3 }, { dimensions: 2, rng })).rejects.toThrow(/shape/);
    const damaged: Neighbors = { ...good, indices: good.indices.map(() => 500) };
    await expect(umap(damaged, { dimensions: 2, rng })).rejects.toThrow(/damaged/);
  });

  it("stops when aborted", async () => {
    const controller = new AbortController();
    const neighbors = await nearestNeighbors(training, { k: 15 });
    const onProgress = (): void => controller.abort(new Error("enough"));
    const options = {
      dimensions: 2,
      epochs: 100_000,
      rng: new Rng(1),
      signal: controller.signal,
      onProgress,
    };
    await expect(umap(neighbors, options)).rejects.toThrow("enough");
  });
});

describe("UmapReducer", () => {
  it("fits from a larger shared graph as from its own", async () => {
    const neighbors = await nearestNeighbors(training, { k: 25 });
    const shared = await reducer.fit({ points: training, neighbors }, context);
    expect(shared.layout).toEqual((await reducer.fit({ points: training }, context)).layout);
  });

  it("places a point the same alone, in company and after a restore", async () => {
    const fitted = await reducer.fit({ points: training }, context);
    const neighbors = await nearestNeighbors(training, { k: 15, queries: heldout });
    const together = await fitted.transform({ points: heldout, neighbors }, context);
    const restored = new UmapReducer().restore(structuredClone(fitted.state()), training);
    expect(restored.layout).toEqual(fitted.layout);
    for (const i of [0, 21, 49]) {
      const points = takeRows(heldout, [i]);
      const own = await nearestNeighbors(training, { k: 15, queries: points });
      const alone = await restored.transform({ points, neighbors: own }, { ...context, rng: new Rng(7) });
      expect([...alone.data]).toEqual([...row(together, i)]);
    }
  });

  it("places training points near themselves", async () => {
    const fitted = await reducer.fit({ points: training }, context);
    const neighbors = await nearestNeighbors(training, { k: 15, queries: training });
    const placed = await fitted.transform({ points: training, neighbors }, context);
    const shifts = Array.from({ length: 500 }, (_, i) =>
      distance(row(placed, i), row(fitted.layout, i)),
    ).sort((a, b) => a - b);
    const extent = Math.max(...fitted.layout.data) - Math.min(...fitted.layout.data);
    expect(shifts[250]).toBeLessThan(extent / 20);
    expect(shifts[475]).toBeLessThan(extent / 5);
  });

  it("keeps no training vectors in its state", async () => {
    const state = (await reducer.fit({ points: training }, context)).state();
    expect(Object.keys(state.arrays)).toEqual(["layout"]);
    expect(state.arrays["layout"]).toHaveLength(1000);
    expect(JSON.parse(JSON.stringify(state.params))).toEqual(state.params);
  });

  it.each([0, 1, 2, 3, 7])("works for %i points", async (rows) => {
    const points = takeRows(training, [...new Array(rows).keys()]);
    const fitted = await new UmapReducer().fit({ points }, context);
    expect([fitted.layout.rows, fitted.layout.cols]).toEqual([rows, 5]);
    const neighbors = await nearestNeighbors(points, { k: 15, queries: heldout });
    const placed = await fitted.transform({ points: heldout, neighbors }, context);
    expect(placed.rows).toBe(50);
    expect([...fitted.layout.data, ...placed.data].every(Number.isFinite)).toBe(true);
  });

  it("places points however far without NaN", async () => {
    const points = blobs(new Rng(1), 2, 20, 3);
    const fitted = await reducer.fit({ points }, context);
    const queries = matrix(Float32Array.of(1e30, -1e30, 0, 0, 0, 0), 2, 3);
    const neighbors = await nearestNeighbors(points, { k: 15, queries, metric: "euclidean" });
    const placed = await fitted.transform({ points: queries, neighbors }, context);
    expect(placed.data.every(Number.isFinite)).toBe(true);
  });

  it("refuses missing or too few neighbours", async () => {
    const fitted = await reducer.fit({ points: training }, context);
    await expect(fitted.transform({ points: heldout }, context)).rejects.toThrow(InputError);
    const few = await nearestNeighbors(training, { k: 3 });
    await expect(reducer.fit({ points: training, neighbors: few }, context)).rejects.toThrow(/15 neighbours/);
    expect(() => new UmapReducer({ neighbors: 1 })).toThrow(/neighbors/);
    expect(() => new UmapReducer({ minDist: -1 })).toThrow(InputError);
  });

  it("refuses damaged states as such, whatever is wrong", async () => {
    const points = takeRows(training, [...new Array(30).keys()]);
    const state = (await new UmapReducer({ epochs: 5 }).fit({ points }, context)).state();
    const layout = state.arrays["layout"] as Float32Array;
    const bad: StageState[] = [
      { ...state, kind: "pca" },
      { ...state, arrays: {} },
      { ...state, arrays: { layout: Int32Array.from(layout) } },
      { ...state, arrays: { layout: layout.slice(1) } },
      { ...state, arrays: { layout: layout.map((x, i) => (i === 3 ? Number.NaN : x)) } },
      ...Object.keys(state.params).flatMap((name) =>
        [null, "many", -1, Number.NaN, 1e9].map((value) => ({
          ...state,
          params: { ...state.params, [name]: value },
        })),
      ),
    ];
    const accepted = bad.filter((damaged) => {
      try {
        new UmapReducer().restore(damaged, points);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        return false;
      }
    });
    // A null parameter that has a default means the default.
    expect(accepted.every((damaged) => Object.values(damaged.params).includes(null))).toBe(true);
    expect(() => new UmapReducer().restore(state, takeRows(points, [0]))).toThrow(FormatError);
  });
});

describe("IdentityReducer", () => {
  it("passes points through, fitted or restored", async () => {
    const identity = new IdentityReducer();
    const fitted = await identity.fit({ points: training });
    const restored = identity.restore(fitted.state(), training);
    expect(identity.neighborCount).toBe(0);
    for (const one of [fitted, restored]) {
      expect(one.layout).toBe(training);
      expect(await one.transform({ points: heldout }, context)).toBe(heldout);
    }
    expect(() => identity.restore({ ...fitted.state(), kind: "umap" }, training)).toThrow(FormatError);
  });
});

/** Clouds along separate directions, `size` points each. */
function blobs(rng: Rng, count: number, size: number, cols: number): Matrix {
  const clouds = Array.from({ length: count }, () => {
    const centre = Array.from({ length: cols }, () => 4 * rng.uniform() - 2);
    return matrix(
      Float32Array.from({ length: size * cols }, (_, i) => centre[i % cols]! + 0.05 * rng.uniform()),
      size,
      cols,
    );
  });
  return count === 0 ? zeros(0, cols) : stackRows(clouds, cols);
}

function blobOf(index: number): number {
  return Math.floor(index / 20);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((x, j) => x - b[j]!));
}

it("lays two reducers' points out from one fuzzy graph as from a graph of its own each", async () => {
  const points = blobs(new Rng(5), 9, 20, 6);
  const neighbors = await nearestNeighbors(points, { k: 10 });
  const graphs = new FuzzyGraphs();
  const layouts = async (shared: FuzzyGraphs | undefined) =>
    Promise.all(
      [5, 2].map(async (dimensions) => {
        const reducer = new UmapReducer({ neighbors: 10, dimensions, epochs: 20, graphs: shared });
        return (await reducer.fit({ points, neighbors }, { ...context, rng: new Rng(1) })).layout.data;
      }),
    );
  expect(await layouts(graphs)).toEqual(await layouts(undefined));
  expect(graphs.of(neighbors, { localConnectivity: 1, setOperationMixRatio: 1 })).toBe(
    graphs.of(neighbors, { localConnectivity: 1, setOperationMixRatio: 1 }),
  );
});
