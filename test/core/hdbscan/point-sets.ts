import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";

/** Points scattered about three centres, the third wider, with every tenth anywhere. */
export function scatteredPoints(count: number, dims: number, seed: number): Matrix {
  const rng = new Rng(seed);
  const data = new Float32Array(count * dims);
  for (let i = 0; i < count; i++) {
    const centre = i % 10 === 9 ? -1 : rng.below(3);
    for (let j = 0; j < dims; j++) {
      const spread = rng.uniform() + rng.uniform() + rng.uniform() - 1.5;
      data[i * dims + j] = centre === -1 ? 20 * rng.uniform() : 6 * centre + (1 + 0.5 * centre) * spread;
    }
  }
  return matrix(data, count, dims);
}

/** Points on a small integer lattice: full of duplicates and equal distances. */
export function latticePoints(count: number, dims: number, side: number, seed: number): Matrix {
  const rng = new Rng(seed);
  return matrix(
    Float32Array.from({ length: count * dims }, () => rng.below(side)),
    count,
    dims,
  );
}

/** A random order of 0..count-1. */
export function shuffledOrder(count: number, seed: number): Int32Array {
  const rng = new Rng(seed);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}

/** Euclidean distances, row-major, rows x rows. */
export function allDistances(points: Matrix): Float64Array {
  const { rows, cols, data } = points;
  const distances = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += (data[a * cols + j]! - data[b * cols + j]!) ** 2;
      distances[a * rows + b] = Math.sqrt(sum);
    }
  }
  return distances;
}
