import type { DenseKernels } from "./kernels.ts";
import { type Matrix, matrix } from "./matrix.ts";

/** Products that are held at a time: 16 MB. */
const BLOCK_PRODUCTS = 4_000_000;
/** Queries in one call at most: bounds the memory of the kernels. */
const BLOCK_QUERIES = 8192;

/**
 * The inner products of each query with all points, in memory for some queries at a time.
 *
 * @param points rows x cols, few enough that a row of products is small
 * @param visit gets the products in the order of the points, in an array that is used again for later queries
 */
export async function visitProducts(
  points: Matrix,
  queries: Matrix,
  kernels: DenseKernels,
  visit: (query: number, products: Float32Array) => void,
): Promise<void> {
  if (points.rows === 0 || queries.rows === 0) return;
  const block = Math.max(1, Math.min(BLOCK_QUERIES, Math.floor(BLOCK_PRODUCTS / points.rows)));
  const products = new Float32Array(Math.min(block, queries.rows) * points.rows);
  for (let start = 0; start < queries.rows; start += block) {
    const rows = Math.min(block, queries.rows - start);
    const data = queries.data.subarray(start * queries.cols, (start + rows) * queries.cols);
    await kernels.productsInto(products, points, matrix(data, rows, queries.cols));
    for (let i = 0; i < rows; i++) {
      visit(start + i, products.subarray(i * points.rows, (i + 1) * points.rows));
    }
  }
}
