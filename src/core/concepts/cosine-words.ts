import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, normalizedRows } from "../math/matrix.ts";
import type { ScoredWord, Vocabulary } from "../model.ts";

/**
 * The words closest to each concept by cosine similarity, -1 to 1.
 *
 * @param vectors concepts x dimensions, any length
 * @returns for each concept at most `count` words, best first; all of them where the vocabulary is smaller
 */
export async function wordsByCosine(
  vectors: Matrix,
  vocabulary: Vocabulary,
  options: { readonly count: number; readonly kernels: DenseKernels },
): Promise<ScoredWord[][]> {
  const count = Math.min(options.count, vocabulary.words.length);
  if (count === 0 || vectors.rows === 0) return Array.from({ length: vectors.rows }, () => []);
  const index = await options.kernels.innerProductIndex(vocabulary.vectors);
  try {
    const top = await index.search(normalizedRows(vectors), count);
    return Array.from({ length: vectors.rows }, (_, concept) =>
      Array.from({ length: count }, (_, rank) => ({
        word: vocabulary.words[top.indices[concept * count + rank]!]!,
        score: top.scores[concept * count + rank]!,
      })),
    );
  } finally {
    await index.dispose();
  }
}
