import { type Matrix, normalizedRows, row, zeros } from "../math/matrix.ts";
import { squaredNorms } from "./exact-distance.ts";
import type { Metric } from "./neighbors.ts";

/** Unit roundoff of float32. */
const FLOAT32_ROUNDOFF = 2 ** -24;

/** Queries ready for an inner-product index, with what is needed to trust its answer. */
export interface PreparedQueries {
  readonly vectors: Matrix;
  /** Squared length of each prepared query; NaN where float32 products cannot be trusted at all. */
  readonly squaredNorms: Float64Array;
}

/**
 * Points moved and scaled so that the largest inner product (plus bias) means the smallest distance, and
 * the bound on how wrong a float32 score may be.
 */
export interface SearchSpace {
  readonly vectors: Matrix;
  readonly bias: Float32Array | undefined;
  prepare(queries: Matrix): PreparedQueries;
  /** The score that an exact distance stands for. */
  scoreOf(distance: number, squaredNorm: number): number;
  /** How far a float32 score may lie from the true one. */
  scoreError(squaredNorm: number): number;
}

export function searchSpace(points: Matrix, metric: Metric): SearchSpace {
  return metric === "cosine" ? cosineSpace(points) : euclideanSpace(points);
}

/** Unit vectors: the score is the cosine similarity. */
function cosineSpace(points: Matrix): SearchSpace {
  const error = roundingFactor(points.cols);
  return {
    vectors: normalizedRows(points),
    bias: undefined,
    prepare: (queries) => {
      const vectors = normalizedRows(queries);
      // A vector of zeros has no direction; its distances are a convention that no product knows.
      return { vectors, squaredNorms: squaredNorms(vectors).map((norm) => (norm === 0 ? Number.NaN : 1)) };
    },
    scoreOf: (distance) => 1 - distance,
    scoreError: (squaredNorm) => error * squaredNorm,
  };
}

/**
 * |q - p|^2 = |q|^2 - 2 (q . p - |p|^2 / 2): the score is the bracket. Moving the mean to the origin and
 * scaling to length 1 at most keeps large coordinates from drowning small distances in rounding.
 */
function euclideanSpace(points: Matrix): SearchSpace {
  const { cols } = points;
  const mean = columnMeans(points);
  const centred = shiftedRows(points, mean, 1);
  const largest = Math.sqrt(centred.squaredNorms.reduce((max, norm) => Math.max(max, norm), 0));
  const scale = largest > 0 ? 1 / largest : 1;
  const { vectors, squaredNorms: norms } = shiftedRows(points, mean, scale);
  const error = roundingFactor(cols);
  return {
    vectors,
    bias: Float32Array.from(norms, (norm) => -norm / 2),
    prepare: (queries) => trustedRows(shiftedRows(queries, mean, scale)),
    scoreOf: (distance, squaredNorm) => (squaredNorm - (distance * scale) ** 2) / 2,
    // Points lie within length 1; the query's own length enters scoreOf.
    scoreError: (squaredNorm) => error * (1 + Math.sqrt(squaredNorm) + squaredNorm),
  };
}

/**
 * Rounding errors of a sum of `cols` float32 products stay within a few times sqrt(cols) roundoffs
 * (Higham and Mary 2019, "A new approach to probabilistic rounding error analysis", theorem 2.4, with
 * lambda = 6); the constant covers the rounding of the vectors themselves.
 */
function roundingFactor(cols: number): number {
  return (6 * Math.sqrt(cols) + 8) * FLOAT32_ROUNDOFF;
}

function columnMeans(points: Matrix): Float64Array {
  const means = new Float64Array(points.cols);
  for (let i = 0; i < points.rows; i++) {
    for (let j = 0; j < points.cols; j++) means[j]! += points.data[i * points.cols + j]! / points.rows;
  }
  return means;
}

function shiftedRows(
  points: Matrix,
  mean: Float64Array,
  scale: number,
): { vectors: Matrix; squaredNorms: Float64Array } {
  const vectors = zeros(points.rows, points.cols);
  const norms = new Float64Array(points.rows);
  for (let i = 0; i < points.rows; i++) {
    for (let j = 0; j < points.cols; j++) {
      const value = (points.data[i * points.cols + j]! - mean[j]!) * scale;
      vectors.data[i * points.cols + j] = value;
      norms[i]! += value * value;
    }
  }
  return { vectors, squaredNorms: norms };
}

/** Clears the rows so far out that float32 products might overflow. */
function trustedRows(prepared: PreparedQueries): PreparedQueries {
  for (let i = 0; i < prepared.squaredNorms.length; i++) {
    if (!(prepared.squaredNorms[i]! < 1e30)) {
      row(prepared.vectors, i).fill(0);
      prepared.squaredNorms[i] = Number.NaN;
    }
  }
  return prepared;
}
