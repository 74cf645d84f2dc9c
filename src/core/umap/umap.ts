import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { Metric, Neighbors } from "../neighbors/neighbors.ts";
import type { WorkOptions } from "../stages.ts";
import { type CurveParameters, fitCurve } from "./curve-fit.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import { FuzzyGraphs } from "./fuzzy-graphs.ts";
import { initialLayout, type LayoutInit } from "./initial-layout.ts";
import { decayingRates, type LayoutOptimizer } from "./layout-task.ts";
import { pullSchedule } from "./pull-schedule.ts";
import { fullUmapParameters, type UmapParameters } from "./umap-parameters.ts";
import { wasmLayoutOptimizer } from "./wasm-layout-optimizer.ts";

export interface UmapOptions extends UmapParameters, WorkOptions {
  /** Where all chance comes from; default `new Rng(42)`. */
  readonly rng?: Rng | undefined;
  /** Where points start; default `"spectral"`, which falls back to `"pca"` (given points) or `"random"` where it does not converge. */
  readonly init?: LayoutInit | undefined;
  /** Neighbours per point, the point itself included, at least 2; default 15. Only for points: given neighbours all count. */
  readonly neighbors?: number | undefined;
  /** Of the points; default `"cosine"`. */
  readonly metric?: Metric | undefined;
  /** Speed up the search for neighbours; default `referenceKernels`. The result does not depend on the choice. */
  readonly kernels?: DenseKernels | undefined;
  /** Moves the points; default `wasmLayoutOptimizer`. The result does not depend on the choice. */
  readonly optimizer?: LayoutOptimizer | undefined;
  /** The points behind given neighbours, rows x any; needed for `"pca"` only. */
  readonly points?: Matrix | undefined;
  /** Where several layouts of the same neighbours are made: shares their fuzzy graph. */
  readonly graphs?: FuzzyGraphs | undefined;
}

export interface UmapResult extends CurveParameters {
  /** rows x dimensions, finite. */
  readonly layout: Matrix;
  /** The symmetric fuzzy graph that the layout draws. */
  readonly graph: SparseGraph;
}

/** Small collections need more epochs to come to rest, and can afford them. */
const SMALL_COLLECTION = 10_000;
const SMALL_EPOCHS = 300;
const LARGE_EPOCHS = 200;
/** Maps, to be looked at, come to rest sooner than layouts whose density counts; docs/clustering.md has figures. */
const MAP_DIMENSIONS = 2;
const SMALL_MAP_EPOCHS = 200;
const LARGE_MAP_EPOCHS = 120;

/** The parts of the whole time, roughly. */
const NEIGHBORS_SHARE = 0.5;
const START_SHARE = 0.3;

/**
 * UMAP (McInnes, Healy and Melville 2018); follows umap-learn 0.5.3. The same input, options and seed give the
 * same layout to the last bit: on every engine and processor, with one thread or many. Deviations: points move all at once
 * in each epoch (`optimizeRows`), step sizes fall faster (`decayingRates`) over fewer epochs, gradients are
 * rounded to float32, and the spectral start is our own.
 *
 * @param input points, rows x any, or the neighbours of points among themselves, each point in its own row, as
 * `nearestNeighbors` gives them
 * @throws InputError for options out of range, values not finite, neighbours that are no indices of rows, or `"pca"`
 * without points
 */
export async function umap(input: Matrix | Neighbors, options: UmapOptions): Promise<UmapResult> {
  if ("indices" in input) return layOut(input, options.points, options);
  const { onProgress } = options;
  const neighbors = await nearestNeighbors(input, {
    k: neighborCount(options),
    metric: options.metric,
    kernels: options.kernels,
    signal: options.signal,
    onProgress: (fraction) => onProgress?.(NEIGHBORS_SHARE * fraction),
  });
  return layOut(neighbors, input, {
    ...options,
    onProgress: (fraction) => onProgress?.(NEIGHBORS_SHARE + (1 - NEIGHBORS_SHARE) * fraction),
  });
}

async function layOut(
  neighbors: Neighbors,
  points: Matrix | undefined,
  options: UmapOptions,
): Promise<UmapResult> {
  const parameters = fullUmapParameters(options);
  assertNeighbors(neighbors, neighbors.rows);
  assertInit(neighbors, options.init, points);
  const { rng = new Rng(42), optimizer = wasmLayoutOptimizer } = options;
  const { dimensions, repulsionStrength, negativeSampleRate } = parameters;
  const curve = fitCurve(parameters.minDist, parameters.spread);
  const graph = (options.graphs ?? new FuzzyGraphs()).of(neighbors, parameters);
  const pacer = new WorkPacer(options, 0, START_SHARE);
  const init = options.init ?? "spectral";
  const start = await initialLayout(graph, dimensions, { init, points, rng: rng.fork(0), pacer });
  const epochs = parameters.epochs > 0 ? parameters.epochs : defaultEpochs(graph.size, dimensions);
  const task = {
    start: matrix(start, neighbors.rows, dimensions),
    schedule: pullSchedule(graph, { epochs, relativeTo: "graph" }),
    curve,
    repulsionStrength,
    negativeSampleRate,
    learningRates: decayingRates(parameters.learningRate, epochs),
    seed: rng.fork(1).nextInt32(),
  };
  const layout = await optimizer.optimize(task, {
    signal: options.signal,
    onProgress: (fraction) => options.onProgress?.(START_SHARE + (1 - START_SHARE) * fraction),
  });
  return { layout, graph, ...curve };
}

function defaultEpochs(points: number, dimensions: number): number {
  const small = points <= SMALL_COLLECTION;
  if (dimensions <= MAP_DIMENSIONS) return small ? SMALL_MAP_EPOCHS : LARGE_MAP_EPOCHS;
  return small ? SMALL_EPOCHS : LARGE_EPOCHS;
}

/** @throws InputError unless it is an integer from 2 */
export function neighborCount({ neighbors = 15 }: { readonly neighbors?: number | undefined }): number {
  if (Number.isInteger(neighbors) && neighbors >= 2) return neighbors;
  const details = { expected: "an integer from 2", found: `${neighbors}` };
  throw new InputError("neighbors is out of range", details, "BAD_OPTION");
}

/** @throws InputError unless all indices are below `targets` and all distances finite and not negative */
export function assertNeighbors({ indices, distances, rows, k }: Neighbors, targets: number): void {
  if (indices.length !== rows * k || distances.length !== rows * k) {
    throw new InputError("The neighbours do not match their shape", {
      expected: `${rows} x ${k} indices and distances`,
      found: `${indices.length} and ${distances.length}`,
    });
  }
  for (let i = 0; i < indices.length; i++) {
    const good =
      indices[i]! >= 0 && indices[i]! < targets && distances[i]! >= 0 && Number.isFinite(distances[i]!);
    if (!good) {
      throw new InputError("The neighbours are damaged", {
        expected: `indices below ${targets} and finite distances from 0`,
        found: `index ${indices[i]} at distance ${distances[i]} in row ${Math.floor(i / k)}`,
      });
    }
  }
}

function assertInit(neighbors: Neighbors, init: LayoutInit | undefined, points: Matrix | undefined): void {
  if (init !== undefined && init !== "spectral" && init !== "pca" && init !== "random") {
    const details = { expected: '"spectral", "pca" or "random"', found: JSON.stringify(init) };
    throw new InputError("The initial layout is unknown", details, "BAD_OPTION");
  }
  if (init === "pca" && points === undefined) {
    throw new InputError(
      "A PCA start needs the points",
      { hint: "Pass them as options.points." },
      "BAD_OPTION",
    );
  }
  if (points !== undefined && points.rows !== neighbors.rows) {
    const details = { expected: `${neighbors.rows} points`, found: `${points.rows}` };
    throw new InputError("Points and neighbours differ in number", details);
  }
}
