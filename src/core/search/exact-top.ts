import { BoundedHeap } from "../math/bounded-heap.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { dot, type Matrix, matrix, row, takeRows } from "../math/matrix.ts";
import type { VectorSource } from "../math/vector-source.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";

/** Rows with their scores, best first; of equal scores the lower row comes first. */
export interface RankedRows {
  readonly rows: Int32Array;
  /** Inner products, accumulated in float64. */
  readonly scores: Float64Array;
}

/** More than are wanted, so that rounding in the kernels seldom asks for a second pass. */
const SPARE_ROWS = 64;
/** Fewer rows than one in so many are multiplied one by one. */
const FEW = 16;
/** Rows taken at a time to be multiplied one by one. */
const TAKEN_ROWS = 4096;
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
  points: VectorSource,
  query: Float32Array,
  count: number,
  options: ExactTopOptions,
): Promise<RankedRows> {
  const [best] = await exactTops(points, matrix(query, 1, points.cols), count, options);
  return best!;
}

export interface ExactTopOptions extends WorkOptions {
  readonly kernels: DenseKernels;
  readonly allowed?: Uint8Array | undefined;
}

/** `exactTop` of each of some queries: what takes time is to go through the points, which is done once for all. */
export async function exactTops(
  points: VectorSource,
  queries: Matrix,
  count: number,
  options: ExactTopOptions,
): Promise<RankedRows[]> {
  const { allowed } = options;
  const available = allowed === undefined ? points.rows : allowed.reduce((sum, flag) => sum + flag, 0);
  const wanted = Math.min(count, available);
  const best = Array.from({ length: queries.rows }, () => noRows());
  if (wanted === 0) return best;
  let open = [...best.keys()];
  if (allowed !== undefined && available * FEW < points.rows) {
    const rows = new Int32Array(available);
    let next = 0;
    for (let i = 0; i < points.rows; i++) if (allowed[i] === 1) rows[next++] = i;
    for (const at of open) best[at] = await rescored(points, row(queries, at), rows, wanted, options);
    return best;
  }
  const margin = 2 * points.cols * ROUNDOFF;
  for (let fetched = wanted + SPARE_ROWS; open.length > 0; fetched *= 4) {
    const found = await topByKernels(points, takeRows(queries, open), Math.min(fetched, available), options);
    const uncertain: number[] = [];
    for (const [i, candidates] of found.entries()) {
      const at = open[i]!;
      best[at] = await rescored(points, row(queries, at), candidates.rows.sort(), wanted, {});
      const isSure = fetched >= available || candidates.worst < best[at].scores[wanted - 1]! - margin;
      if (!isSure) uncertain.push(at);
    }
    open = uncertain;
  }
  return best;
}

function noRows(): RankedRows {
  return { rows: new Int32Array(0), scores: new Float64Array(0) };
}

async function topByKernels(
  points: VectorSource,
  queries: Matrix,
  count: number,
  options: ExactTopOptions,
): Promise<{ rows: Int32Array; worst: number }[]> {
  const { kernels, allowed } = options;
  const pacer = new WorkPacer(options);
  const heaps = Array.from({ length: queries.rows }, () => new BoundedHeap(count));
  for await (const { start, points: block } of points.blocks()) {
    const { rows } = block;
    const index = await kernels.innerProductIndex(block, exclusion(allowed, start, rows));
    const found = await index.search(queries, Math.min(count, rows));
    await index.dispose();
    heaps.forEach((heap, query) => {
      for (let i = query * found.k; i < (query + 1) * found.k; i++) {
        const place = start + found.indices[i]!;
        if (allowed === undefined || allowed[place] === 1) heap.push(-found.scores[i]!, place);
      }
    });
    await pacer.pause((start + rows) / points.rows);
  }
  return heaps.map((heap) => ({ rows: heap.ids.slice(0, heap.size), worst: -heap.keys[0]! }));
}

/** A bias that puts rows out of reach: inner products of unit vectors are at most 1. */
function exclusion(allowed: Uint8Array | undefined, start: number, rows: number): Float32Array | undefined {
  if (allowed === undefined) return undefined;
  const bias = new Float32Array(rows);
  for (let i = 0; i < rows; i++) bias[i] = allowed[start + i] === 1 ? 0 : -4;
  return bias;
}

/** @param rows ascending, as a source reads them quickest */
async function rescored(
  points: VectorSource,
  query: Float32Array,
  rows: Int32Array,
  count: number,
  work: WorkOptions,
): Promise<RankedRows> {
  const pacer = new WorkPacer(work);
  const heap = new BoundedHeap(count);
  for (let from = 0; from < rows.length; from += TAKEN_ROWS) {
    const taken = rows.subarray(from, from + TAKEN_ROWS);
    const vectors = await points.takeRows(taken);
    for (let i = 0; i < taken.length; i++) heap.push(-dot(query, row(vectors, i)), taken[i]!);
    await pacer.pause((from + taken.length) / rows.length);
  }
  heap.sort();
  return { rows: heap.ids, scores: heap.keys.map((key) => -key) };
}
