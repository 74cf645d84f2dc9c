import type { DenseKernels } from "../math/kernels.ts";
import { dot, type Matrix, row } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { FittedModel } from "../model.ts";

/** Pictures that a word or caption is set against. */
export const BACKGROUND = 1000;

/** One caption of one picture. */
export interface Caption {
  readonly row: number;
  readonly text: string;
}

/** What all parts of the report compare: centred vectors, and samples that depend on the seed alone. */
export interface Ground {
  readonly model: FittedModel;
  readonly captions: readonly (readonly string[])[];
  readonly embed: (texts: readonly string[]) => Promise<Matrix>;
  readonly imageMean: Float32Array;
  readonly textMean: Float32Array;
  readonly rng: Rng;
  readonly kernels: DenseKernels;
}

/** All where there are few, else so many by chance, in their order. */
export function sample<T>(items: readonly T[], count: number, rng: Rng): T[] {
  let open = Math.min(count, items.length);
  // Selection sampling (Knuth, volume 2, 3.4.2, algorithm S).
  return items.filter((_, i) => {
    const taken = open > 0 && rng.uniform() * (items.length - i) < open;
    if (taken) open--;
    return taken;
  });
}

/** The scores of pictures for one query: their inner products, with the mean of all pictures removed and at length 1. */
export function centredScores(
  { model, imageMean }: Ground,
  rows: readonly number[],
  query: Float32Array,
): Float64Array {
  const { imageVectors } = model;
  const offset = dot(imageMean, query);
  return Float64Array.from(rows, (place) => {
    const vector = row(imageVectors, place);
    let length = 0;
    for (let j = 0; j < vector.length; j++) length += (vector[j]! - imageMean[j]!) ** 2;
    return length > 0 ? (dot(vector, query) - offset) / Math.sqrt(length) : 0;
  });
}
