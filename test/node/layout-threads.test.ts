import { expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { Rng } from "../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../src/core/neighbors/nearest-neighbors.ts";
import { umap } from "../../src/core/umap/umap.ts";
import { wasmLayoutOptimizer } from "../../src/core/umap/wasm-layout-optimizer.ts";
import { threadedLayoutOptimizer } from "../../src/node/layout-threads.ts";
import { onnxKernels } from "../../src/node/onnx-kernels.ts";
import { goldenMatrix } from "../support/golden.ts";
import { describeLayoutOptimizer } from "../support/layout-optimizer-conformance.ts";

describeLayoutOptimizer(threadedLayoutOptimizer({ threads: 2 }), { runs: 10 });

it("lays points out the same with one, two, three and seven threads", async () => {
  const points = goldenMatrix("clip_hard_2000_f16.npy");
  const neighbors = await nearestNeighbors(points, { k: 15, kernels: await onnxKernels() });
  const layOut = (threads: number) => {
    const optimizer = threads === 0 ? wasmLayoutOptimizer : threadedLayoutOptimizer({ threads });
    return umap(neighbors, { dimensions: 5, epochs: 150, rng: new Rng(3), optimizer });
  };
  const { layout } = await layOut(0);
  for (const threads of [1, 2, 3, 7]) {
    expect(new Int32Array((await layOut(threads)).layout.data.buffer)).toEqual(
      new Int32Array(layout.data.buffer),
    );
  }
});

it("refuses a number of threads that makes no sense", () => {
  for (const threads of [0, -1, 1.5, Number.NaN]) {
    expect(() => threadedLayoutOptimizer({ threads })).toThrow(InputError);
  }
});
