import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { BlockOperator, VectorBlock } from "./block-operator.ts";
import { rayleighRitz } from "./rayleigh-ritz.ts";

export interface LeadingEigenvectorsOptions {
  /** Draws the start. */
  readonly rng: Rng;
  readonly pacer: WorkPacer;
  /** Greatest residual |A v - value v| that counts as converged, relative to the largest eigenvalue; above 1e-5. */
  readonly tolerance: number;
  /** Default 60. */
  readonly maxIterations?: number | undefined;
}

export interface LeadingEigenvectors {
  /** In descending order. */
  readonly values: Float64Array;
  /** Unit vectors, side by side: row-major, size x count. */
  readonly vectors: Float32Array;
  /** Greatest relative residual of these pairs. */
  readonly residual: number;
}

/** Vectors carried beyond those asked for: the wanted ones converge by the gap to the last of these. */
export const GUARD_VECTORS = 8;
/** Products of each vector per iteration. */
const FILTER_DEGREE = 24;

/**
 * Eigenvectors of the `count` algebraically largest eigenvalues, by subspace iteration with a Chebyshev
 * filter and Rayleigh-Ritz projection (Zhou, Saad, Tiago and Chelikowsky 2006, "Self-consistent-field
 * calculations using Chebyshev-filtered subspace iteration", algorithm 4.3). Uses + - * / and square roots
 * only, on float32 blocks: the same start gives the same vectors in every engine.
 *
 * @param count at most `operator.size`, less one where an eigenvector is known
 */
export async function leadingEigenvectors(
  operator: BlockOperator,
  count: number,
  options: LeadingEigenvectorsOptions,
): Promise<LeadingEigenvectors> {
  const { rng, pacer, tolerance, maxIterations = 60 } = options;
  const rank = operator.known === undefined ? operator.size : operator.size - 1;
  const width = Math.min(rank, count + GUARD_VECTORS);
  let [block, product, spare] = operator.blocks;
  drawColumns(operator, block, 0, width, rng);
  for (let iteration = 0; ; iteration++) {
    await pacer.pause(iteration / maxIterations);
    removeKnown(operator, block);
    const ritz = rayleighRitz(operator, block, product, width, count);
    if ("dependent" in ritz) {
      if (iteration > maxIterations) return unfinished(operator, count);
      drawColumns(operator, block, ritz.dependent, ritz.dependent + 1, rng);
      continue;
    }
    const { values, residual } = ritz;
    if (residual <= tolerance || iteration >= maxIterations) {
      return { values: values.slice(0, count), vectors: leadingColumns(operator, block, count), residual };
    }
    const interval = { cut: values[width - 1]!, top: values[0]! };
    const filtered = await chebyshevFiltered(operator, [block, product, spare], interval, async (done) =>
      pacer.pause((iteration + done) / maxIterations),
    );
    [block, product, spare] = filtered;
  }
}

function drawColumns(
  { size, stride }: BlockOperator,
  block: VectorBlock,
  from: number,
  to: number,
  rng: Rng,
): void {
  for (let i = 0; i < size; i++) {
    for (let j = from; j < to; j++) block[i * stride + j] = 2 * rng.uniform() - 1;
  }
}

/** Takes the known eigenvector out of all columns. */
function removeKnown({ size, stride, known }: BlockOperator, block: VectorBlock): void {
  if (known === undefined) return;
  const shares = new Float64Array(stride);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < stride; j++) shares[j]! += known[i]! * block[i * stride + j]!;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < stride; j++) block[i * stride + j]! -= known[i]! * shares[j]!;
  }
}

/**
 * A polynomial of the matrix times the first block, small between the lower bound and `cut` and growing fast above, scaled
 * to stay near 1 at `top`.
 *
 * @returns the same three blocks, the filtered one first
 */
async function chebyshevFiltered(
  operator: BlockOperator,
  [block, product, spare]: readonly [VectorBlock, VectorBlock, VectorBlock],
  { cut, top }: { readonly cut: number; readonly top: number },
  pause: (done: number) => Promise<void>,
): Promise<[VectorBlock, VectorBlock, VectorBlock]> {
  const halfWidth = Math.max((cut - operator.lowerBound) / 2, 1e-6 * Math.abs(top), 1e-30);
  const centre = operator.lowerBound + halfWidth;
  const firstScale = halfWidth / Math.max(top - centre, halfWidth);
  let scale = firstScale;
  let [previous, current, next] = [block, product, spare];
  const first = { alpha: scale / halfWidth, beta: (-centre * scale) / halfWidth, gamma: 0 };
  operator.step({ current: previous, previous, next: current, ...first });
  for (let degree = 2; degree <= FILTER_DEGREE; degree++) {
    await pause(degree / FILTER_DEGREE);
    const nextScale = 1 / (2 / firstScale - scale);
    const alpha = (2 * nextScale) / halfWidth;
    operator.step({ current, previous, next, alpha, beta: -centre * alpha, gamma: -scale * nextScale });
    [previous, current, next] = [current, next, previous];
    scale = nextScale;
  }
  return [current, next, previous];
}

/** Where products are not numbers, nothing converges. */
function unfinished({ size }: BlockOperator, count: number): LeadingEigenvectors {
  const residual = Number.POSITIVE_INFINITY;
  return { values: new Float64Array(count), vectors: new Float32Array(size * count), residual };
}

function leadingColumns({ size, stride }: BlockOperator, block: VectorBlock, count: number): Float32Array {
  const columns = new Float32Array(size * count);
  for (let i = 0; i < size; i++) columns.set(block.subarray(i * stride, i * stride + count), i * count);
  return columns;
}
