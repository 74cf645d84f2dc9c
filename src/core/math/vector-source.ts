import { type Matrix, matrix, takeRows } from "./matrix.ts";

/** Consecutive rows of a source; row 0 of `points` is row `start` there. */
export interface VectorBlock {
  readonly start: number;
  readonly points: Matrix;
}

/** Vectors that need not be in memory: read in order, or a few of them. */
export interface VectorSource {
  readonly rows: number;
  readonly cols: number;
  /**
   * All rows in order, `blockRows(cols)` at a time. A block is valid until the next is asked for: its memory is used again.
   * Several readers may go on at once.
   */
  blocks(): AsyncIterable<VectorBlock>;
  /** A copy of the given rows, in the given order; quickest where they ascend. */
  takeRows(rows: ArrayLike<number>): Promise<Matrix>;
}

/** Values of a block, 16 MB of float32: few calls a million rows, and two blocks are little memory. */
const BLOCK_VALUES = 2 ** 22;

/**
 * Rows of a block, of every source: kernels may round otherwise in matrices of other shapes, and one query is to have one
 * answer wherever the vectors lie.
 */
export function blockRows(cols: number): number {
  return Math.max(1, Math.floor(BLOCK_VALUES / Math.max(1, cols)));
}

/** A matrix as a source. Its blocks are views. */
export function matrixSource(points: Matrix): VectorSource {
  const { data, rows, cols } = points;
  return {
    rows,
    cols,
    async *blocks() {
      const most = blockRows(cols);
      for (let start = 0; start < rows; start += most) {
        const size = Math.min(most, rows - start);
        yield { start, points: matrix(data.subarray(start * cols, (start + size) * cols), size, cols) };
      }
    },
    takeRows: async (wanted) => takeRows(points, wanted),
  };
}
