import type { Matrix } from "../math/matrix.ts";
import type { Metric } from "./neighbors.ts";

/** Squared lengths of the rows, in float64. */
export function squaredNorms(points: Matrix): Float64Array {
  const { data, rows, cols } = points;
  const norms = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = i * cols; j < (i + 1) * cols; j++) sum += data[j]! * data[j]!;
    norms[i] = sum;
  }
  return norms;
}

/** Distances between rows of two matrices of equal width, from the float32 values in float64, always in one order. */
export class ExactDistance {
  private readonly queries: Matrix;
  private readonly points: Matrix;
  private readonly metric: Metric;
  private readonly queryNorms: Float64Array;
  private readonly pointNorms: Float64Array;

  constructor(queries: Matrix, points: Matrix, metric: Metric) {
    this.queries = queries;
    this.points = points;
    this.metric = metric;
    const byLength = metric === "cosine";
    this.pointNorms = byLength ? squaredNorms(points) : new Float64Array(0);
    this.queryNorms = byLength && queries !== points ? squaredNorms(queries) : this.pointNorms;
  }

  between(query: number, point: number): number {
    return this.metric === "cosine" ? this.cosine(query, point) : this.euclidean(query, point);
  }

  private cosine(query: number, point: number): number {
    const queryNorm = this.queryNorms[query]!;
    const pointNorm = this.pointNorms[point]!;
    if (queryNorm === 0 || pointNorm === 0) return queryNorm === pointNorm ? 0 : 1;
    const { cols } = this.points;
    const a = this.queries.data;
    const b = this.points.data;
    const aOffset = query * cols;
    const bOffset = point * cols;
    let product = 0;
    for (let j = 0; j < cols; j++) product += a[aOffset + j]! * b[bOffset + j]!;
    const distance = 1 - product / Math.sqrt(queryNorm * pointNorm);
    // Below the rounding of the sums there is no telling from 0: parallel vectors are at distance 0.
    return distance <= (cols + 2) * Number.EPSILON ? 0 : Math.min(distance, 2);
  }

  private euclidean(query: number, point: number): number {
    const { cols } = this.points;
    const a = this.queries.data;
    const b = this.points.data;
    const aOffset = query * cols;
    const bOffset = point * cols;
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      const difference = a[aOffset + j]! - b[bOffset + j]!;
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }
}
