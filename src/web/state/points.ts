/** The pictures of the map, column by column; row `i` of every column is the same picture. */
export interface Points {
  /** x and y of each. */
  readonly map: Float32Array;
  /** Concept ids, -1 for none. */
  readonly concepts: Int32Array;
  /** 0 to 1. */
  readonly probabilities: Float32Array;
  /** The cell of each in the sheets of thumbnails. */
  readonly slots: Uint32Array;
}
