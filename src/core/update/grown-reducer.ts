import { type Matrix, takeRows } from "../math/matrix.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { FittedReducer, NeighborhoodInput, Reducer, StageContext, StageState } from "../stages.ts";
import {
  addedRows,
  currentPart,
  fittedPart,
  type GrownRows,
  grownMisfit,
  lostRows,
  readGrownMatrix,
  readGrownRows,
} from "./grown-rows.ts";

const KIND_PREFIX = "grown-";

/**
 * Restores reducers of collections that changed since the fit. The layout has a place for every image of the collection;
 * new points are placed among the images of the fit, as before. It is never fitted itself.
 */
export class GrownReducer implements Reducer {
  readonly kind: string;
  readonly neighborCount = 0;
  private readonly inner: Reducer;

  constructor(inner: Reducer) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
  }

  fit(input: NeighborhoodInput, context: StageContext): Promise<FittedReducer> {
    return this.inner.fit(input, context);
  }

  /** @throws FormatError when the state is not one of these images */
  restore({ params, arrays }: StageState, images: Matrix): FittedGrownReducer {
    const { grownRows, grownLost, grownPlaces, ...innerArrays } = arrays;
    const { grownFrom, ...innerParams } = params;
    const rows = readGrownRows(grownRows, grownFrom, images.rows);
    const added = addedRows(rows).length;
    const lost = rows.fittedCount - (images.rows - added);
    const training = fittedPart(rows, images, readGrownMatrix(grownLost, lost, images.cols));
    const state = { kind: this.inner.kind, params: innerParams, arrays: innerArrays };
    const inner = this.inner.restore(state, training);
    if (inner.layout.rows !== training.rows) throw grownMisfit("a place for every fitted image");
    const places = readGrownMatrix(grownPlaces, added, inner.layout.cols);
    return new FittedGrownReducer(inner, training, rows, places);
  }
}

/** See `GrownReducer`. */
export class FittedGrownReducer implements FittedReducer {
  readonly kind: string;
  /** 0: it looks for neighbours itself, among the images of the fit. */
  readonly neighborCount = 0;
  readonly layout: Matrix;
  readonly inner: FittedReducer;
  /** Vectors of the images of the fit. */
  readonly training: Matrix;
  readonly rows: GrownRows;
  private readonly places: Matrix;

  /** @param places of the images that came later, in their order */
  constructor(inner: FittedReducer, training: Matrix, rows: GrownRows, places: Matrix) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.training = training;
    this.rows = rows;
    this.places = places;
    this.layout = currentPart(rows, inner.layout, places);
  }

  async transform({ points }: NeighborhoodInput, context: StageContext): Promise<Matrix> {
    return transformOn(this.inner, this.training, points, context);
  }

  state(): StageState {
    const { params, arrays } = this.inner.state();
    const grown = {
      grownRows: this.rows.fittedRow,
      grownLost: takeRows(this.training, lostRows(this.rows)).data,
      grownPlaces: this.places.data,
    };
    return {
      kind: this.kind,
      params: { ...params, grownFrom: this.rows.fittedCount },
      arrays: { ...arrays, ...grown },
    };
  }
}

/** Places points in the layout of a reducer, after looking for the neighbours that it wants. */
export async function transformOn(
  reducer: FittedReducer,
  training: Matrix,
  points: Matrix,
  context: StageContext,
): Promise<Matrix> {
  const { kernels, signal } = context;
  const k = reducer.neighborCount;
  const neighbors =
    k === 0
      ? undefined
      : await nearestNeighbors(training, { kernels, signal, k, metric: "cosine", queries: points });
  return reducer.transform({ points, neighbors }, context);
}
