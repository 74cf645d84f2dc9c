import type { Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import { LayoutGradient } from "./layout-gradient.ts";
import { curveConstants, pad, paddedWidth, pullFactor, rowStride, unpad } from "./layout-memory.ts";
import type { LayoutOptimizer, LayoutTask } from "./layout-task.ts";
import { optimizeRows } from "./optimize-rows.ts";

/** Rows between two looks at the clock. */
const CHUNK = 1024;

/** The optimisation in plain TypeScript, for every host, and what compiled implementations are tested against. */
export const referenceLayoutOptimizer: LayoutOptimizer = {
  name: "reference",
  async optimize(task: LayoutTask, work): Promise<Matrix> {
    const { start, fixed, learningRates, schedule, negativeSampleRate, seed } = task;
    const stride = paddedWidth(start.cols);
    const padded = (points: Matrix): Float32Array => {
      const places = new Float32Array(points.rows * stride);
      pad(points, places, stride);
      return places;
    };
    const pacer = new WorkPacer(work);
    const still = fixed === undefined ? undefined : padded(fixed);
    const gradient = new LayoutGradient(curveConstants(task));
    const shared = { stride, schedule, gradient, negativeSampleRate, seed };
    const factors = { pullFactor: pullFactor(task), rowStride: rowStride(task) };
    let heads: Float32Array = padded(start);
    let next: Float32Array = new Float32Array(heads.length);
    for (let epoch = 0; epoch < learningRates.length; epoch++) {
      const learningRate = learningRates[epoch]!;
      const step = { ...shared, ...factors, heads, next, tails: still ?? heads, learningRate, epoch };
      for (let from = 0; from < start.rows; from += CHUNK) {
        await pacer.pause((epoch + from / start.rows) / learningRates.length);
        optimizeRows(step, from, Math.min(from + CHUNK, start.rows));
      }
      [heads, next] = [next, heads];
    }
    pacer.finish();
    return unpad(heads, start.rows, start.cols, stride);
  },
};
