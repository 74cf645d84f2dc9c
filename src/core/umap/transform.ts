import { type Matrix, zeros } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { WorkOptions } from "../stages.ts";
import type { CurveParameters } from "./curve-fit.ts";
import { membershipStrengths, type SparseGraph } from "./fuzzy-graph.ts";
import { type GradientTable, gradientTable } from "./gradient-table.ts";
import { edgeSchedule, optimizeEpoch } from "./optimize-layout.ts";
import { smoothKnnDistances } from "./smooth-knn-distances.ts";
import { assertNeighbors } from "./umap.ts";
import type { FullUmapParameters } from "./umap-parameters.ts";

/** A finished layout with what shaped it. */
export interface FixedLayout {
  readonly layout: Matrix;
  readonly curve: CurveParameters;
  readonly parameters: FullUmapParameters;
}

export interface UmapTransformOptions extends WorkOptions {
  /** Only its seed counts: every point draws the same stream. */
  readonly rng: Rng;
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
  const pacer = new WorkPacer(options);
  const placed = zeros(neighbors.rows, layout.cols);
  const strengths = transformStrengths(neighbors, parameters.localConnectivity);
  const table = gradientTable(curve, parameters.repulsionStrength);
  for (let i = 0; i < neighbors.rows && neighbors.k > 0; i++) {
    await pacer.pause(i / neighbors.rows);
    const graph = rowGraph(neighbors, strengths, i);
    const place = placed.data.subarray(i * layout.cols, (i + 1) * layout.cols);
    startAtNeighbors(place, neighbors, graph, i, layout);
    optimizeRow(place, graph, fixed, table, options.rng.fork(ROW_STREAM));
  }
  pacer.finish();
  return placed;
}

/** The edges of one new point, which is vertex 0 among the heads. */
function rowGraph({ indices, k }: Neighbors, strengths: Float32Array, i: number): SparseGraph {
  const columns = indices.subarray(i * k, (i + 1) * k);
  return { size: 1, offsets: Int32Array.of(0, k), columns, weights: strengths.subarray(i * k, (i + 1) * k) };
}

/** Writes the weighted mean of the neighbours' places, or of those at distance 0 where there are any. */
function startAtNeighbors(
  place: Float32Array,
  neighbors: Neighbors,
  graph: SparseGraph,
  i: number,
  layout: Matrix,
): void {
  const { distances, k } = neighbors;
  const copies = distances[i * k] === 0;
  const mean = new Float64Array(place.length);
  let total = 0;
  for (let slot = 0; slot < k; slot++) {
    const weight = copies ? Number(distances[i * k + slot] === 0) : graph.weights[slot]!;
    const offset = graph.columns[slot]! * place.length;
    for (let d = 0; d < place.length; d++) mean[d]! += weight * layout.data[offset + d]!;
    total += weight;
  }
  // Strengths may all have underflown to 0: the nearest neighbour is then as good as any.
  const nearest = graph.columns[0]! * place.length;
  for (let d = 0; d < place.length; d++) place[d] = total > 0 ? mean[d]! / total : layout.data[nearest + d]!;
}

function optimizeRow(
  place: Float32Array,
  graph: SparseGraph,
  { layout, parameters }: FixedLayout,
  table: GradientTable,
  rng: Rng,
): void {
  const { negativeSampleRate } = parameters;
  const epochs = parameters.epochs > 0 ? Math.max(1, Math.floor(parameters.epochs / 3)) : DEFAULT_EPOCHS;
  const learningRate = parameters.learningRate / 4;
  const schedule = edgeSchedule(graph, epochs, negativeSampleRate);
  const forces = {
    heads: place,
    tails: layout.data,
    dimensions: layout.cols,
    schedule,
    negativeSampleRate,
    table,
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    optimizeEpoch(forces, epoch, learningRate * (1 - Math.max(0, epoch - 1) / epochs), rng);
  }
}
