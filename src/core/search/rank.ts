import { dot, type Matrix, row } from "../math/matrix.ts";

/** A row that answers a query, with its cosine similarity, -1 to 1. */
export interface Match {
  readonly row: number;
  readonly score: number;
}

/**
 * The rows most similar to a query by cosine, best first; ties go to the lower row.
 *
 * @param query one vector, `candidates.cols` long
 * @param candidates rows x cols, any length
 * @param count how many to return at most
 */
export function rankByCosine(query: Float32Array, candidates: Matrix, count: number): Match[] {
  const queryNorm = Math.sqrt(dot(query, query));
  const scores = new Float64Array(candidates.rows);
  for (let i = 0; i < candidates.rows; i++) {
    const candidate = row(candidates, i);
    const norm = Math.sqrt(dot(candidate, candidate)) * queryNorm;
    scores[i] = norm > 0 ? dot(query, candidate) / norm : 0;
  }
  return Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count)
    .map((i) => ({ row: i, score: scores[i]! }));
}
