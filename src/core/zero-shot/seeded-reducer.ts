import { FormatError } from "../errors.ts";
import { type Matrix, matrix, row, zeros } from "../math/matrix.ts";
import type { FittedReducer, NeighborhoodInput, Reducer, StageContext, StageState } from "../stages.ts";
import { judgeBySeeds, type SeedSpace } from "./seed.ts";

const KIND_PREFIX = "seeded-";

/** Columns behind those of the layout: the seed a point belongs to, -1 for none, and how surely. */
export const SEED_COLUMNS = 2;

/**
 * A reducer that also writes down which seeded concept a point belongs to, judged by its vector, for the
 * `SeededClusterer` that comes after it and sees the layout alone.
 */
export class SeededReducer implements Reducer {
  readonly kind: string;
  readonly neighborCount: number;
  private readonly inner: Reducer;
  private readonly space: SeedSpace | null;

  /** @param space null for one that only restores */
  constructor(inner: Reducer, space: SeedSpace | null) {
    this.kind = KIND_PREFIX + inner.kind;
    this.neighborCount = inner.neighborCount;
    this.inner = inner;
    this.space = space;
  }

  async fit(input: NeighborhoodInput, context: StageContext): Promise<FittedReducer> {
    const fitted = await this.inner.fit(input, context);
    return this.space === null ? fitted : new FittedSeededReducer(fitted, this.space, input.points);
  }

  /** @throws FormatError when the state is not one of these images */
  restore({ params, arrays }: StageState, training: Matrix): FittedSeededReducer {
    const { seedMean, seedDirections, seedThresholds, seedCentres, seedSpreads, ...rest } = arrays;
    const { cols } = training;
    const seeds = seedThresholds?.length ?? -1;
    const space = [
      [seedMean, cols],
      [seedDirections, seeds * cols],
      [seedThresholds, seeds],
      [seedCentres, seeds],
      [seedSpreads, seeds],
    ] as const;
    const fits = space.every(([values, length]) => {
      return values instanceof Float32Array && values.length === length && values.every(Number.isFinite);
    });
    if (!fits || !(seedSpreads as Float32Array).every((spread) => spread > 0)) {
      const details = { expected: "a direction and a threshold a seed", found: "something else" };
      throw new FormatError("The saved seeds do not fit", details, "BAD_MODEL");
    }
    const inner = this.inner.restore({ kind: this.inner.kind, params, arrays: rest }, training);
    const restored: SeedSpace = {
      imageMean: seedMean as Float32Array,
      directions: matrix(seedDirections as Float32Array, seeds, cols),
      thresholds: seedThresholds as Float32Array,
      centres: seedCentres as Float32Array,
      spreads: seedSpreads as Float32Array,
    };
    return new FittedSeededReducer(inner, restored, training);
  }
}

/** See `SeededReducer`. */
export class FittedSeededReducer implements FittedReducer {
  readonly kind: string;
  readonly neighborCount: number;
  readonly layout: Matrix;
  readonly space: SeedSpace;
  private readonly inner: FittedReducer;

  constructor(inner: FittedReducer, space: SeedSpace, training: Matrix) {
    this.kind = KIND_PREFIX + inner.kind;
    this.neighborCount = inner.neighborCount;
    this.inner = inner;
    this.space = space;
    this.layout = withSeeds(inner.layout, space, training);
  }

  async transform(input: NeighborhoodInput, context: StageContext): Promise<Matrix> {
    return withSeeds(await this.inner.transform(input, context), this.space, input.points);
  }

  state(): StageState {
    const { params, arrays } = this.inner.state();
    const { imageMean, directions, thresholds, centres, spreads } = this.space;
    const seeds = {
      seedMean: imageMean,
      seedDirections: directions.data,
      seedThresholds: thresholds,
      seedCentres: centres,
      seedSpreads: spreads,
    };
    return { kind: this.kind, params, arrays: { ...arrays, ...seeds } };
  }
}

function withSeeds(places: Matrix, space: SeedSpace, vectors: Matrix): Matrix {
  const { seeds, strengths } = judgeBySeeds(space, vectors);
  const wide = zeros(places.rows, places.cols + SEED_COLUMNS);
  for (let i = 0; i < places.rows; i++) {
    const target = row(wide, i);
    target.set(row(places, i));
    target[places.cols] = seeds[i]!;
    target[places.cols + 1] = strengths[i]!;
  }
  return wide;
}
