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
    const product = innerProduct(this.queries.data, query * cols, this.points.data, point * cols, cols);
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
    let even = 0;
    let odd = 0;
    let j = 0;
    for (; j + 2 <= cols; j += 2) {
      const difference0 = a[aOffset + j]! - b[bOffset + j]!;
      const difference1 = a[aOffset + j + 1]! - b[bOffset + j + 1]!;
      even += difference0 * difference0;
      odd += difference1 * difference1;
    }
    const last = j < cols ? a[aOffset + j]! - b[bOffset + j]! : 0;
    return Math.sqrt(even + odd + last * last);
  }
}

/** Four sums side by side: one alone would wait for each of its additions. */
function innerProduct(
  a: Float32Array,
  aOffset: number,
  b: Float32Array,
  bOffset: number,
  cols: number,
): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let j = 0;
  for (; j + 4 <= cols; j += 4) {
    sum0 += a[aOffset + j]! * b[bOffset + j]!;
    sum1 += a[aOffset + j + 1]! * b[bOffset + j + 1]!;
    sum2 += a[aOffset + j + 2]! * b[bOffset + j + 2]!;
    sum3 += a[aOffset + j + 3]! * b[bOffset + j + 3]!;
  }
  for (; j < cols; j++) sum0 += a[aOffset + j]! * b[bOffset + j]!;
  return sum0 + sum1 + (sum2 + sum3);
}
