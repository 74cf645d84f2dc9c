import { FormatError, InputError } from "../errors.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { Metric, Neighbors } from "../neighbors/neighbors.ts";
import type { FittedReducer, NeighborhoodInput, Reducer, StageContext, StageState } from "../stages.ts";
import type { FuzzyGraphs } from "./fuzzy-graphs.ts";
import type { LayoutInit } from "./initial-layout.ts";
import { type FixedLayout, umapTransform } from "./transform.ts";
import { neighborCount, umap } from "./umap.ts";
import { type FullUmapParameters, fullUmapParameters, type UmapParameters } from "./umap-parameters.ts";
import { uniteCopies } from "./unite-copies.ts";

export interface UmapReducerOptions extends Omit<UmapParameters, "dimensions"> {
  /** Neighbours per point, the point itself included, an integer from 2; default 15. */
  readonly neighbors?: number | undefined;
  /** Default 5, for clustering; 2 for maps. */
  readonly dimensions?: number | undefined;
  /** Default 0, which packs clusters tightly; about 0.1 for maps. */
  readonly minDist?: number | undefined;
  /** Used where the pipeline hands over no neighbours; default `"cosine"`. */
  readonly metric?: Metric | undefined;
  /** Default `"spectral"`. */
  readonly init?: LayoutInit | undefined;
  /** Given to several reducers that are fitted on the same neighbours, lets them share the fuzzy graph. */
  readonly graphs?: FuzzyGraphs | undefined;
}

const KIND = "umap";

/** Reduces points by UMAP; see `umap` for the algorithm and its sources. */
export class UmapReducer implements Reducer {
  readonly kind: string = KIND;
  readonly neighborCount: number;
  readonly metric: Metric;
  private readonly init: LayoutInit;
  private readonly graphs: FuzzyGraphs | undefined;
  private readonly parameters: FullUmapParameters;

  /** @throws InputError for an option out of range */
  constructor(options: UmapReducerOptions = {}) {
    const { dimensions = 5, minDist = 0, metric = "cosine", init = "spectral" } = options;
    this.neighborCount = neighborCount(options);
    this.metric = metric;
    this.init = init;
    this.graphs = options.graphs;
    this.parameters = fullUmapParameters({ ...options, dimensions, minDist });
  }

  /** @throws InputError when the neighbours are too few or do not match the points */
  async fit(input: NeighborhoodInput, context: StageContext): Promise<FittedReducer> {
    const { points } = input;
    const { neighborCount, metric, init, graphs, parameters } = this;
    const given =
      input.neighbors ?? (await nearestNeighbors(points, { ...context, k: neighborCount, metric }));
    const neighbors = leadingNeighbors(given, points, neighborCount, points.rows);
    const { layout, a, b } = await umap(neighbors, { ...parameters, ...context, init, graphs, points });
    return new FittedUmap(
      { layout: uniteCopies(layout, points), curve: { a, b }, parameters },
      neighborCount,
    );
  }

  /** @throws FormatError when the state is not one of a layout of these training points */
  restore(state: StageState, training: Matrix): FittedReducer {
    return restoreUmap(state, training);
  }
}

class FittedUmap implements FittedReducer {
  readonly kind: string = KIND;
  readonly neighborCount: number;
  private readonly fixed: FixedLayout;

  constructor(fixed: FixedLayout, neighborCount: number) {
    this.fixed = fixed;
    this.neighborCount = neighborCount;
  }

  get layout(): Matrix {
    return this.fixed.layout;
  }

  /** @throws InputError without neighbours, or when they do not match the points or the layout */
  async transform(input: NeighborhoodInput, context: StageContext): Promise<Matrix> {
    const { points, neighbors } = input;
    if (neighbors === undefined) {
      throw new InputError("UMAP places points by their neighbours", {
        expected: "input.neighbors",
        found: "none",
      });
    }
    const near = leadingNeighbors(neighbors, points, this.neighborCount, this.layout.rows);
    return umapTransform(near, this.fixed, context);
  }

  state(): StageState {
    const { layout, curve, parameters } = this.fixed;
    return {
      kind: KIND,
      params: { ...parameters, ...curve, neighbors: this.neighborCount },
      arrays: { layout: layout.data },
    };
  }
}

/** The first `wanted` neighbours of each point; one graph may serve several reducers. */
function leadingNeighbors(
  neighbors: Neighbors,
  points: Matrix,
  wanted: number,
  available: number,
): Neighbors {
  const k = Math.min(wanted, available);
  if (neighbors.rows !== points.rows || neighbors.k < k) {
    throw new InputError("The neighbours do not match the points", {
      expected: `${points.rows} rows of ${k} neighbours or more`,
      found: `${neighbors.rows} rows of ${neighbors.k}`,
    });
  }
  if (neighbors.k === k) return neighbors;
  const slots = (_: unknown, i: number): number => Math.floor(i / k) * neighbors.k + (i % k);
  const kept = Int32Array.from({ length: points.rows * k }, slots);
  return {
    indices: kept.map((slot) => neighbors.indices[slot]!),
    distances: Float32Array.from(kept, (slot) => neighbors.distances[slot]!),
    rows: points.rows,
    k,
  };
}

function restoreUmap({ kind, params, arrays }: StageState, training: Matrix): FittedReducer {
  const layout = arrays["layout"];
  if (kind !== KIND || !(layout instanceof Float32Array)) {
    throw damaged(
      `a layout of kind "${KIND}"`,
      `kind "${kind}" with arrays ${Object.keys(arrays).join(", ") || "none"}`,
    );
  }
  const parameters = restoredParameters(params);
  if (layout.length !== training.rows * parameters.dimensions) {
    throw damaged(`${training.rows} x ${parameters.dimensions} coordinates`, `${layout.length}`);
  }
  if (!layout.every(Number.isFinite)) throw damaged("finite coordinates", "NaN or an infinity");
  const number = (name: string, from: number): number => {
    const value = params[name];
    if (typeof value === "number" && value >= from && value <= 1e6) return value;
    throw damaged(`${name} from ${from} to 1000000`, String(value));
  };
  const curve = { a: number("a", Number.MIN_VALUE), b: number("b", Number.MIN_VALUE) };
  const neighborCount = number("neighbors", 2);
  if (!Number.isInteger(neighborCount)) throw damaged("a whole number of neighbors", `${neighborCount}`);
  return new FittedUmap(
    { layout: matrix(layout, training.rows, parameters.dimensions), curve, parameters },
    neighborCount,
  );
}

function restoredParameters(params: StageState["params"]): FullUmapParameters {
  try {
    return fullUmapParameters(params as unknown as UmapParameters);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw damaged(cause.expected ?? "valid parameters", `${cause.message.split(":", 1)[0]} (${cause.found})`);
  }
}

function damaged(expected: string, found: string): FormatError {
  const hint = "The saved model is damaged or of another version; fit it again.";
  return new FormatError("The saved UMAP layout does not fit", { expected, found, hint }, "BAD_MODEL");
}
