import type { Matrix } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { leadingEigenvectors, type SymmetricOperator } from "./leading-eigenvectors.ts";

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
  const { vectors } = await leadingEigenvectors(covarianceOperator(points, mean), count, limits);
  const layout = new Float64Array(points.rows * dimensions);
  for (let i = 0; i < points.rows; i++) {
    vectors.forEach((vector, d) => {
      layout[i * dimensions + d] = projection(points, i, mean, vector);
    });
  }
  return layout;
}

/** X^T X of the centred points, never formed. */
function covarianceOperator(points: Matrix, mean: Float64Array): SymmetricOperator {
  const { data, rows, cols } = points;
  return {
    size: cols,
    lowerBound: 0,
    apply(input, output) {
      output.fill(0);
      for (let i = 0; i < rows; i++) {
        const weight = projection(points, i, mean, input);
        for (let j = 0; j < cols; j++) output[j]! += weight * (data[i * cols + j]! - mean[j]!);
      }
    },
  };
}

function projection({ data, cols }: Matrix, i: number, mean: Float64Array, direction: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < cols; j++) sum += (data[i * cols + j]! - mean[j]!) * direction[j]!;
  return sum;
}

function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) mean[j]! += data[i * cols + j]! / rows;
  }
  return mean;
}
