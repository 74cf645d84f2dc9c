/**
 * The nearest neighbours of each point, nearest first. When points are searched among themselves, the
 * point itself comes first at distance 0, as in umap-learn.
 */
export interface Neighbors {
  /** Row-major, rows x k. */
  readonly indices: Int32Array;
  /** Row-major, rows x k, ascending within a row. */
  readonly distances: Float32Array;
  readonly rows: number;
  readonly k: number;
}

/** `"cosine"` is 1 - cosine similarity, 0 to 2; `"euclidean"` the L2 distance. */
export type Metric = "cosine" | "euclidean";
