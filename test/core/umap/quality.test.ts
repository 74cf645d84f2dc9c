import { expect, it } from "vitest";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { umap } from "../../../src/core/umap/umap.ts";
import { onnxKernels } from "../../../src/node/onnx-kernels.ts";
import { goldenJson, goldenMatrix } from "../../support/golden.ts";
import { trustworthiness } from "./trustworthiness.ts";

interface ReferenceRun {
  readonly dim: number;
  readonly trustworthiness15: number;
}

const SEEDS = [1, 2, 3];

it.each([
  5, 2,
])("is as trustworthy in %i dimensions as umap-learn on the CLIP-like points", async (dimensions) => {
  const points = goldenMatrix("clip_like_2000_f16.npy");
  const runs: ReferenceRun[] = goldenJson("quality_like_2000.json");
  const reference = runs.filter((run) => run.dim === dimensions).map((run) => run.trustworthiness15);
  const variance = mean(reference.map((value) => (value - mean(reference)) ** 2));
  const kernels = await onnxKernels();
  const ranking = await nearestNeighbors(points, { k: points.rows, kernels });
  const neighbors = await nearestNeighbors(points, { k: 15, kernels });
  const reached: number[] = [];
  for (const seed of SEEDS) {
    const { layout } = await umap(neighbors, { dimensions, minDist: 0, rng: new Rng(seed) });
    reached.push(await trustworthiness(ranking, layout, 15));
  }
  expect(mean(reached)).toBeGreaterThan(mean(reference) - Math.sqrt(variance));
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
