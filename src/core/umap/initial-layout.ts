import type { Matrix } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import { pcaInit } from "./pca-init.ts";
import { spectralInit } from "./spectral-init.ts";

/** How points are placed before the optimisation. */
export type LayoutInit = "spectral" | "pca" | "random";

export interface InitialLayoutOptions {
  readonly init: LayoutInit;
  /** Needed for `"pca"`, and the second choice where `"spectral"` does not converge. */
  readonly points: Matrix | undefined;
  readonly rng: Rng;
  readonly pacer: WorkPacer;
}

/** Side of the cube that the start fills. */
const EXTENT = 10;
/** Standard deviation of the noise that parts points placed alike. */
const NOISE = 1e-4;

/**
 * The start of the optimisation: each dimension stretched to 0 to 10, with a little noise (umap-learn 0.5.3,
 * `simplicial_set_embedding`). Fewer than dimensions + 2 points start at random.
 *
 * @returns size x dimensions, row-major, finite
 */
export async function initialLayout(
  graph: SparseGraph,
  dimensions: number,
  options: InitialLayoutOptions,
): Promise<Float32Array> {
  const { rng } = options;
  const layout =
    (await structuredLayout(graph, dimensions, options)) ?? randomLayout(graph.size, dimensions, rng);
  const largest = layout.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = largest > 0 ? EXTENT / largest : 0;
  for (let i = 0; i < layout.length; i++) layout[i] = layout[i]! * scale + NOISE * roughlyNormal(rng);
  return stretched(layout, graph.size, dimensions);
}

async function structuredLayout(
  graph: SparseGraph,
  dimensions: number,
  { init, points, rng, pacer }: InitialLayoutOptions,
): Promise<Float64Array | undefined> {
  if (init === "random" || graph.size <= dimensions + 1) return undefined;
  const layout = init === "spectral" ? await spectralInit(graph, dimensions, rng, pacer) : undefined;
  if (layout !== undefined || points === undefined) return layout;
  return pcaInit(points, dimensions, rng, pacer);
}

function randomLayout(size: number, dimensions: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: size * dimensions }, () => 2 * rng.uniform() - 1);
}

/** A sum of four uniform draws, of variance 1: near enough to normal, and the same in every engine. */
function roughlyNormal(rng: Rng): number {
  return (rng.uniform() + rng.uniform() + rng.uniform() + rng.uniform() - 2) * Math.sqrt(3);
}

/** A dimension without extent (a single point) becomes 0. */
function stretched(layout: Float64Array, size: number, dimensions: number): Float32Array {
  const result = new Float32Array(layout.length);
  for (let d = 0; d < dimensions; d++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      low = Math.min(low, layout[i * dimensions + d]!);
      high = Math.max(high, layout[i * dimensions + d]!);
    }
    const scale = high > low ? EXTENT / (high - low) : 0;
    for (let i = 0; i < size; i++) result[i * dimensions + d] = (layout[i * dimensions + d]! - low) * scale;
  }
  return result;
}
