import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { Rng } from "../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../src/core/neighbors/nearest-neighbors.ts";
import { umap } from "../../src/core/umap/umap.ts";
import { wasmLayoutOptimizer } from "../../src/core/umap/wasm-layout-optimizer.ts";
import { threadedLayoutOptimizer } from "../../src/node/layout-threads.ts";
import { onnxKernels } from "../../src/node/onnx-kernels.ts";
import { goldenMatrix } from "../support/golden.ts";
import { describeLayoutOptimizer } from "../support/layout-optimizer-conformance.ts";
import { longTask } from "../support/layout-tasks.ts";

const started: Worker[] = [];
const count = (worker: Worker): void => {
  started.push(worker);
};
beforeEach(() => {
  started.length = 0;
  process.on("worker", count);
});
afterEach(() => {
  process.off("worker", count);
});

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

it("starts as many threads as it is told for large layouts, even more than rows, and none for small ones", async () => {
  const task = await longTask();
  const expected = await wasmLayoutOptimizer.optimize(task, {});
  expect(await threadedLayoutOptimizer({ threads: 7 }).optimize(task, {})).toEqual(expected);
  expect(started).toHaveLength(7);
  await threadedLayoutOptimizer({ threads: 7 }).optimize({ ...task, learningRates: new Float32Array(9) }, {});
  expect(started).toHaveLength(7);
});

describe("where threads cannot be started", () => {
  it("gives the same places when one of them dies at once", async () => {
    const task = await longTask();
    const expected = await wasmLayoutOptimizer.optimize(task, {});
    const endSecond = (worker: Worker): void => {
      if (started.length === 2) void worker.terminate();
    };
    process.on("worker", endSecond);
    const fractions: number[] = [];
    const onProgress = (fraction: number): number => fractions.push(fraction);
    const found = await threadedLayoutOptimizer({ threads: 3 }).optimize(task, { onProgress });
    process.off("worker", endSecond);
    expect(started).toHaveLength(3);
    expect(found).toEqual(expected);
    expect(fractions).toEqual(fractions.slice().sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it("gives the same places in a process that may not start any", async () => {
    const task = await longTask();
    const { data } = await wasmLayoutOptimizer.optimize(task, {});
    const dist = fileURLToPath(new URL("../../dist", import.meta.url));
    const folder = await mkdtemp(path.join(dist, ".threads-test-"));
    try {
      const program = path.join(folder, "program.mjs");
      const input = fileURLToPath(new URL("./layout-without-threads.ts", import.meta.url));
      const bundle = await rolldown({ input, platform: "node", logLevel: "silent" });
      await bundle.write({ file: program, format: "esm" });
      await bundle.close();
      const permission = process.allowedNodeEnvironmentFlags.has("--permission")
        ? "--permission"
        : "--experimental-permission";
      const run = promisify(execFile);
      const found = await run(process.execPath, [permission, "--allow-fs-read=*", program]);
      const { refusal, bits } = JSON.parse(found.stdout);
      expect(refusal).toBe("ERR_ACCESS_DENIED");
      expect(Int32Array.from(bits)).toEqual(new Int32Array(data.buffer));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

it("refuses a number of threads that makes no sense", () => {
  for (const threads of [0, -1, 1.5, Number.NaN]) {
    expect(() => threadedLayoutOptimizer({ threads })).toThrow(InputError);
  }
});
