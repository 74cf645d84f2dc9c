import type { Matrix } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { type BlockOperator, blockStride, type VectorBlock } from "./block-operator.ts";
import { GUARD_VECTORS, leadingEigenvectors } from "./leading-eigenvectors.ts";

/**
 * The points along their principal components, in order of variance; dimensions that the points do not have are 0.
 *
 * @returns rows x dimensions, row-major
 */
export async function pcaInit(
  points: Matrix,
  dimensions: number,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Float64Array> {
  const mean = columnMeans(points);
  const count = Math.min(dimensions, points.cols);
  // The directions only seed an optimisation: a rough fit serves.
  const limits = { rng, pacer, tolerance: 0.02, maxIterations: 5 };
  const { vectors } = await leadingEigenvectors(covarianceOperator(points, mean, count), count, limits);
  return projections(points, mean, vectors, dimensions);
}

/** X^T X of the centred points, never formed. */
function covarianceOperator({ data, rows, cols }: Matrix, mean: Float64Array, count: number): BlockOperator {
  const stride = blockStride(count + GUARD_VECTORS);
  const block = (): VectorBlock => new Float32Array(cols * stride);
  return {
    ...{ size: cols, stride, lowerBound: 0 },
    blocks: [block(), block(), block()],
    step({ current, previous, next, alpha, beta, gamma }) {
      const product = new Float64Array(cols * stride);
      const weights = new Float64Array(stride);
      for (let i = 0; i < rows; i++) {
        weights.fill(0);
        for (let j = 0; j < cols; j++) {
          const value = data[i * cols + j]! - mean[j]!;
          for (let l = 0; l < stride; l++) weights[l]! += value * current[j * stride + l]!;
        }
        for (let j = 0; j < cols; j++) {
          const value = data[i * cols + j]! - mean[j]!;
          for (let l = 0; l < stride; l++) product[j * stride + l]! += value * weights[l]!;
        }
      }
      for (let e = 0; e < next.length; e++) {
        next[e] = alpha * product[e]! + beta * current[e]! + gamma * previous[e]!;
      }
    },
  };
}

/** @param directions cols x any, row-major; no more than `dimensions` of them */
function projections(
  { data, rows, cols }: Matrix,
  mean: Float64Array,
  directions: Float32Array,
  dimensions: number,
): Float64Array {
  const count = directions.length / cols;
  const layout = new Float64Array(rows * dimensions);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = data[i * cols + j]! - mean[j]!;
      for (let d = 0; d < count; d++) layout[i * dimensions + d]! += value * directions[j * count + d]!;
    }
  }
  return layout;
}

function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) mean[j]! += data[i * cols + j]! / rows;
  }
  return mean;
}
