import type { DenseKernels } from "./kernels.ts";
import { type Matrix, matrix } from "./matrix.ts";

/** Products that are held at a time: 32 MB with their indices. */
const BLOCK_PRODUCTS = 4_000_000;
/** Queries in one call at most: bounds the memory of the kernels. */
const BLOCK_QUERIES = 8192;

/**
 * The inner products of each query with all points, in memory for some queries at a time.
 *
 * @param points rows x cols, few enough that a row of products is small
 * @param visit gets the products in the order of the points, in an array that is used again for the next query
 */
export async function visitProducts(
  points: Matrix,
  queries: Matrix,
  kernels: DenseKernels,
  visit: (query: number, products: Float32Array) => void,
): Promise<void> {
  if (points.rows === 0 || queries.rows === 0) return;
  const block = Math.max(1, Math.min(BLOCK_QUERIES, Math.floor(BLOCK_PRODUCTS / points.rows)));
  const products = new Float32Array(points.rows);
  const index = await kernels.innerProductIndex(points);
  try {
    for (let start = 0; start < queries.rows; start += block) {
      const rows = Math.min(block, queries.rows - start);
      const data = queries.data.subarray(start * queries.cols, (start + rows) * queries.cols);
      const ranked = await index.search(matrix(data, rows, queries.cols), points.rows);
      for (let i = 0; i < rows; i++) {
        for (let slot = i * points.rows; slot < (i + 1) * points.rows; slot++) {
          products[ranked.indices[slot]!] = ranked.scores[slot]!;
        }
        visit(start + i, products);
      }
    }
  } finally {
    await index.dispose();
  }
}
