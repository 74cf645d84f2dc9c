import type { Matrix } from "../math/matrix.ts";
import type { WorkOptions } from "../stages.ts";
import type { CurveParameters } from "./curve-fit.ts";
import type { PullSchedule } from "./pull-schedule.ts";

/** A layout to optimise. */
export interface LayoutTask {
  /** Where the points start: rows x dimensions, finite; not changed. */
  readonly start: Matrix;
  /** Edges from these points to each other, in both directions, or to the `fixed` ones. */
  readonly schedule: PullSchedule;
  /** Places that stay where they are; absent where the points pull and push each other. */
  readonly fixed?: Matrix | undefined;
  readonly curve: CurveParameters;
  readonly repulsionStrength: number;
  /** Random points that each pull is followed by, to be pushed from. */
  readonly negativeSampleRate: number;
  /** Step sizes, one an epoch. */
  readonly learningRates: Float32Array;
  /** Its low 32 bits count. */
  readonly seed: number;
}

/**
 * Carries out the optimisation of a layout. All implementations give the same places to the last bit; they differ in speed.
 */
export interface LayoutOptimizer {
  readonly name: string;
  /** @returns rows x dimensions */
  optimize(task: LayoutTask, work: WorkOptions): Promise<Matrix>;
}

/**
 * Step sizes that fall with the square of the time left. Deviation from umap-learn 0.5.3, where they fall in a straight line:
 * longer rest at the end leaves neighbourhoods truer (docs/clustering.md has figures).
 */
export function decayingRates(first: number, epochs: number): Float32Array {
  return Float32Array.from({ length: epochs }, (_, epoch) => first * (1 - epoch / epochs) ** 2);
}
