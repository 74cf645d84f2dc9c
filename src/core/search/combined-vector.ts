import { InputError } from "../errors.ts";
import { dot, type Matrix, normalizedRows, row } from "../math/matrix.ts";
import type { ResolvedTerm } from "./query.ts";
import { meanRow, type TextBackground } from "./text-background.ts";

/** What terms of one kind have in common: their mean, and how far their cosines to pictures spread around its. */
export interface TermScale {
  readonly mean: Float32Array;
  readonly spread: number;
}

/** Scales of both kinds of terms in a collection. */
export interface TermScales {
  readonly text: TermScale;
  readonly image: TermScale;
}

/**
 * @param pictures some of the collection, evenly out of all: pictures x dimensions, rows of length 1
 * @param words where null, texts are scaled as pictures are and keep their mean
 */
export function termScales(pictures: Matrix, words: TextBackground | null): TermScales {
  const mean = meanRow(pictures);
  const image = { mean, spread: spreadAround(pictures, mean, pictures) };
  const text =
    words === null
      ? { mean: new Float32Array(pictures.cols), spread: image.spread }
      : { mean: words.mean, spread: spreadAround(words.vectors, words.mean, pictures) };
  return { text, image };
}

/** Root of the mean squared `(vector - mean) . picture`. */
function spreadAround(vectors: Matrix, mean: Float32Array, pictures: Matrix): number {
  let squares = 0;
  for (let j = 0; j < pictures.rows; j++) {
    const picture = row(pictures, j);
    const average = dot(mean, picture);
    for (let i = 0; i < vectors.rows; i++) {
      const difference = dot(row(vectors, i), picture) - average;
      squares += difference * difference;
    }
  }
  const spread = Math.sqrt(squares / (vectors.rows * pictures.rows));
  return spread > 0 ? spread : 1;
}

/**
 * The one vector that stands for a query. A single term is its own vector. Several are added by weight after
 * each has lost the mean of its kind and been divided by the kind's spread: texts and pictures lie apart
 * in a CLIP space (Liang et al. 2022, "Mind the gap"), and cosines between pictures spread several times
 * as wide as those between a text and pictures, so that a plain sum would hear the pictures only.
 *
 * @param terms at least one, with weights other than 0 and vectors of length 1
 * @returns a vector of length 1
 * @throws InputError when the terms cancel each other out
 */
export function combinedVector(terms: readonly ResolvedTerm[], scales: TermScales): Float32Array {
  const [first] = terms;
  if (terms.length === 1 && first!.weight > 0) return first!.vector;
  const sums = new Float64Array(first!.vector.length);
  // Weights relative to each other: their common factor changes nothing, not even by rounding to zero.
  const largest = Math.max(...terms.map(({ weight }) => Math.abs(weight)));
  for (const { vector, weight, kind } of terms) {
    const { mean, spread } = scales[kind];
    const factor = weight / largest / spread;
    for (let j = 0; j < sums.length; j++) sums[j]! += factor * (vector[j]! - mean[j]!);
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  if (length * Math.min(scales.text.spread, scales.image.spread) < 1e-6) {
    throw new InputError(
      "The terms of the query cancel each other out",
      { expected: "terms that differ", found: terms.map(({ label }) => label.slice(0, 30)).join(", ") },
      "BAD_OPTION",
    );
  }
  return Float32Array.from(sums, (value) => value / length);
}

/** A vector at length 1. */
export function unitVector(vector: Float32Array): Float32Array {
  return normalizedRows({ data: vector, rows: 1, cols: vector.length }).data;
}
