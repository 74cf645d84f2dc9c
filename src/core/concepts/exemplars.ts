import { type Matrix, row, takeRows, zeros } from "../math/matrix.ts";
import { distinctRows } from "../neighbors/distinct-rows.ts";
import { maximalMarginalRelevance } from "./mmr.ts";

/** Exemplars that picture a concept: few enough to take in at a glance (as in Concept 0.2.1). */
export const EXEMPLARS_PER_CONCEPT = 8;

/**
 * The vector of each concept: the mean of its exemplars' vectors, not normalised (Concept 0.2.1).
 *
 * @param imageVectors images x dimensions
 * @param exemplars for each concept, rows of `imageVectors`, at least one
 * @returns concepts x dimensions
 */
export function conceptVectors(imageVectors: Matrix, exemplars: readonly Int32Array[]): Matrix {
  const means = zeros(exemplars.length, imageVectors.cols);
  exemplars.forEach((rows, concept) => {
    row(means, concept).set(meanOfRows(imageVectors, rows));
  });
  return means;
}

function meanOfRows(points: Matrix, rows: Int32Array): Float64Array {
  const sum = new Float64Array(points.cols);
  for (const index of rows) {
    const vector = row(points, index);
    for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + vector[j]!;
  }
  return sum.map((value) => value / rows.length);
}

/**
 * The pictures shown for each concept: of its exemplars at most `count`, close to the concept's vector yet
 * unlike each other.
 *
 * @returns for each concept, rows of `imageVectors`, most telling first
 */
export function pickExemplars(
  imageVectors: Matrix,
  vectors: Matrix,
  exemplars: readonly Int32Array[],
  options: { readonly diversity: number; readonly count?: number },
): Int32Array[] {
  const count = options.count ?? EXEMPLARS_PER_CONCEPT;
  return exemplars.map((rows, concept) => {
    // Copies of one picture tell nothing more: the first stands for them.
    const typical = takeRows(imageVectors, rows);
    const { offsets, members, count: distinct } = distinctRows(typical);
    const kept = Int32Array.from({ length: distinct }, (_, group) => rows[members[offsets[group]!]!]!);
    const candidates = distinct === rows.length ? typical : takeRows(imageVectors, kept);
    const picks = maximalMarginalRelevance(row(vectors, concept), candidates, {
      count,
      diversity: options.diversity,
    });
    return picks.map((pick) => kept[pick]!);
  });
}
