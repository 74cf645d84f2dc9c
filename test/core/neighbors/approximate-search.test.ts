import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import type { DenseKernels } from "../../../src/core/math/kernels.ts";
import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import {
  type NearestNeighborsOptions,
  nearestNeighbors,
} from "../../../src/core/neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../../../src/core/neighbors/neighbors.ts";
import { onnxKernels } from "../../../src/node/onnx-kernels.ts";

const onnx = await onnxKernels();

/** Groups that touch, with some points between them. */
function groups(rows: number, cols: number, count: number, rng: Rng): Matrix {
  const centres = Float32Array.from({ length: count * cols }, () => rng.uniform() - 0.5);
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const centre = rng.below(count) * cols;
    const spread = rng.uniform() < 0.2 ? 2 : 0.4;
    for (let j = 0; j < cols; j++) data[i * cols + j] = centres[centre + j]! + spread * (rng.uniform() - 0.5);
  }
  return matrix(data, rows, cols);
}

function recall(found: Neighbors, truth: Neighbors): number {
  let hits = 0;
  for (let i = 0; i < truth.rows; i++) {
    const own = new Set(found.indices.subarray(i * found.k, (i + 1) * found.k));
    for (let slot = 0; slot < truth.k; slot++) hits += Number(own.has(truth.indices[i * truth.k + slot]!));
  }
  return hits / truth.indices.length;
}

const approximate = (points: Matrix, options: Partial<NearestNeighborsOptions> = {}) =>
  nearestNeighbors(points, { k: 15, method: "approximate", kernels: onnx, ...options });

describe("approximate neighbours", () => {
  it.each([
    ["cosine", 0.98],
    ["euclidean", 0.98],
    ["cosine", 0.9],
  ] as const)("finds the share asked for, by %s: %d", async (metric, wanted) => {
    const points = groups(6000, 48, 40, new Rng(1));
    const truth = await nearestNeighbors(points, { k: 15, metric, kernels: onnx, method: "exact" });
    const share = recall(await approximate(points, { metric, recall: wanted }), truth);
    expect(share).toBeGreaterThan(wanted - 0.01);
    // A lower share must spare work, or there is nothing approximate about it.
    expect(share).toBeLessThan(1);
  });

  it("finds the share asked for where there is no structure at all", async () => {
    const rng = new Rng(2);
    const points = matrix(
      Float32Array.from({ length: 4000 * 24 }, () => rng.uniform() - 0.5),
      4000,
      24,
    );
    const truth = await nearestNeighbors(points, { k: 10, kernels: onnx, method: "exact" });
    expect(recall(await approximate(points, { k: 10 }), truth)).toBeGreaterThan(0.97);
  });

  it("gives exact distances, ascending, each point first in its own row", async () => {
    const points = groups(3000, 20, 12, new Rng(3));
    const found = await approximate(points, { k: 8 });
    for (let i = 0; i < 3000; i++) {
      expect(found.indices[i * 8]).toBe(i);
      const row = found.distances.subarray(i * 8, (i + 1) * 8);
      expect(Array.from(row)).toEqual(Array.from(row).sort((a, b) => a - b));
      expect(new Set(found.indices.subarray(i * 8, (i + 1) * 8)).size).toBe(8);
    }
    const queries = matrix(points.data.subarray(0, 20 * 50), 50, 20);
    const all = await nearestNeighbors(points, { k: 3000, queries, kernels: onnx });
    for (let i = 0; i < 50; i++) {
      const distanceOf = new Map(
        Array.from(all.indices.subarray(i * 3000, (i + 1) * 3000), (id, s) => [
          id,
          all.distances[i * 3000 + s],
        ]),
      );
      for (let s = 1; s < 8; s++) {
        expect(found.distances[i * 8 + s]).toBe(distanceOf.get(found.indices[i * 8 + s]!));
      }
    }
  });

  it("gives the same bytes on all kernels, and for the same seed", async () => {
    const points = groups(1500, 16, 8, new Rng(4));
    const run = (kernels: DenseKernels, seed: number) => approximate(points, { kernels, rng: new Rng(seed) });
    const first = await run(onnx, 1);
    expect(await run(onnx, 1)).toEqual(first);
    expect(await run(referenceKernels, 1)).toEqual(first);
  });

  it("keeps copies of a point together", async () => {
    const distinct = groups(700, 12, 5, new Rng(5));
    const data = new Float32Array(2100 * 12);
    for (let copy = 0; copy < 3; copy++) data.set(distinct.data, copy * 700 * 12);
    const { indices, distances } = await approximate(matrix(data, 2100, 12), { k: 5 });
    for (let i = 0; i < 2100; i++) {
      expect(Array.from(indices.subarray(i * 5, i * 5 + 3), (id) => id % 700)).toEqual(
        Array(3).fill(i % 700),
      );
      expect(Array.from(distances.subarray(i * 5, i * 5 + 3))).toEqual([0, 0, 0]);
    }
  });

  it("fills every row of few points, however alike and however many neighbours are wanted", async () => {
    const cases = fc.record({
      seed: fc.integer(),
      rows: fc.integer({ min: 0, max: 40 }),
      cols: fc.integer({ min: 1, max: 6 }),
      levels: fc.integer({ min: 1, max: 3 }),
      k: fc.integer({ min: 1, max: 60 }),
      metric: fc.constantFrom("cosine" as const, "euclidean" as const),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, rows, cols, levels, ...options }) => {
        const rng = new Rng(seed);
        const points = matrix(
          Float32Array.from({ length: rows * cols }, () => rng.below(levels) - 1),
          rows,
          cols,
        );
        const found = await approximate(points, { ...options, kernels: referenceKernels });
        expect(found.k).toBe(Math.min(options.k, rows));
        for (let i = 0; i < rows; i++) {
          const own = found.indices.subarray(i * found.k, (i + 1) * found.k);
          expect(own[0]).toBe(i);
          expect(new Set(own).size).toBe(found.k);
        }
      }),
    );
  });

  it("can be stopped, and reports progress that only rises", async () => {
    const points = groups(12_000, 128, 20, new Rng(6));
    const seen: number[] = [];
    await approximate(points, { onProgress: (fraction) => seen.push(fraction) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const controller = new AbortController();
    const stopped = approximate(points, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
  });

  it("refuses a method or a share that does not exist", async () => {
    const points = groups(20, 4, 2, new Rng(7));
    for (const options of [
      { method: "quick" as never },
      { recall: 0 },
      { recall: 1.1 },
      { recall: Number.NaN },
    ]) {
      await expect(nearestNeighbors(points, { k: 3, ...options })).rejects.toThrow(InputError);
    }
  });
});
