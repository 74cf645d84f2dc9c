import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/math/matrix.ts";
import type { WorkOptions } from "../core/stages.ts";
import { THREADS_BINARY } from "../core/umap/layout-binaries.ts";
import { FINISHED_WORD, LayoutMemory, STOP_WORD, TASK_ADDRESS } from "../core/umap/layout-memory.ts";
import type { LayoutOptimizer, LayoutTask } from "../core/umap/layout-task.ts";
import { wasmLayoutOptimizer } from "../core/umap/wasm-layout-optimizer.ts";
import { bytesOfBase64, webAssembly } from "../core/umap/web-assembly.ts";

export interface LayoutThreadsOptions {
  /** Threads that share the rows; default: as many as the machine runs at once. The result does not depend on it. */
  readonly threads?: number | undefined;
}

/** Rows moved in all epochs together, below which threads take longer to start than they save. */
const WORTH_THREADS = 200_000;

const PROGRESS_MILLISECONDS = 100;

/**
 * A thread's whole program. It comes as text, because TypeScript cannot tell where a file of its own will lie once it is built.
 * The epochs are counted here and not in the compiled code, since engines improve a function between its calls only.
 */
const THREAD_PROGRAM = `
const { module, memory, task, from, to, epochs, threads } = require("node:worker_threads").workerData;
const { optimizeRows, awaitOthers } = new WebAssembly.Instance(module, { env: { memory } }).exports;
for (let epoch = 0; epoch < epochs; epoch++) {
  optimizeRows(task, from, to, epoch);
  if (awaitOthers(task, epoch, threads) === 0) break;
}`;

/**
 * `wasmLayoutOptimizer` on several threads over one shared memory: each owns a range of rows, and all keep step, epoch by
 * epoch. Small layouts, those too large for one memory, and all where threads cannot be started (a process without
 * permission or memory for them) are left to `wasmLayoutOptimizer`, whose places are the same.
 *
 * @throws InputError when `threads` is no integer from 1
 */
export function threadedLayoutOptimizer(options: LayoutThreadsOptions = {}): LayoutOptimizer {
  const { threads = availableParallelism() } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    const details = { expected: "an integer from 1", found: `${threads}` };
    throw new InputError("threads is out of range", details, "BAD_OPTION");
  }
  return {
    name: `wasm, ${threads} threads`,
    optimize: async (task, work) => {
      const moves = task.start.rows * task.learningRates.length;
      const shared = threads === 1 || moves < WORTH_THREADS ? undefined : sharedLayout(task);
      const layout = shared && (await optimizeOnThreads(task, shared, threads, work));
      return layout ?? wasmLayoutOptimizer.optimize(task, work);
    },
  };
}

interface SharedLayout {
  readonly layout: LayoutMemory;
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly module: object;
}

/** @returns undefined where the host has no shared memory, or too little, or the task outgrows it */
function sharedLayout(task: LayoutTask): SharedLayout | undefined {
  const host = webAssembly();
  const layout = new LayoutMemory(task);
  if (host === undefined || !layout.fits) return undefined;
  try {
    const module = new host.Module(bytesOfBase64(THREADS_BINARY));
    const memory = new host.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
    return { layout, memory, module };
  } catch {
    return undefined;
  }
}

/** @returns undefined where a thread could not be started */
async function optimizeOnThreads(
  task: LayoutTask,
  { layout, memory, module }: SharedLayout,
  threads: number,
  work: WorkOptions,
): Promise<Matrix | undefined> {
  work.signal?.throwIfAborted();
  layout.write(memory.buffer);
  const words = new Int32Array(memory.buffer, TASK_ADDRESS);
  const stop = (): void => {
    Atomics.store(words, STOP_WORD, 1);
    Atomics.notify(words, FINISHED_WORD);
  };
  const epochs = task.learningRates.length;
  const finished = (): number => Atomics.load(words, FINISHED_WORD);
  const report = (): void => work.onProgress?.(finished() / epochs);
  const timer = setInterval(report, PROGRESS_MILLISECONDS);
  work.signal?.addEventListener("abort", stop);
  const shared = { module, memory, task: TASK_ADDRESS, epochs, threads };
  const runs = evenRanges(task.schedule.offsets, threads).map((range) => runThread({ ...shared, ...range }));
  // A thread that ended early, however it did, would be waited for by the others.
  const ends = await Promise.allSettled(runs.map((run) => run.finally(() => finished() < epochs && stop())));
  clearInterval(timer);
  work.signal?.removeEventListener("abort", stop);
  work.signal?.throwIfAborted();
  // As all keep step, not one epoch ends without all threads.
  if (finished() === 0) return undefined;
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  if (finished() < epochs) throw new Error("A layout thread was ended.");
  work.onProgress?.(1);
  return layout.read(memory.buffer);
}

/** Rejects also where the thread cannot be made at all. */
function runThread(workerData: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD_PROGRAM, { eval: true, workerData });
    worker.once("error", reject);
    worker.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`A layout thread ended with code ${code}.`)),
    );
  });
}

/** Row ranges with about the same number of edges each: pulls and pushes go by edges. */
function evenRanges(offsets: Int32Array, count: number): { readonly from: number; readonly to: number }[] {
  const rows = offsets.length - 1;
  const bounds = Array.from({ length: count + 1 }, (_, i) => {
    const wanted = (offsets[rows]! / count) * i;
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  bounds[count] = rows;
  return bounds.slice(1).map((to, i) => ({ from: bounds[i]!, to }));
}
