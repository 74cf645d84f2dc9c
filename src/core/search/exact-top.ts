import { BoundedHeap } from "../math/bounded-heap.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { dot, type Matrix, matrix, row } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";

/** Rows with their scores, best first; of equal scores the lower row comes first. */
export interface RankedRows {
  readonly rows: Int32Array;
  /** Inner products, accumulated in float64. */
  readonly scores: Float64Array;
}

/** Rows that share one product: what the kernels hold beside the points stays small. */
const BLOCK_ROWS = 65_536;
/** More than are wanted, so that rounding in the kernels seldom asks for a second pass. */
const SPARE_ROWS = 64;
/** Fewer rows than one in so many are multiplied one by one. */
const FEW = 16;
/** Unit roundoff of float32. */
const ROUNDOFF = 2 ** -24;

/**
 * The rows with the largest inner products with a query, exactly: candidates come from float32 products of the kernels,
 * their scores are summed again in float64, and more candidates are fetched until none that was left out could, with
 * the largest possible rounding error, have been among the best.
 *
 * @param points rows x cols, rows of length 1
 * @param query `points.cols` long, of length 1
 * @param count how many at most
 * @param options.allowed 1 for each row that may be found, 0 for the others; default all
 */
export async function exactTop(
  points: Matrix,
  query: Float32Array,
  count: number,
  options: WorkOptions & {
    readonly kernels: DenseKernels;
    readonly allowed?: Uint8Array | undefined;
  },
): Promise<RankedRows> {
  const { allowed } = options;
  const available = allowed === undefined ? points.rows : allowed.reduce((sum, flag) => sum + flag, 0);
  const wanted = Math.min(count, available);
  if (wanted === 0) return { rows: new Int32Array(0), scores: new Float64Array(0) };
  if (allowed !== undefined && available * FEW < points.rows) {
    const rows = new Int32Array(available);
    let next = 0;
    for (let i = 0; i < points.rows; i++) if (allowed[i] === 1) rows[next++] = i;
    return rescored(points, query, rows, wanted);
  }
  const margin = 2 * points.cols * ROUNDOFF;
  for (let fetched = wanted + SPARE_ROWS; ; fetched *= 4) {
    const candidates = await topByKernels(points, query, Math.min(fetched, available), options);
    const best = rescored(points, query, candidates.rows, wanted);
    if (fetched >= available || candidates.worst < best.scores[wanted - 1]! - margin) return best;
  }
}

async function topByKernels(
  points: Matrix,
  query: Float32Array,
  count: number,
  options: WorkOptions & { readonly kernels: DenseKernels; readonly allowed?: Uint8Array | undefined },
): Promise<{ rows: Int32Array; worst: number }> {
  const { kernels, allowed } = options;
  const { data, cols } = points;
  const queries = matrix(query, 1, cols);
  const pacer = new WorkPacer(options);
  const heap = new BoundedHeap(count);
  for (let start = 0; start < points.rows; start += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, points.rows - start);
    const block = matrix(data.subarray(start * cols, (start + rows) * cols), rows, cols);
    const index = await kernels.innerProductIndex(block, exclusion(allowed, start, rows));
    const found = await index.search(queries, Math.min(count, rows));
    await index.dispose();
    for (let i = 0; i < found.k; i++) {
      const place = start + found.indices[i]!;
      if (allowed === undefined || allowed[place] === 1) heap.push(-found.scores[i]!, place);
    }
    await pacer.pause((start + rows) / points.rows);
  }
  return { rows: heap.ids.slice(0, heap.size), worst: -heap.keys[0]! };
}

/** A bias that puts rows out of reach: inner products of unit vectors are at most 1. */
function exclusion(allowed: Uint8Array | undefined, start: number, rows: number): Float32Array | undefined {
  if (allowed === undefined) return undefined;
  const bias = new Float32Array(rows);
  for (let i = 0; i < rows; i++) bias[i] = allowed[start + i] === 1 ? 0 : -4;
  return bias;
}

function rescored(points: Matrix, query: Float32Array, rows: Int32Array, count: number): RankedRows {
  const heap = new BoundedHeap(count);
  for (const candidate of rows) heap.push(-dot(query, row(points, candidate)), candidate);
  heap.sort();
  return { rows: heap.ids, scores: heap.keys.map((key) => -key) };
}
