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

/**
 * Heavy dense algebra behind one small interface: the TypeScript reference (`referenceKernels`), ONNX
 * Runtime on Node, WASM or WebGPU in a browser. Callers pass blocks of queries, so memory is theirs to bound.
 */
export interface DenseKernels {
  readonly name: string;
  /**
   * @param points rows x cols
   * @param bias one number per point, added to its inner products; default none
   */
  innerProductIndex(points: Matrix, bias?: Float32Array): Promise<InnerProductIndex>;
}
