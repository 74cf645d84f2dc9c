/** A part of a query. A negative weight looks for pictures unlike it; the default weight is 1. */
export type SearchTerm =
  | { readonly text: string; readonly weight?: number | undefined }
  /** A picture of the collection by its path or id, or any other that the embedder can read. */
  | { readonly image: string; readonly weight?: number | undefined };

/** What is looked for: one term, or several with weights. At least one weight is positive. */
export type SearchQuery = readonly SearchTerm[];

/** A term with its vector. */
export interface ResolvedTerm {
  /** The text, or the name of the picture. */
  readonly label: string;
  readonly kind: "text" | "image";
  /** Not 0. */
  readonly weight: number;
  /** Of any length; only its direction counts. */
  readonly vector: Float32Array;
  /** Row of the picture in the model where it is one of its own, else null. */
  readonly row: number | null;
}
