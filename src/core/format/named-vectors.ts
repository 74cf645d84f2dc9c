import type { Matrix } from "../math/matrix.ts";

/** Vectors read from a file, with their names where the file had them. */
export interface NamedVectors {
  /** vectors x dimensions */
  readonly vectors: Matrix;
  /** One a row; null where the file holds none. */
  readonly names: readonly string[] | null;
}
