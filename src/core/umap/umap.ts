import { InputError } from "../errors.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { WorkOptions } from "../stages.ts";
import { type CurveParameters, fitCurve } from "./curve-fit.ts";
import { fuzzyGraph, type SparseGraph } from "./fuzzy-graph.ts";
import { gradientTable } from "./gradient-table.ts";
import { initialLayout, type LayoutInit } from "./initial-layout.ts";
import { edgeSchedule, optimizeEpoch } from "./optimize-layout.ts";
import { type FullUmapParameters, fullUmapParameters, type UmapParameters } from "./umap-parameters.ts";

export interface UmapOptions extends UmapParameters, WorkOptions {
  readonly rng: Rng;
  /** Where points start; default `"spectral"`, which falls back to `"pca"` (given points) or `"random"` where it does not converge. */
  readonly init?: LayoutInit | undefined;
  /** The points behind the neighbours, rows x any; needed for `"pca"` only. */
  readonly points?: Matrix | undefined;
}

export interface UmapResult extends CurveParameters {
  /** rows x dimensions, finite. */
  readonly layout: Matrix;
  /** The symmetric fuzzy graph that the layout draws. */
  readonly graph: SparseGraph;
}

/** Up to this many points the reference runs 500 epochs, then 200. */
const SMALL_COLLECTION = 10_000;

/** The start takes about this part of the whole time. */
const START_SHARE = 0.1;

/**
 * UMAP (McInnes, Healy and Melville 2018) of points known by their nearest neighbours; follows umap-learn
 * 0.5.3. Deviations: gradients from a table, a spectral start of our own, no dependence on threads: the same
 * neighbours, options and seed give the same layout, on every engine to the last bit.
 *
 * @param neighbors of the points among themselves, each point in its own row, as `nearestNeighbors` gives them
 * @throws InputError for options out of range, neighbours that are no indices of rows, or `"pca"` without points
 */
export async function umap(neighbors: Neighbors, options: UmapOptions): Promise<UmapResult> {
  const parameters = fullUmapParameters(options);
  assertNeighbors(neighbors, neighbors.rows);
  assertInit(neighbors, options);
  const pacer = new WorkPacer(options);
  const curve = fitCurve(parameters.minDist, parameters.spread);
  const graph = fuzzyGraph(neighbors, parameters);
  const start = await initialLayout(graph, parameters.dimensions, {
    init: options.init ?? "spectral",
    points: options.points,
    rng: options.rng.fork(0),
    pacer: pacer.part(0, START_SHARE),
  });
  await optimize(start, graph, curve, parameters, options.rng.fork(1), pacer.part(START_SHARE, 1));
  pacer.finish();
  return { layout: matrix(start, neighbors.rows, parameters.dimensions), graph, ...curve };
}

/** Moves the places in `layout`. */
async function optimize(
  layout: Float32Array,
  graph: SparseGraph,
  curve: CurveParameters,
  parameters: FullUmapParameters,
  rng: Rng,
  pacer: WorkPacer,
): Promise<void> {
  const { dimensions, negativeSampleRate, learningRate, repulsionStrength } = parameters;
  const epochs = parameters.epochs > 0 ? parameters.epochs : graph.size <= SMALL_COLLECTION ? 500 : 200;
  const forces = {
    heads: layout,
    tails: layout,
    dimensions,
    schedule: edgeSchedule(graph, epochs, negativeSampleRate),
    negativeSampleRate,
    table: gradientTable(curve, repulsionStrength),
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    await pacer.pause(epoch / epochs);
    // The first two epochs take the full step, as in the reference.
    optimizeEpoch(forces, epoch, learningRate * (1 - Math.max(0, epoch - 1) / epochs), rng);
  }
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

function assertInit(neighbors: Neighbors, { init, points }: UmapOptions): void {
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
