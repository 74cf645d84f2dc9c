import { type Matrix, row, zeros } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { WorkOptions } from "../stages.ts";
import type { CurveParameters } from "./curve-fit.ts";
import { membershipStrengths, type SparseGraph } from "./fuzzy-graph.ts";
import { decayingRates, type LayoutOptimizer } from "./layout-task.ts";
import { pullSchedule } from "./pull-schedule.ts";
import { smoothKnnDistances } from "./smooth-knn-distances.ts";
import { assertNeighbors } from "./umap.ts";
import type { FullUmapParameters } from "./umap-parameters.ts";
import { wasmLayoutOptimizer } from "./wasm-layout-optimizer.ts";

/** A finished layout with what shaped it. */
export interface FixedLayout {
  readonly layout: Matrix;
  readonly curve: CurveParameters;
  readonly parameters: FullUmapParameters;
}

export interface UmapTransformOptions extends WorkOptions {
  /** Only its seed counts: every point draws the same stream. */
  readonly rng: Rng;
  /** Moves the points; default `wasmLayoutOptimizer`. The result does not depend on the choice. */
  readonly optimizer?: LayoutOptimizer | undefined;
}

/** Epochs where none were asked for; the reference takes 30 for more than 10,000 new points. */
const DEFAULT_EPOCHS = 100;
/** Stream of the generator that every new point starts from anew. */
const ROW_STREAM = 0x7a95;

/**
 * Strengths of new points' neighbours in the training layout (umap-learn 0.5.3, `UMAP.transform`): no
 * neighbour is assumed fully connected unless local connectivity exceeds 1.
 *
 * @returns rows x k, 0 to 1
 */
export function transformStrengths(neighbors: Neighbors, localConnectivity: number): Float32Array {
  const options = { localConnectivity: Math.max(0, localConnectivity - 1), meanOver: "row" } as const;
  return membershipStrengths(neighbors, smoothKnnDistances(neighbors, options));
}

/**
 * Places new points in a finished layout: first at the mean of their neighbours' places, weighted by
 * strength, then optimised with the training points fixed (umap-learn 0.5.3, `UMAP.transform`). Each
 * point is placed on its own, from the same random stream. Deviations: a point at distance 0 from training
 * points starts at their mean; thresholds and periods of sampling are set per point, not over the call.
 *
 * @param neighbors of the new points among the training points
 * @returns rows x dimensions, finite; zeros when there were no training points
 * @throws InputError for indices beyond the training points
 */
export async function umapTransform(
  neighbors: Neighbors,
  fixed: FixedLayout,
  options: UmapTransformOptions,
): Promise<Matrix> {
  const { layout, curve, parameters } = fixed;
  assertNeighbors(neighbors, layout.rows);
  const graph = transformGraph(neighbors, parameters.localConnectivity);
  const start = startAtNeighbors(neighbors, graph, layout);
  if (layout.rows === 0) return start;
  const epochs = parameters.epochs > 0 ? Math.max(1, Math.floor(parameters.epochs / 3)) : DEFAULT_EPOCHS;
  const { optimizer = wasmLayoutOptimizer } = options;
  const task = {
    start,
    fixed: layout,
    schedule: pullSchedule(graph, { epochs, relativeTo: "row" }),
    curve,
    repulsionStrength: parameters.repulsionStrength,
    negativeSampleRate: parameters.negativeSampleRate,
    learningRates: decayingRates(parameters.learningRate / 4, epochs),
    seed: options.rng.fork(ROW_STREAM).nextInt32(),
  };
  return optimizer.optimize(task, options);
}

function transformGraph(neighbors: Neighbors, localConnectivity: number): SparseGraph {
  const { rows, k, indices } = neighbors;
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * k);
  return { size: rows, offsets, columns: indices, weights: transformStrengths(neighbors, localConnectivity) };
}

/** The weighted mean of each new point's neighbours' places, or of those at distance 0 where there are any. */
function startAtNeighbors(neighbors: Neighbors, { weights }: SparseGraph, layout: Matrix): Matrix {
  const { rows, k, indices, distances } = neighbors;
  const start = zeros(rows, layout.cols);
  const mean = new Float64Array(layout.cols);
  for (let i = 0; i < rows && k > 0; i++) {
    const copies = distances[i * k] === 0;
    let total = 0;
    mean.fill(0);
    for (let slot = i * k; slot < (i + 1) * k; slot++) {
      const weight = copies ? Number(distances[slot] === 0) : weights[slot]!;
      const offset = indices[slot]! * layout.cols;
      for (let d = 0; d < layout.cols; d++) mean[d]! += weight * layout.data[offset + d]!;
      total += weight;
    }
    // Strengths may all have underflown to 0: the nearest neighbour is then as good as any.
    const nearest = row(layout, indices[i * k]!);
    row(start, i).set(total > 0 ? mean.map((sum) => sum / total) : nearest);
  }
  return start;
}
