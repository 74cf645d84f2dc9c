import { InputError, ModelStateError } from "../errors.ts";
import { type Matrix, row } from "../math/matrix.ts";
import type { ImageTable, Vocabulary } from "../model.ts";
import type { Embedder } from "../stages.ts";
import { checkedQuery, parseQuery } from "./parse-query.ts";
import type { ResolvedTerm, SearchQuery } from "./query.ts";

/** Where the vectors of a query come from. */
export interface TermVectors {
  /** The vector of a text, of any length. */
  text(text: string): Promise<Float32Array>;
  /** Row of the picture of this path or id, -1 for none. */
  imageRow(image: string): number;
  /** The vector of a row. */
  ownImage(row: number): Promise<Float32Array>;
  /** The vector of a picture that is not in the collection. */
  otherImage(image: string): Promise<Float32Array>;
}

/**
 * @param query a text in the grammar of `parseQuery`, or terms with weights
 * @throws InputError (BAD_OPTION) for a query that cannot be used, and the errors of `vectors`
 */
export async function resolveTerms(
  query: string | SearchQuery,
  vectors: TermVectors,
): Promise<ResolvedTerm[]> {
  const resolved: ResolvedTerm[] = [];
  for (const term of checkedQuery(typeof query === "string" ? parseQuery(query) : query)) {
    const { weight = 1 } = term;
    if ("text" in term) {
      const vector = await vectors.text(term.text);
      resolved.push({ label: term.text, kind: "text", weight, vector, row: null });
      continue;
    }
    const own = vectors.imageRow(term.image);
    const vector = own === -1 ? await vectors.otherImage(term.image) : await vectors.ownImage(own);
    resolved.push({ label: term.image, kind: "image", weight, vector, row: own === -1 ? null : own });
  }
  return resolved;
}

/** Row of the picture of this path or id, -1 for none. */
export function imageRow({ paths, ids }: Pick<ImageTable, "paths" | "ids">, image: string): number {
  const byPath = paths.indexOf(image);
  return byPath === -1 ? ids.indexOf(image) : byPath;
}

/**
 * The vector of a text: from the embedder, or from the vocabulary where there is none.
 *
 * @throws ModelStateError (NO_EMBEDDER) where neither has it; InputError for an embedder of another space
 */
export async function textVector(
  text: string,
  embedder: Pick<Embedder<never>, "embedTexts"> | undefined,
  { vocabulary, imageVectors }: { vocabulary: Vocabulary | null; imageVectors: Pick<Matrix, "cols"> },
): Promise<Float32Array> {
  if (embedder !== undefined) {
    const vectors = await embedder.embedTexts([text]);
    checkDimensions(vectors, imageVectors.cols);
    return row(vectors, 0);
  }
  const index = vocabulary?.words.indexOf(text) ?? -1;
  if (vocabulary !== null && index !== -1) return row(vocabulary.vectors, index);
  throw new ModelStateError("NO_EMBEDDER", `"${text}" cannot be searched: the model was made from vectors`, {
    expected: "an embedder whose space the vectors share",
    found: vocabulary === null ? "none, and no words" : "none, and a vocabulary without it",
    hint: "Give the embedding model that made the vectors (--model on the command line).",
  });
}

/** @throws InputError for vectors of other dimensions than a model's */
export function checkDimensions({ cols }: Pick<Matrix, "cols">, expected: number): void {
  if (cols === expected) return;
  throw new InputError("The vectors do not share the model's space", {
    expected: `${expected} dimensions`,
    found: `${cols}`,
    hint: "Use the embedding model that the collection was fitted with.",
  });
}
