import { dot, type Matrix, normalizedRows, row, zeros } from "../math/matrix.ts";
import type { ConceptLink } from "./concept-links.ts";

/** A link by vectors, with the similarity it rests on. */
export interface VectorLink extends ConceptLink {
  /** Cosine of the two concept vectors after the mean of all is taken away, -1 to 1. */
  readonly similarity: number;
}

/** Below, the most similar concept is only the least different one. */
const LEAST_SIMILARITY = 0.6;

/**
 * Links each concept with the one most like it, where both are that to each other and the centred cosine is at least 0.6. For
 * collections without a picture in common: concepts that look alike, not the same pictures. Vectors of CLIP-like
 * models lie in a narrow cone, where all cosines are high; the mean of all concept vectors is taken away first.
 *
 * @param before concepts x dimensions
 * @param after concepts x dimensions, of the same embedder
 */
export function linkByVectors(before: Matrix, after: Matrix): VectorLink[] {
  const centre = meanOf([before, after]);
  const [a, b] = [centred(before, centre), centred(after, centre)];
  const forth = mostSimilar(a, b);
  const back = mostSimilar(b, a);
  return Array.from(forth.places).flatMap((place, i) => {
    const similarity = forth.similarities[i]!;
    return place !== -1 && back.places[place] === i && similarity >= LEAST_SIMILARITY
      ? [{ before: i, after: place, shared: 0, similarity }]
      : [];
  });
}

function meanOf(parts: readonly [Matrix, Matrix]): Float64Array {
  const mean = new Float64Array(parts[0].cols);
  const rows = parts[0].rows + parts[1].rows;
  for (const part of parts) {
    for (let i = 0; i < part.data.length; i++) {
      const column = i % part.cols;
      mean[column] = mean[column]! + part.data[i]! / rows;
    }
  }
  return mean;
}

function centred(vectors: Matrix, centre: Float64Array): Matrix {
  const shifted = zeros(vectors.rows, vectors.cols);
  for (let i = 0; i < shifted.data.length; i++) {
    shifted.data[i] = vectors.data[i]! - centre[i % vectors.cols]!;
  }
  return normalizedRows(shifted);
}

/** For each query the most similar candidate, ties to the first; -1 where there are none. */
function mostSimilar(
  queries: Matrix,
  candidates: Matrix,
): { readonly places: Int32Array; readonly similarities: Float64Array } {
  const places = new Int32Array(queries.rows).fill(-1);
  const similarities = new Float64Array(queries.rows).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < queries.rows; i++) {
    for (let j = 0; j < candidates.rows; j++) {
      const similarity = dot(row(queries, i), row(candidates, j));
      if (similarity <= similarities[i]!) continue;
      similarities[i] = similarity;
      places[i] = j;
    }
  }
  return { places, similarities };
}
