import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** A symmetric matrix known by its products. */
export interface SymmetricOperator {
  readonly size: number;
  /** No eigenvalue lies below. */
  readonly lowerBound: number;
  /** Writes the product of the matrix with `input` to `output`. */
  apply(input: Float64Array, output: Float64Array): void;
}

export interface LeadingEigenvectorsOptions {
  /** Draws the start. */
  readonly rng: Rng;
  readonly pacer: WorkPacer;
  /** Greatest residual |A v - value v| that counts as converged, relative to the largest eigenvalue; default 1e-4. */
  readonly tolerance?: number | undefined;
  /** Default 60. */
  readonly maxIterations?: number | undefined;
}

export interface LeadingEigenvectors {
  readonly values: Float64Array;
  /** Unit vectors, in descending order of their eigenvalues. */
  readonly vectors: readonly Float64Array[];
  /** Greatest relative residual of these pairs. */
  readonly residual: number;
}

/** Vectors carried beyond those asked for: the wanted ones converge by the gap to the last of these. */
const GUARD_VECTORS = 8;
/** Products of each vector per iteration. */
const FILTER_DEGREE = 24;

/**
 * Eigenvectors of the `count` algebraically largest eigenvalues, by subspace iteration with a Chebyshev
 * filter and Rayleigh-Ritz projection (Zhou, Saad, Tiago and Chelikowsky 2006, "Self-consistent-field
 * calculations using Chebyshev-filtered subspace iteration", algorithm 4.3). Uses + - * / and square roots
 * only: the same start gives the same vectors in every engine.
 *
 * @param count at most `operator.size`
 */
export async function leadingEigenvectors(
  operator: SymmetricOperator,
  count: number,
  options: LeadingEigenvectorsOptions,
): Promise<LeadingEigenvectors> {
  const { rng, pacer, tolerance = 1e-4, maxIterations = 60 } = options;
  const blockSize = Math.min(operator.size, count + GUARD_VECTORS);
  const block: Float64Array[] = Array.from({ length: blockSize }, () =>
    Float64Array.from({ length: operator.size }, () => 2 * rng.uniform() - 1),
  );
  orthonormalize(block, rng);
  for (let iteration = 0; ; iteration++) {
    await pacer.pause(iteration / maxIterations);
    const { values, products } = rayleighRitz(operator, block);
    const residual = largestResidual(values, block, products, count);
    if (residual <= tolerance || iteration === maxIterations) {
      return { values: values.slice(0, count), vectors: block.slice(0, count), residual };
    }
    const cut = values[blockSize - 1]!;
    for (let i = 0; i < blockSize; i++) {
      await pacer.pause((iteration + i / blockSize) / maxIterations);
      block[i] = chebyshevFiltered(operator, block[i]!, products[i]!, cut, values[0]!);
    }
    orthonormalize(block, rng);
  }
}

/** Turns the block, in place, into the best approximate eigenvectors within its span. */
function rayleighRitz(
  operator: SymmetricOperator,
  block: Float64Array[],
): { values: Float64Array; products: Float64Array[] } {
  const size = block.length;
  const products = block.map((vector) => {
    const product = new Float64Array(operator.size);
    operator.apply(vector, product);
    return product;
  });
  const projected = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      projected[i * size + j] = projected[j * size + i] = innerProduct(block[i]!, products[j]!);
    }
  }
  const { values, vectors } = symmetricEigen(projected, size);
  const rotated = combined(block, vectors);
  for (let i = 0; i < size; i++) block[i] = rotated[i]!;
  return { values, products: combined(products, vectors) };
}

/** Row `i` of the result is the sum of `coefficients[i, j] * block[j]`. */
function combined(block: readonly Float64Array[], coefficients: Float64Array): Float64Array[] {
  return block.map((_, i) => {
    const sum = new Float64Array(block[0]!.length);
    block.forEach((vector, j) => {
      addScaled(sum, vector, coefficients[i * block.length + j]!);
    });
    return sum;
  });
}

function largestResidual(
  values: Float64Array,
  block: readonly Float64Array[],
  products: readonly Float64Array[],
  count: number,
): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const rest = products[i]!.slice();
    addScaled(rest, block[i]!, -values[i]!);
    largest = Math.max(largest, Math.sqrt(innerProduct(rest, rest)));
  }
  const scale = Math.abs(values[0] ?? 0);
  return scale > 0 ? largest / scale : largest;
}

/**
 * A polynomial of the matrix times a vector, small between the lower bound and `cut` and growing fast above, scaled to
 * stay near 1 at `top`.
 */
function chebyshevFiltered(
  operator: SymmetricOperator,
  vector: Float64Array,
  product: Float64Array,
  cut: number,
  top: number,
): Float64Array {
  const halfWidth = Math.max((cut - operator.lowerBound) / 2, 1e-6 * Math.abs(top), 1e-300);
  const centre = operator.lowerBound + halfWidth;
  const firstScale = halfWidth / Math.max(top - centre, halfWidth);
  let scale = firstScale;
  let previous = vector;
  let current = product.slice();
  addScaled(current, vector, -centre);
  for (let i = 0; i < current.length; i++) current[i]! *= scale / halfWidth;
  for (let degree = 2; degree <= FILTER_DEGREE; degree++) {
    const nextScale = 1 / (2 / firstScale - scale);
    const next = new Float64Array(current.length);
    operator.apply(current, next);
    for (let i = 0; i < next.length; i++) {
      next[i] =
        (2 * nextScale * (next[i]! - centre * current[i]!)) / halfWidth - scale * nextScale * previous[i]!;
    }
    previous = current;
    current = next;
    scale = nextScale;
  }
  return current;
}

/** Gram-Schmidt in place, twice for accuracy. A vector that vanishes is drawn anew. */
function orthonormalize(block: Float64Array[], rng: Rng): void {
  for (let i = 0; i < block.length; i++) {
    while (!orthonormalizeOne(block, i)) {
      block[i] = Float64Array.from({ length: block[i]!.length }, () => 2 * rng.uniform() - 1);
    }
  }
}

function orthonormalizeOne(block: readonly Float64Array[], index: number): boolean {
  const vector = block[index]!;
  if (!scaleToUnit(vector, 0)) return false;
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < index; j++) addScaled(vector, block[j]!, -innerProduct(vector, block[j]!));
    if (!scaleToUnit(vector, 1e-10)) return false;
  }
  return true;
}

/** @returns false, when the length is not above `least` or not finite */
function scaleToUnit(vector: Float64Array, least: number): boolean {
  const length = Math.sqrt(innerProduct(vector, vector));
  if (!(length > least) || !Number.isFinite(length)) return false;
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return true;
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * vector[i]!;
}
