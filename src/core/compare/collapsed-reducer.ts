import { FormatError } from "../errors.ts";
import { type Matrix, row, takeRows, zeros } from "../math/matrix.ts";
import type { FittedModel } from "../model.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { FittedReducer, NeighborhoodInput, Reducer, StageContext, StageState } from "../stages.ts";
import { nearDuplicates } from "./near-duplicates.ts";

/** One point for each group of near-duplicates, and each point without any. */
export interface Representatives {
  /** For each point the one that stands for it, itself where it stands for others or alone. */
  readonly middleOf: Int32Array;
  /** Neighbours of the points that stand, among each other: indices count those points only. */
  readonly neighbors: Neighbors | undefined;
}

/** Neighbours that near-duplicates are looked for among. */
const DUPLICATE_NEIGHBORS = 20;

/**
 * Finds the representatives of points: the middles of their groups of near-duplicates.
 *
 * @param points points x dimensions, rows of length 1
 * @param neighborCount how many neighbours of the representatives are wanted, themselves included; 0 for none
 * @param threshold see `nearDuplicates`
 */
export async function findRepresentatives(
  points: Matrix,
  neighborCount: number,
  threshold: number | undefined,
  context: StageContext,
): Promise<Representatives> {
  const half = (from: number): StageContext => ({
    ...context,
    onProgress: (fraction) => context.onProgress?.(from + fraction / 2),
  });
  const all = await nearestNeighbors(points, { ...half(0), k: DUPLICATE_NEIGHBORS });
  const { middleOf } = await nearDuplicates(points, all, { threshold, signal: context.signal });
  if (neighborCount === 0) return { middleOf, neighbors: undefined };
  const standing = takeRows(points, standingRows(middleOf));
  return { middleOf, neighbors: await nearestNeighbors(standing, { ...half(0.5), k: neighborCount }) };
}

const KIND_PREFIX = "collapsed-";
const MIDDLES = "representatives";

/**
 * A reducer that sees one point of each group of near-duplicates; the others get its place. So a burst of thirty pictures, all
 * each other's nearest neighbours, does not become an island of its own.
 */
export class CollapsedReducer implements Reducer {
  readonly kind: string;
  /** 0: it looks for its own neighbours, among the points that stand for the others. */
  readonly neighborCount = 0;
  private readonly inner: Reducer;
  private readonly representatives: Representatives | undefined;

  /** @param representatives of the points that will be fitted; default: found in the fit */
  constructor(inner: Reducer, representatives?: Representatives) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.representatives = representatives;
  }

  async fit({ points }: NeighborhoodInput, context: StageContext): Promise<FittedCollapsedReducer> {
    const { middleOf, neighbors } =
      this.representatives ??
      (await findRepresentatives(points, this.inner.neighborCount, undefined, context));
    const standing = takeRows(points, standingRows(middleOf));
    const fitted = await this.inner.fit({ points: standing, neighbors }, context);
    return new FittedCollapsedReducer(fitted, standing, middleOf);
  }

  /** @throws FormatError when the state is not one of these training points */
  restore({ kind, params, arrays }: StageState, training: Matrix): FittedCollapsedReducer {
    const { [MIDDLES]: middleOf, ...rest } = arrays;
    if (kind !== this.kind || !(middleOf instanceof Int32Array) || !areMiddles(middleOf, training.rows)) {
      const details = {
        expected: `a representative for each of ${training.rows} images`,
        found: "something else",
      };
      throw new FormatError("The saved groups of near-duplicates do not fit", details, "BAD_MODEL");
    }
    const standing = takeRows(training, standingRows(middleOf));
    const inner = this.inner.restore({ kind: this.inner.kind, params, arrays: rest }, standing);
    return new FittedCollapsedReducer(inner, standing, middleOf);
  }
}

/** See `CollapsedReducer`. */
export class FittedCollapsedReducer implements FittedReducer {
  readonly kind: string;
  readonly neighborCount = 0;
  readonly layout: Matrix;
  /** Points that another one stands for. */
  readonly collapsedCount: number;
  /** Points that stand for others or alone, ascending. */
  readonly standingRows: Int32Array;
  readonly inner: FittedReducer;
  private readonly standing: Matrix;
  private readonly middleOf: Int32Array;

  /** @param standing the points that stand for others or alone: what `inner` was fitted on */
  constructor(inner: FittedReducer, standing: Matrix, middleOf: Int32Array) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.standing = standing;
    this.middleOf = middleOf;
    this.standingRows = standingRows(middleOf);
    this.collapsedCount = middleOf.length - standing.rows;
    this.layout = spreadRows(inner.layout, middleOf);
  }

  async transform({ points }: NeighborhoodInput, context: StageContext): Promise<Matrix> {
    const k = this.inner.neighborCount;
    const silent = { kernels: context.kernels, signal: context.signal };
    const neighbors =
      k === 0 ? undefined : await nearestNeighbors(this.standing, { ...silent, k, queries: points });
    return this.inner.transform({ points, neighbors }, context);
  }

  state(): StageState {
    const { params, arrays } = this.inner.state();
    return { kind: this.kind, params, arrays: { ...arrays, [MIDDLES]: this.middleOf } };
  }
}

/** Rows that stand for others or alone, ascending. */
function standingRows(middleOf: Int32Array): Int32Array {
  return Int32Array.from(middleOf.keys()).filter((point) => middleOf[point] === point);
}

function areMiddles(middleOf: Int32Array, points: number): boolean {
  return (
    middleOf.length === points &&
    middleOf.every((middle) => middle >= 0 && middle < points && middleOf[middle] === middle)
  );
}

/** For each point the place of the one that stands for it. */
function spreadRows(places: Matrix, middleOf: Int32Array): Matrix {
  const spread = zeros(middleOf.length, places.cols);
  standingRows(middleOf).forEach((point, place) => {
    row(spread, point).set(row(places, place));
  });
  middleOf.forEach((middle, point) => {
    if (middle !== point) row(spread, point).set(row(spread, middle));
  });
  return spread;
}

/** Pictures that were clustered with another one, as its near-duplicates; null where each counted for itself. */
export function collapsedCount({ reducer }: Pick<FittedModel, "reducer">): number | null {
  return reducer instanceof FittedCollapsedReducer ? reducer.collapsedCount : null;
}
