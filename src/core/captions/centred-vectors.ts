import { dot, type Matrix, row, zeros } from "../math/matrix.ts";

/** The mean of the rows; zeros where there are none. */
export function meanVector(vectors: Matrix): Float32Array {
  const sum = new Float64Array(vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const vector = row(vectors, i);
    for (let j = 0; j < sum.length; j++) sum[j]! += vector[j]!;
  }
  return Float32Array.from(sum, (value) => value / Math.max(1, vectors.rows));
}

/**
 * Rows moved by a mean and brought to length 1. CLIP keeps pictures and texts in two cones apart (Liang et al. 2022,
 * "Mind the gap"); without their means, what is left is what tells them apart.
 */
export function centredRows(vectors: Matrix, mean: Float32Array): Matrix {
  const centred = zeros(vectors.rows, vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const source = row(vectors, i);
    const target = row(centred, i);
    for (let j = 0; j < source.length; j++) target[j] = source[j]! - mean[j]!;
    const length = Math.sqrt(dot(target, target));
    for (let j = 0; j < target.length && length > 0; j++) target[j] = target[j]! / length;
  }
  return centred;
}
