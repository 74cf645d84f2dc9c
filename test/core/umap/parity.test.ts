import { describe, expect, it } from "vitest";
import { Rng } from "../../../src/core/math/rng.ts";
import { WorkPacer } from "../../../src/core/math/work-pacer.ts";
import type { Neighbors } from "../../../src/core/neighbors/neighbors.ts";
import { fitCurve } from "../../../src/core/umap/curve-fit.ts";
import { fuzzyGraph, membershipStrengths } from "../../../src/core/umap/fuzzy-graph.ts";
import { smoothKnnDistances } from "../../../src/core/umap/smooth-knn-distances.ts";
import { spectralInit } from "../../../src/core/umap/spectral-init.ts";
import { transformStrengths } from "../../../src/core/umap/transform.ts";
import { goldenJson } from "../../support/golden.ts";

const TOLERANCE = 1e-5;
const golden = goldenJson("umap_500.json.gz");
const neighbors = toNeighbors(golden.knn_indices, golden.knn_dists);
const heldout = toNeighbors(golden.heldout.knn_indices, golden.heldout.knn_dists);

describe("parity with umap-learn 0.5.3", () => {
  it("rho and sigma", () => {
    const { rhos, sigmas } = smoothKnnDistances(neighbors);
    expect(worst(rhos, golden.rhos)).toBeLessThan(TOLERANCE);
    expect(worst(sigmas, golden.sigmas)).toBeLessThan(TOLERANCE);
  });

  it("strengths of the directed edges", () => {
    const strengths = membershipStrengths(neighbors, smoothKnnDistances(neighbors));
    const { rows, cols, vals } = golden.directed;
    const expected = vals.map((value: number, e: number) => (rows[e] === cols[e] ? 1 : value));
    expect([...neighbors.indices]).toEqual(cols);
    expect(worst(strengths, expected)).toBeLessThan(TOLERANCE);
  });

  it("the symmetric graph", () => {
    const graph = fuzzyGraph(neighbors);
    expect([...graph.columns]).toEqual(golden.graph.col);
    const rows = golden.graph.row.map((row: number) => row);
    expect([...graph.columns.keys()].map((e) => rowOfEntry(graph.offsets, e))).toEqual(rows);
    expect(worst(graph.weights, golden.graph.val)).toBeLessThan(TOLERANCE);
  });

  it("the graph of mix ratio 0.5", () => {
    const { weights } = fuzzyGraph(neighbors, { setOperationMixRatio: 0.5 });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    expect(Math.abs(sum / golden.graph_mix_ratio_half_sum - 1)).toBeLessThan(TOLERANCE);
  });

  it("sigmas and strengths of held-out points", () => {
    const { rhos, sigmas } = smoothKnnDistances(heldout, { localConnectivity: 0, meanOver: "row" });
    expect(worst(rhos, golden.heldout.rhos)).toBeLessThan(TOLERANCE);
    expect(worst(sigmas, golden.heldout.sigmas)).toBeLessThan(TOLERANCE);
    expect([...heldout.indices]).toEqual(golden.heldout.cols);
    expect(worst(transformStrengths(heldout, 1), golden.heldout.vals)).toBeLessThan(TOLERANCE);
  });

  it.each(
    Object.entries(goldenJson("umap_ab.json") as Record<string, [number, number]>),
  )("a and b for %s", (name, ab) => {
    const [minDist, spread] = name.split(",").map((part) => Number(part.split("=")[1]));
    const { a, b } = fitCurve(minDist!, spread!);
    expect(worst([a, b], ab)).toBeLessThan(TOLERANCE);
  });

  it("the span of the spectral layout", async () => {
    const layout = await spectralInit(fuzzyGraph(neighbors), 5, new Rng(1), new WorkPacer({}));
    const columns = (rows: ArrayLike<number>): Float64Array[] =>
      Array.from({ length: 5 }, (_, d) => Float64Array.from({ length: 500 }, (_, i) => rows[i * 5 + d]!));
    const ours = columns(layout!);
    // Eigenvectors are the same up to sign and, within the tolerance, rotation: each of theirs lies in the span of ours.
    for (const theirs of columns(golden.spectral_layout_5d_seed42.flat())) {
      const length = theirs.reduce((sum, x) => sum + x * x, 0);
      const inside = ours.reduce(
        (sum, vector) => sum + vector.reduce((s, x, i) => s + x * theirs[i]!, 0) ** 2,
        0,
      );
      expect(inside / length).toBeGreaterThan(0.999);
    }
  });
});

function toNeighbors(indices: number[][], distances: number[][]): Neighbors {
  const shape = { rows: indices.length, k: indices[0]!.length };
  return {
    indices: Int32Array.from(indices.flat()),
    distances: Float32Array.from(distances.flat()),
    ...shape,
  };
}

function rowOfEntry(offsets: Int32Array, entry: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= entry) low = middle;
    else high = middle;
  }
  return low;
}

function worst(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return expected.reduce((max, value, i) => Math.max(max, Math.abs(value - found[i]!)), 0);
}
