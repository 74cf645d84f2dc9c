import { InputError } from "../errors.ts";
import { assertFinite, type Matrix, normalizedRows, takeRows } from "../math/matrix.ts";
import type { Vocabulary } from "../model.ts";
import { PhraseVectorizer } from "./vectorizer.ts";

/**
 * A vocabulary whose vectors the caller has: each document counts whole, as one word, the first of equal ones.
 *
 * @param vectors docs x dimensions, of any length
 * @param dimensions of the images' vectors
 * @throws InputError when numbers, spaces or values do not fit
 */
export function givenVocabulary(docs: readonly string[], vectors: Matrix, dimensions: number): Vocabulary {
  if (vectors.rows !== docs.length) {
    throw new InputError("Documents and their vectors differ in number", {
      expected: `${docs.length} vectors`,
      found: `${vectors.rows}`,
    });
  }
  assertSharedSpace(vectors, dimensions);
  assertFinite(vectors, "Document vectors");
  const words = new PhraseVectorizer().vocabulary(docs);
  const firstRow = new Map<string, number>();
  docs.forEach((doc, i) => {
    if (!firstRow.has(doc.trim())) firstRow.set(doc.trim(), i);
  });
  const rows = words.map((word) => firstRow.get(word)!);
  return { words, vectors: normalizedRows(takeRows(vectors, rows)) };
}

/** @throws InputError when words and images have vectors of different lengths */
export function assertSharedSpace(vectors: Matrix, dimensions: number): void {
  if (vectors.cols !== dimensions) {
    throw new InputError("Words and images are not in one space", {
      expected: `word vectors of ${dimensions} dimensions, as the images have`,
      found: `${vectors.cols}`,
      hint: "Embed both with the same model.",
    });
  }
}
