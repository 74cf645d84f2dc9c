import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import type { DenseKernels } from "../../../src/core/math/kernels.ts";
import { type Matrix, matrix, row, stackRows, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import type { Metric, Neighbors } from "../../../src/core/neighbors/neighbors.ts";
import { onnxKernels } from "../../../src/node/onnx-kernels.ts";
import { goldenJson, goldenMatrix } from "../../support/golden.ts";

const metrics: Metric[] = ["cosine", "euclidean"];

describe("golden neighbours (umap-learn 0.5.3)", () => {
  const golden = goldenJson("umap_500.json.gz");
  const points = goldenMatrix("umap_500_X.npy");

  it("match among themselves", async () => {
    const found = await nearestNeighbors(points, { k: 15 });
    // The reference's float32 distances swap neighbours that are a rounding apart: compare the rows as sets.
    for (let i = 0; i < 500; i++) {
      expect([...rowOf(found, i)].sort(byNumber)).toEqual([...golden.knn_indices[i]].sort(byNumber));
    }
    expectClose(found.distances, golden.knn_dists.flat(), 1e-6);
  });

  it("match for held-out points", async () => {
    const found = await nearestNeighbors(points, { k: 15, queries: goldenMatrix("umap_500_heldout.npy") });
    expect([...found.indices]).toEqual(golden.heldout.knn_indices.flat());
    expectClose(found.distances, golden.heldout.knn_dists.flat(), 1e-6);
  });
});

describe("nearestNeighbors", () => {
  it("finds what sorting all distances finds, with ties, duplicates and vectors of zeros", async () => {
    await fc.assert(
      fc.asyncProperty(searches, async ({ seed, rows, cols, k, metric, blockSize }) => {
        const points = coarse(new Rng(seed), rows, cols);
        const found = await nearestNeighbors(points, { k, metric, blockSize });
        expect(found.k).toBe(Math.min(k, rows));
        const expected = bySorting(points, points, found.k, metric, true);
        expectClose(found.distances, [...expected.distances], 1e-6);
        for (let i = 0; i < rows; i++) expect(found.indices[i * found.k]).toBe(i);
        // Integer coordinates make Euclidean ties exact; cosine ties may be a rounding apart either way.
        if (metric === "euclidean") expect([...found.indices]).toEqual([...expected.indices]);
      }),
      { numRuns: 100 },
    );
  });

  it.each(
    metrics,
  )("gives the same %s neighbours whatever kernels, block size and companions", async (metric) => {
    const rng = new Rng(3);
    // Points so close together that float32 products cannot tell them apart.
    const points = normal(rng, 300, 24, 1e-4, 1);
    const queries = normal(rng, 20, 24, 1e-4, 1);
    const base = await nearestNeighbors(points, { k: 6, metric, queries });
    expect([...base.indices]).toEqual([...bySorting(queries, points, 6, metric, false).indices]);
    for (const kernels of [await onnxKernels(), shuffledKernels]) {
      expect(await nearestNeighbors(points, { k: 6, metric, queries, kernels, blockSize: 7 })).toEqual(base);
    }
    for (const alone of [0, 13]) {
      const single = await nearestNeighbors(points, { k: 6, metric, queries: takeRows(queries, [alone]) });
      expect([...single.indices]).toEqual([...base.indices.subarray(alone * 6, alone * 6 + 6)]);
      expect([...single.distances]).toEqual([...base.distances.subarray(alone * 6, alone * 6 + 6)]);
    }
  });

  it.each(
    metrics,
  )("puts each copy first in its own %s row, then the other copies by index", async (metric) => {
    const rng = new Rng(8);
    const others = normal(rng, 40, 5, 1, 0);
    const points = stackRows([others, takeRows(others, new Array(30).fill(4))], 5);
    const found = await nearestNeighbors(points, { k: 4, metric });
    expect([...rowOf(found, 69)]).toEqual([69, 4, 40, 41]);
    expect([...rowOf(found, 4)]).toEqual([4, 40, 41, 42]);
    expect([...found.distances.subarray(69 * 4)]).toEqual([0, 0, 0, 0]);
  });

  it("takes parallel vectors as equal under cosine", async () => {
    const rng = new Rng(2);
    const points = normal(rng, 30, 64, 1, 0);
    const found = await nearestNeighbors(points, {
      k: 1,
      queries: matrix(
        points.data.map((x) => x * 3.7),
        30,
        64,
      ),
    });
    expect([...found.indices]).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect([...found.distances]).toEqual(new Array(30).fill(0));
  });

  it("puts vectors of zeros at distance 0 from each other and 1 from all else", async () => {
    const points = matrix(Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0), 4, 2);
    const found = await nearestNeighbors(points, { k: 4 });
    expect([...rowOf(found, 3)]).toEqual([3, 1, 0, 2]);
    expect([...found.distances.subarray(12)]).toEqual([0, 0, 1, 1]);
  });

  it("answers far, huge and tiny coordinates exactly", async () => {
    const points = matrix(Float32Array.of(3e38, 0, 3e38, 1e30, 1e-40, 0, 0, 1e-40), 4, 2);
    for (const metric of metrics) {
      const found = await nearestNeighbors(points, { k: 2, metric, queries: points });
      expect([...found.distances].every((distance) => distance >= 0)).toBe(true);
      expect(found.distances[0]).toBe(0);
    }
    const shifted = matrix(
      Float32Array.from([0, 1, 3, 7, 15], (x) => 1e6 + x),
      5,
      1,
    );
    const found = await nearestNeighbors(shifted, { k: 2, metric: "euclidean" });
    expect([...found.distances]).toEqual([0, 1, 0, 1, 0, 2, 0, 4, 0, 8]);
  });

  it("has an answer for no and for one point", async () => {
    expect(await nearestNeighbors(zeros(0, 3), { k: 5 })).toMatchObject({ rows: 0, k: 0 });
    expect(await nearestNeighbors(zeros(0, 3), { k: 5, queries: zeros(2, 3) })).toMatchObject({
      rows: 2,
      k: 0,
    });
    expect(await nearestNeighbors(zeros(3, 3), { k: 5, queries: zeros(0, 3) })).toMatchObject({
      rows: 0,
      k: 3,
    });
    const one = await nearestNeighbors(matrix(Float32Array.of(1, 2), 1, 2), { k: 5 });
    expect(one).toEqual({ indices: Int32Array.of(0), distances: Float32Array.of(0), rows: 1, k: 1 });
  });

  it("refuses what it cannot search", async () => {
    const points = matrix(Float32Array.of(1, 2, Number.NaN, 4), 2, 2);
    const good = matrix(Float32Array.of(1, 2), 1, 2);
    await expect(nearestNeighbors(points, { k: 1 })).rejects.toThrow(/row 1, column 0/);
    await expect(nearestNeighbors(good, { k: 1, queries: points })).rejects.toThrow(InputError);
    await expect(nearestNeighbors(good, { k: 1, queries: zeros(1, 3) })).rejects.toThrow(/width/);
    await expect(nearestNeighbors(good, { k: 0 })).rejects.toThrow(/k is out of range/);
    await expect(nearestNeighbors(good, { k: 1, blockSize: 0.5 })).rejects.toThrow(/blockSize/);
    await expect(nearestNeighbors(good, { k: 1, metric: "l3" as Metric })).rejects.toThrow(
      /"cosine" or "euclidean"/,
    );
    await expect(nearestNeighbors(zeros(2, 0), { k: 1 })).rejects.toThrow(/column/);
  });

  it("stops when aborted and reports its end", async () => {
    const points = normal(new Rng(1), 50, 4, 1, 0);
    const abort = AbortSignal.abort(new Error("enough"));
    await expect(nearestNeighbors(points, { k: 3, signal: abort })).rejects.toThrow("enough");
    const fractions: number[] = [];
    await nearestNeighbors(points, { k: 3, onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
  });
});

/** Correct within float32 rounding only: adds noise of that size, as another order of summing would. */
const shuffledKernels: DenseKernels = {
  ...referenceKernels,
  name: "shuffled",
  prefersBytes: false,
  async innerProductIndex(points, bias) {
    const rng = new Rng(11);
    const noise = Float32Array.from(
      { length: points.rows },
      (_, i) => (bias?.[i] ?? 0) + (rng.uniform() - 0.5) * 1e-7,
    );
    return referenceKernels.innerProductIndex(points, noise);
  },
};

const searches = fc.record({
  seed: fc.integer(),
  rows: fc.integer({ min: 1, max: 60 }),
  cols: fc.integer({ min: 1, max: 4 }),
  k: fc.integer({ min: 1, max: 20 }),
  metric: fc.constantFrom(...metrics),
  blockSize: fc.constantFrom(undefined, 1, 7),
});

function bySorting(
  queries: Matrix,
  points: Matrix,
  k: number,
  metric: Metric,
  selfFirst: boolean,
): Neighbors {
  const indices = new Int32Array(queries.rows * k);
  const distances = new Float32Array(queries.rows * k);
  for (let query = 0; query < queries.rows; query++) {
    const ranked = Array.from({ length: points.rows }, (_, i) => ({
      i,
      distance: distanceOf(row(queries, query), row(points, i), metric),
      rank: selfFirst && i === query ? 0 : 1,
    })).sort((a, b) => a.rank - b.rank || a.distance - b.distance || a.i - b.i);
    for (let slot = 0; slot < k; slot++) {
      indices[query * k + slot] = ranked[slot]!.i;
      distances[query * k + slot] = ranked[slot]!.distance;
    }
  }
  return { indices, distances, rows: queries.rows, k };
}

function distanceOf(a: Float32Array, b: Float32Array, metric: Metric): number {
  const sum = (f: (x: number, y: number) => number): number =>
    a.reduce((total, x, j) => total + f(x, b[j]!), 0);
  if (metric === "euclidean") return Math.sqrt(sum((x, y) => (x - y) ** 2));
  const aa = a.reduce((total, x) => total + x * x, 0);
  const bb = b.reduce((total, x) => total + x * x, 0);
  if (aa === 0 || bb === 0) return aa === bb ? 0 : 1;
  return 1 - sum((x, y) => x * y) / Math.sqrt(aa * bb);
}

function rowOf(neighbors: Neighbors, index: number): Int32Array {
  return neighbors.indices.subarray(index * neighbors.k, (index + 1) * neighbors.k);
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function coarse(rng: Rng, rows: number, cols: number): Matrix {
  return matrix(
    Float32Array.from({ length: rows * cols }, () => rng.below(4) - 1),
    rows,
    cols,
  );
}

function normal(rng: Rng, rows: number, cols: number, spread: number, centre: number): Matrix {
  const draw = () => centre + spread * (rng.uniform() + rng.uniform() + rng.uniform() - 1.5);
  return matrix(Float32Array.from({ length: rows * cols }, draw), rows, cols);
}

function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - found[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}
