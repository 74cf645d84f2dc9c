import { InputError } from "../errors.ts";
import { BoundedHeap } from "./bounded-heap.ts";
import type { ByteBlock, ByteMatrix, DenseKernels, InnerProductIndex, TopK } from "./kernels.ts";
import type { Matrix } from "./matrix.ts";

/** Queries that share one pass over the points. */
const QUERY_BLOCK = 16;
/** Bytes of points a block may take: they should stay in the second-level cache while the queries pass. */
const BLOCK_BYTES = 128 * 1024;

/**
 * Dense kernels in plain TypeScript, for every host. Inner products accumulate in float64 and are rounded
 * to float32 before they are compared, so ties are ties of the float32 scores.
 */
export const referenceKernels: DenseKernels = {
  name: "reference",
  prefersBytes: true,
  innerProductIndex(points: Matrix, bias?: Float32Array): Promise<InnerProductIndex> {
    return new Promise((resolve) => {
      assertBias(points, bias);
      resolve({
        search: async (queries, k) => {
          assertSearch(points, queries, k);
          return searchPoints(points, bias, queries, k);
        },
        dispose: async () => {},
      });
    });
  },
  async productsInto(target: Float32Array, points: Matrix, queries: Matrix): Promise<void> {
    assertProducts(target, queries, points);
    productsInto(target, points, queries);
  },
  byteBlock(points: ByteMatrix): ByteBlock {
    const values = signedValues(points.data);
    return {
      rows: points.rows,
      productsInto: async (target, queries) => {
        assertProducts(target, queries, points);
        byteProductsInto(target, signedValues(queries.data), values, points.cols);
      },
    };
  },
};

/** @throws InputError unless there is one bias a point (or none at all) */
export function assertBias(points: Matrix, bias: Float32Array | undefined): void {
  if (bias !== undefined && bias.length !== points.rows) {
    throw new InputError("The bias does not match the points", {
      expected: `${points.rows} values`,
      found: `${bias.length}`,
    });
  }
}

/** @throws InputError when the queries have another width than the points, or `k` is not 0 to the number of points */
export function assertSearch(points: Matrix, queries: Matrix, k: number): void {
  if (queries.cols !== points.cols) {
    throw new InputError("Queries and points differ in width", {
      expected: `${points.cols} columns`,
      found: `${queries.cols}`,
    });
  }
  if (!Number.isInteger(k) || k < 0 || k > points.rows) {
    throw new InputError("k is out of range", {
      expected: `an integer from 0 to ${points.rows}, the number of points`,
      found: `${k}`,
    });
  }
}

/** @throws InputError when the queries have another width than the points, or the target is too short */
export function assertProducts(
  target: ArrayLike<number>,
  queries: Pick<Matrix, "rows" | "cols">,
  points: Pick<Matrix, "rows" | "cols">,
): void {
  if (queries.cols !== points.cols) {
    throw new InputError("Queries and points differ in width", {
      expected: `${points.cols} columns`,
      found: `${queries.cols}`,
    });
  }
  if (target.length < queries.rows * points.rows) {
    throw new InputError("The target cannot hold all products", {
      expected: `at least ${queries.rows * points.rows} places`,
      found: `${target.length}`,
    });
  }
}

function signedValues(bytes: Uint8Array): Int8Array {
  return Int8Array.from(bytes, (byte) => byte - 128);
}

/** Four points at a time, to reuse each query value. */
function byteProductsInto(target: Int32Array, queries: Int8Array, points: Int8Array, cols: number): void {
  let slot = 0;
  for (let query = 0; query < queries.length; query += cols) {
    let point = 0;
    for (; point + 4 * cols <= points.length; point += 4 * cols) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let j = 0; j < cols; j++) {
        const value = queries[query + j]!;
        const at = point + j;
        sum0 = (sum0 + value * points[at]!) | 0;
        sum1 = (sum1 + value * points[at + cols]!) | 0;
        sum2 = (sum2 + value * points[at + 2 * cols]!) | 0;
        sum3 = (sum3 + value * points[at + 3 * cols]!) | 0;
      }
      target[slot] = sum0;
      target[slot + 1] = sum1;
      target[slot + 2] = sum2;
      target[slot + 3] = sum3;
      slot += 4;
    }
    for (; point < points.length; point += cols) {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += queries[query + j]! * points[point + j]!;
      target[slot++] = sum;
    }
  }
}

function searchPoints(points: Matrix, bias: Float32Array | undefined, queries: Matrix, k: number): TopK {
  const indices = new Int32Array(queries.rows * k);
  const scores = new Float32Array(queries.rows * k);
  if (k === 0) return { indices, scores, k };
  const pointBlock = blockOf(points);
  const blockScores = new Float32Array(pointBlock);
  const heaps = Array.from({ length: Math.min(QUERY_BLOCK, queries.rows) }, () => new BoundedHeap(k));
  for (let first = 0; first < queries.rows; first += QUERY_BLOCK) {
    const last = Math.min(first + QUERY_BLOCK, queries.rows);
    for (const heap of heaps) heap.clear();
    for (let start = 0; start < points.rows; start += pointBlock) {
      const end = Math.min(start + pointBlock, points.rows);
      for (let query = first; query < last; query++) {
        scoreBlockInto(blockScores, points, bias, start, end, queries.data, query * queries.cols);
        pushScores(heaps[query - first]!, blockScores, start, end);
      }
    }
    for (let query = first; query < last; query++) {
      const heap = heaps[query - first]!;
      heap.sort();
      for (let i = 0; i < k; i++) scores[query * k + i] = -heap.keys[i]!;
      indices.set(heap.ids, query * k);
    }
  }
  return { indices, scores, k };
}

function productsInto(target: Float32Array, points: Matrix, queries: Matrix): void {
  const pointBlock = blockOf(points);
  for (let start = 0; start < points.rows; start += pointBlock) {
    const end = Math.min(start + pointBlock, points.rows);
    for (let query = 0; query < queries.rows; query++) {
      const place = target.subarray(query * points.rows + start, query * points.rows + end);
      scoreBlockInto(place, points, undefined, start, end, queries.data, query * queries.cols);
    }
  }
}

/** Points that stay in the cache. */
function blockOf({ cols }: Matrix): number {
  return Math.max(4, Math.floor(BLOCK_BYTES / (4 * Math.max(1, cols))));
}

/** The heap keeps the smallest keys, hence the minus. */
function pushScores(heap: BoundedHeap, scores: Float32Array, start: number, end: number): void {
  let bound = heap.bound();
  for (let i = start; i < end; i++) {
    const key = -scores[i - start]!;
    // Points come in ascending order, so one that only equals the bound can never displace another.
    if (key < bound) {
      heap.push(key, i);
      bound = heap.bound();
    }
  }
}

/** Scores of one query against points `start` to `end`, four points at a time to reuse each query value. */
function scoreBlockInto(
  target: Float32Array,
  points: Matrix,
  bias: Float32Array | undefined,
  start: number,
  end: number,
  queries: Float32Array,
  queryOffset: number,
): void {
  const { data, cols } = points;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const offset0 = i * cols;
    const offset1 = offset0 + cols;
    const offset2 = offset1 + cols;
    const offset3 = offset2 + cols;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < cols; j++) {
      const value = queries[queryOffset + j]!;
      sum0 += value * data[offset0 + j]!;
      sum1 += value * data[offset1 + j]!;
      sum2 += value * data[offset2 + j]!;
      sum3 += value * data[offset3 + j]!;
    }
    const slot = i - start;
    target[slot] = sum0;
    target[slot + 1] = sum1;
    target[slot + 2] = sum2;
    target[slot + 3] = sum3;
  }
  for (; i < end; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += queries[queryOffset + j]! * data[i * cols + j]!;
    target[i - start] = sum;
  }
  if (bias !== undefined) {
    for (let slot = 0; slot < end - start; slot++) target[slot] = target[slot]! + bias[start + slot]!;
  }
}
