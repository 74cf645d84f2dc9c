import { type Matrix, row, takeRows } from "../math/matrix.ts";
import type { Vocabulary } from "../model.ts";

/** Enough words for a spread known to a few per cent, few enough to multiply with at every query. */
const MAX_WORDS = 500;
/** Fewer do not stand for words in general. */
const MIN_WORDS = 30;

/** Words in general, as a query's words are set against them. */
export interface TextBackground {
  /** words x dimensions, rows of length 1 */
  readonly vectors: Matrix;
  /** Mean of the vectors. */
  readonly mean: Float32Array;
}

/**
 * At most 500 words of a vocabulary, evenly out of those with vectors of their own: a model that does not know a
 * word may give it the vector of every other unknown one. null where there are fewer than 30.
 */
export function textBackground(vocabulary: Vocabulary | null): TextBackground | null {
  if (vocabulary === null) return null;
  const distinct = distinctRows(vocabulary.vectors);
  if (distinct.length < MIN_WORDS) return null;
  const step = Math.max(1, distinct.length / MAX_WORDS);
  const count = Math.min(distinct.length, MAX_WORDS);
  const vectors = takeRows(
    vocabulary.vectors,
    Array.from({ length: count }, (_, i) => distinct[Math.floor(i * step)]!),
  );
  return { vectors, mean: meanRow(vectors) };
}

/** Mean of the rows. @param points at least one row */
export function meanRow({ data, rows, cols }: Matrix): Float32Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) sums[j]! += data[i * cols + j]!;
  return Float32Array.from(sums, (sum) => sum / rows);
}

/** Rows that are equal to no earlier one. Told by a weighted sum and two values. */
function distinctRows(points: Matrix): number[] {
  const seen = new Set<string>();
  const distinct: number[] = [];
  for (let i = 0; i < points.rows; i++) {
    const vector = row(points, i);
    let sum = 0;
    for (let j = 0; j < vector.length; j++) sum += vector[j]! * (j + 1);
    const key = `${sum},${vector[0]},${vector[vector.length >> 1]}`;
    if (!seen.has(key)) distinct.push(i);
    seen.add(key);
  }
  return distinct;
}
