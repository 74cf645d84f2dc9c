import type { BlockOperator, VectorBlock } from "./block-operator.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

export interface RitzPairs {
  /** In descending order. */
  readonly values: Float64Array;
  /** Greatest |A v - value v| of the wanted pairs, relative to the largest value. */
  readonly residual: number;
}

/** Less of a unit column than this beside the ones before it is nothing but rounding. */
const LEAST_PIVOT = 1e-10;

/**
 * Turns the first `width` columns of the block, in place, into the best approximate eigenvectors within their span, unit and
 * orthogonal (Golub and Van Loan 2013, section 8.7.2, for columns that are not orthogonal yet), and writes their products.
 *
 * @returns which column depends on the ones before it, where one does
 */
export function rayleighRitz(
  operator: BlockOperator,
  block: VectorBlock,
  product: VectorBlock,
  width: number,
  wanted: number,
): RitzPairs | { readonly dependent: number } {
  operator.step({ current: block, previous: block, next: product, alpha: 1, beta: 0, gamma: 0 });
  const gram = innerProducts(operator, block, block, width);
  const factor = choleskyFactor(gram, width);
  if (typeof factor === "number") return { dependent: factor };
  const projected = innerProducts(operator, block, product, width);
  const { values, vectors } = symmetricEigen(congruent(projected, factor, width), width);
  const coefficients = solveTransposed(factor, vectors, width);
  rotate(operator, block, coefficients, width);
  rotate(operator, product, coefficients, width);
  return { values, residual: largestResidual(operator, block, product, values, wanted) };
}

/** @returns width x width: columns of one block with those of the other, made symmetric */
function innerProducts(
  { size, stride }: BlockOperator,
  a: VectorBlock,
  b: VectorBlock,
  width: number,
): Float64Array {
  const sums = new Float64Array(width * width);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < width; j++) {
      const value = a[i * stride + j]!;
      for (let l = 0; l <= j; l++) sums[j * width + l]! += value * b[i * stride + l]!;
    }
  }
  for (let j = 0; j < width; j++) {
    for (let l = 0; l < j; l++) sums[l * width + j] = sums[j * width + l]!;
  }
  return sums;
}

/** @returns lower triangular, row-major; or the row whose pivot vanishes */
function choleskyFactor(matrix: Float64Array, width: number): Float64Array | number {
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * width + j]!;
      for (let l = 0; l < j; l++) rest -= factor[i * width + l]! * factor[j * width + l]!;
      if (j < i) {
        factor[i * width + j] = rest / factor[j * width + j]!;
      } else {
        if (!(rest > LEAST_PIVOT * matrix[i * width + i]!)) return i;
        factor[i * width + i] = Math.sqrt(rest);
      }
    }
  }
  return factor;
}

/** L^-1 M L^-T */
function congruent(matrix: Float64Array, factor: Float64Array, width: number): Float64Array {
  const half = solved(factor, matrix, width);
  return solved(factor, transposed(half, width), width);
}

/** L^-1 M */
function solved(factor: Float64Array, matrix: Float64Array, width: number): Float64Array {
  const result = matrix.slice();
  for (let i = 0; i < width; i++) {
    for (let column = 0; column < width; column++) {
      let rest = result[i * width + column]!;
      for (let l = 0; l < i; l++) rest -= factor[i * width + l]! * result[l * width + column]!;
      result[i * width + column] = rest / factor[i * width + i]!;
    }
  }
  return result;
}

/** Row `i` of the result solves L^T x = row `i` of the vectors. */
function solveTransposed(factor: Float64Array, vectors: Float64Array, width: number): Float64Array {
  const result = vectors.slice();
  for (let row = 0; row < width; row++) {
    for (let i = width - 1; i >= 0; i--) {
      let rest = result[row * width + i]!;
      for (let l = i + 1; l < width; l++) rest -= factor[l * width + i]! * result[row * width + l]!;
      result[row * width + i] = rest / factor[i * width + i]!;
    }
  }
  return result;
}

function transposed(matrix: Float64Array, width: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % width) * width + Math.floor(i / width)]!);
}

/** Column `j` becomes the sum of `coefficients[j, l]` times column `l`. */
function rotate(
  { size, stride }: BlockOperator,
  block: VectorBlock,
  coefficients: Float64Array,
  width: number,
): void {
  const before = new Float64Array(width);
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < width; l++) before[l] = block[i * stride + l]!;
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let l = 0; l < width; l++) sum += coefficients[j * width + l]! * before[l]!;
      block[i * stride + j] = sum;
    }
  }
}

function largestResidual(
  { size, stride }: BlockOperator,
  block: VectorBlock,
  product: VectorBlock,
  values: Float64Array,
  wanted: number,
): number {
  const squares = new Float64Array(wanted);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < wanted; j++) {
      squares[j]! += (product[i * stride + j]! - values[j]! * block[i * stride + j]!) ** 2;
    }
  }
  const largest = Math.sqrt(squares.reduce((a, b) => Math.max(a, b), 0));
  const scale = Math.abs(values[0] ?? 0);
  return scale > 0 ? largest / scale : largest;
}
