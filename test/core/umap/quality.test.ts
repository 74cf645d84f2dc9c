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

it.each([5, 2])(
  "is as trustworthy in %i dimensions as umap-learn on the CLIP-like points",
  async (dimensions) => {
    const points = goldenMatrix("clip_like_2000_f16.npy");
    const runs: ReferenceRun[] = goldenJson("quality_like_2000.json");
    const reference = runs.filter((run) => run.dim === dimensions).map((run) => run.trustworthiness15);
    const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
    const variance = reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (reference.length - 1);
    const neighbors = await nearestNeighbors(points, { k: 15, kernels: await onnxKernels() });
    const { layout } = await umap(neighbors, { dimensions, minDist: 0, rng: new Rng(1) });
    expect(await trustworthiness(points, layout, 15, "cosine")).toBeGreaterThan(mean - Math.sqrt(variance));
  },
);
