/** Vectors side by side: row-major, `size` rows of `stride` floats. */
export type VectorBlock = Float32Array;

/** next = alpha * matrix * current + beta * current + gamma * previous */
export interface OperatorStep {
  readonly current: VectorBlock;
  readonly previous: VectorBlock;
  /** Written; neither of the others. */
  readonly next: VectorBlock;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** A symmetric matrix known by its products with blocks of vectors. */
export interface BlockOperator {
  readonly size: number;
  /** Floats in a row of a block. */
  readonly stride: number;
  /** No eigenvalue lies below. */
  readonly lowerBound: number;
  /** A unit eigenvector that is not wanted, of length `size`; absent for none. */
  readonly known?: Float32Array | undefined;
  /** Three blocks of zeros, the only ones that `step` takes. */
  readonly blocks: readonly [VectorBlock, VectorBlock, VectorBlock];
  step(step: OperatorStep): void;
}

/** Vectors that blocks are made for, a multiple of what vector units add at a time. */
export function blockStride(vectors: number): number {
  return Math.ceil(vectors / 16) * 16;
}
