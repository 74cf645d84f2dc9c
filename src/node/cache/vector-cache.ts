import type { Matrix } from "../../core/math/matrix.ts";

/** What was found for a list of keys. */
export interface CacheLookup {
  /** Positions in the list that were found, ascending. */
  readonly found: Int32Array;
  /** found x dimensions, in the order of `found`. */
  readonly vectors: Matrix;
  /** The other positions, ascending. */
  readonly missing: Int32Array;
}

/** Keeps the vectors of one embedding model under keys of 32 bytes (`imageKey`, `textKey`). */
export interface VectorCache {
  readonly dimensions: number;
  get(keys: readonly Uint8Array[]): Promise<CacheLookup>;
  /**
   * Adds vectors; when the promise resolves, a killed process no longer loses them.
   * @param vectors keys x dimensions
   */
  append(keys: readonly Uint8Array[], vectors: Matrix): Promise<void>;
}
