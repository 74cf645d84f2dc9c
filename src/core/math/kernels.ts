import type { Matrix } from "./matrix.ts";

/** The `k` best rows for each query, best first; ties go to the lower index. */
export interface TopK {
  /** Row-major, queries x k. */
  readonly indices: Int32Array;
  /** Row-major, queries x k, descending within a row. */
  readonly scores: Float32Array;
  readonly k: number;
}

/** Points prepared for many inner-product searches. */
export interface InnerProductIndex {
  /**
   * For each query the `k` points with the largest `query . point + bias[point]`.
   * @param queries rows x cols, `cols` that of the points
   * @param k at most the number of points
   */
  search(queries: Matrix, k: number): Promise<TopK>;
  /** Frees what the index holds outside the JavaScript heap. */
  dispose(): Promise<void>;
}

/** Rows of integers from -128 to 127, row-major; the byte `b` stands for `b - 128`. */
export interface ByteMatrix {
  readonly data: Uint8Array;
  readonly rows: number;
  readonly cols: number;
}

/** Some points, at most a few thousand, laid out for many products. */
export interface ByteBlock {
  readonly rows: number;
  /**
   * Exact inner products: `target[i * rows + j] = query i . point j`.
   *
   * @param target at least queries x rows; not to be touched before the promise is settled
   * @param queries queries x cols, `cols` that of the points, at most 2^15
   */
  productsInto(target: Int32Array, queries: ByteMatrix): Promise<void>;
}

/**
 * Heavy dense algebra behind one small interface: the TypeScript reference (`referenceKernels`), ONNX
 * Runtime on Node, WASM or WebGPU in a browser. Callers pass blocks of queries, so memory is theirs to bound.
 */
export interface DenseKernels {
  readonly name: string;
  /** Whether products of bytes are at least as fast as products of float32 here. */
  readonly prefersBytes: boolean;
  /**
   * @param points rows x cols
   * @param bias one number per point, added to its inner products; default none
   */
  innerProductIndex(points: Matrix, bias?: Float32Array): Promise<InnerProductIndex>;
  /**
   * Inner products of all queries with all points: `target[i * points.rows + j] = query i . point j`, the scores of a search.
   *
   * @param target at least queries x points; not to be touched before the promise is settled
   */
  productsInto(target: Float32Array, points: Matrix, queries: Matrix): Promise<void>;
  /** @param points copied, rows x cols */
  byteBlock(points: ByteMatrix): ByteBlock;
}
