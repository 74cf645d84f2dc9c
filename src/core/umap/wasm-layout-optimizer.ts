import type { Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { ONE_THREAD_BINARY } from "./layout-binaries.ts";
import { LayoutMemory, TASK_ADDRESS } from "./layout-memory.ts";
import type { LayoutOptimizer, LayoutTask } from "./layout-task.ts";
import { referenceLayoutOptimizer } from "./reference-layout-optimizer.ts";
import { bytesOfBase64, webAssembly } from "./web-assembly.ts";

/** Rows between two looks at the clock. */
const CHUNK = 4096;

/**
 * The optimisation compiled to WebAssembly with vector instructions, on the calling thread. Where the host cannot run
 * it, or the task outgrows 32-bit addresses, `referenceLayoutOptimizer` does the same more slowly.
 */
export const wasmLayoutOptimizer: LayoutOptimizer = {
  name: "wasm",
  async optimize(task: LayoutTask, work: WorkOptions): Promise<Matrix> {
    const memory = new LayoutMemory(task);
    const run = memory.fits ? start(memory) : undefined;
    if (run === undefined) return referenceLayoutOptimizer.optimize(task, work);
    const pacer = new WorkPacer(work);
    const epochs = task.learningRates.length;
    const { rows } = task.start;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let from = 0; from < rows; from += CHUNK) {
        await pacer.pause((epoch + from / rows) / epochs);
        run.optimizeRows(TASK_ADDRESS, from, Math.min(from + CHUNK, rows), epoch);
      }
    }
    pacer.finish();
    return memory.read(run.buffer());
  },
};

interface Run {
  optimizeRows(task: number, from: number, to: number, epoch: number): void;
  buffer(): ArrayBufferLike;
}

/** @returns undefined where the host has no WebAssembly, or none with vector instructions */
function start(memory: LayoutMemory): Run | undefined {
  const host = webAssembly();
  const binary = bytesOfBase64(ONE_THREAD_BINARY);
  if (host?.validate(binary) !== true) return undefined;
  const wasmMemory = new host.Memory({ initial: memory.pages });
  memory.write(wasmMemory.buffer);
  const { exports } = new host.Instance(new host.Module(binary), { env: { memory: wasmMemory } });
  return {
    optimizeRows: exports["optimizeRows"] as Run["optimizeRows"],
    buffer: () => wasmMemory.buffer,
  };
}
