import type { BlockOperator, OperatorStep, VectorBlock } from "./block-operator.ts";
import { blockStride } from "./block-operator.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import { SPARSE_STEP_BINARY } from "./layout-binaries.ts";
import { bytesOfBase64, webAssembly } from "./web-assembly.ts";

export interface SparseOperatorOptions {
  /** Vectors that blocks are to hold. */
  readonly vectors: number;
  readonly lowerBound: number;
  readonly known?: Float32Array | undefined;
}

const float: (value: number) => number = Math.fround;
const PAGE = 65536;
/** Pages that 32-bit addresses reach. */
const MAX_PAGES = 65536;
/** The compiled code keeps its own data below. */
const FIRST_ADDRESS = 1024;

/** A symmetric sparse matrix, compiled to WebAssembly with vector instructions; the reference where the host cannot run that. */
export function sparseOperator(matrix: SparseGraph, options: SparseOperatorOptions): BlockOperator {
  return compiledSparseOperator(matrix, options) ?? referenceSparseOperator(matrix, options);
}

/** In plain TypeScript, for every host, and what the compiled one is tested against. */
export function referenceSparseOperator(matrix: SparseGraph, options: SparseOperatorOptions): BlockOperator {
  const { size } = matrix;
  const stride = blockStride(options.vectors);
  const block = (): VectorBlock => new Float32Array(size * stride);
  const { lowerBound, known } = options;
  return {
    ...{ size, stride, lowerBound, known },
    blocks: [block(), block(), block()],
    step: (step) => sparseStep(matrix, stride, step),
  };
}

function sparseStep(
  { size, offsets, columns, weights }: SparseGraph,
  stride: number,
  { current, previous, next, ...factors }: OperatorStep,
): void {
  const [alpha, beta, gamma] = [float(factors.alpha), float(factors.beta), float(factors.gamma)];
  const sums = new Float32Array(stride);
  for (let row = 0; row < size; row++) {
    sums.fill(0);
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++) {
      const other = columns[edge]! * stride;
      const weight = weights[edge]!;
      for (let j = 0; j < stride; j++) sums[j] = sums[j]! + float(weight * current[other + j]!);
    }
    for (let j = 0; j < stride; j++) {
      const at = row * stride + j;
      const moved = float(float(alpha * sums[j]!) + float(beta * current[at]!));
      next[at] = moved + float(gamma * previous[at]!);
    }
  }
}

/** @returns undefined where the host has no WebAssembly with vector instructions, or the matrix outgrows 32-bit addresses */
export function compiledSparseOperator(
  { size, offsets, columns, weights }: SparseGraph,
  { vectors, lowerBound, known }: SparseOperatorOptions,
): BlockOperator | undefined {
  const stride = blockStride(vectors);
  let end = FIRST_ADDRESS;
  const place = (words: number): number => {
    const address = end;
    end += Math.ceil(words / 16) * 64;
    return address;
  };
  const [atOffsets, atColumns, atWeights] = [offsets, columns, weights].map(({ length }) => place(length));
  const atBlocks = [0, 1, 2].map(() => place(size * stride));
  const pages = Math.ceil(end / PAGE);
  const host = webAssembly();
  const binary = bytesOfBase64(SPARSE_STEP_BINARY);
  if (pages > MAX_PAGES || host?.validate(binary) !== true) return undefined;
  const memory = new host.Memory({ initial: pages });
  const { exports } = new host.Instance(new host.Module(binary), { env: { memory } });
  const step = exports["sparseStep"] as (...values: number[]) => void;
  new Int32Array(memory.buffer, atOffsets, offsets.length).set(offsets);
  new Int32Array(memory.buffer, atColumns, columns.length).set(columns);
  new Float32Array(memory.buffer, atWeights, weights.length).set(weights);
  const block = (address: number): VectorBlock => new Float32Array(memory.buffer, address, size * stride);
  return {
    ...{ size, stride, lowerBound, known },
    blocks: [block(atBlocks[0]!), block(atBlocks[1]!), block(atBlocks[2]!)],
    step({ current, previous, next, alpha, beta, gamma }) {
      const places = [current, previous, next].map(({ byteOffset }) => byteOffset);
      step(atOffsets!, atColumns!, atWeights!, stride * 4, ...places, alpha, beta, gamma, 0, size);
    },
  };
}
