import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, matrix, normalizedRows, row } from "../math/matrix.ts";
import type { ScoredWord, Vocabulary } from "../model.ts";

/** Share of what the other concepts have in common that is taken away; docs/words.md tells how it was found. */
const COMMON_SHARE = 0.5;

/**
 * The words that set each concept apart from the others: score = (w - mean of words) . (c - mean of the other c / 2), where `w`
 * is the word's vector and `c` the direction of the mean of the concept's images, both of length 1. So a word that suits all concepts
 * alike loses half of its score, and the gap between where a model puts texts and where it puts images plays no part.
 * Scores lie between -3 and 3, mostly between 0 and 1. Our own; with one concept only the mean of words is taken away.
 *
 * @param means concepts x dimensions, the mean of each concept's images, any length
 * @returns for each concept at most `count` words, best first, ties to the earlier word
 */
export async function wordsByContrast(
  means: Matrix,
  vocabulary: Vocabulary,
  options: { readonly count: number; readonly kernels: DenseKernels },
): Promise<ScoredWord[][]> {
  const count = Math.min(options.count, vocabulary.words.length);
  if (count === 0 || means.rows === 0) return Array.from({ length: means.rows }, () => []);
  const directions = withoutCommonPart(normalizedRows(means));
  const centre = meanRow(vocabulary.vectors);
  const index = await options.kernels.innerProductIndex(vocabulary.vectors);
  try {
    const top = await index.search(directions, count);
    return Array.from({ length: means.rows }, (_, concept) => {
      const offset = innerProduct(centre, row(directions, concept));
      return Array.from({ length: count }, (_, rank) => ({
        word: vocabulary.words[top.indices[concept * count + rank]!]!,
        score: top.scores[concept * count + rank]! - offset,
      }));
    });
  } finally {
    await index.dispose();
  }
}

/** The mean of the images of each concept, of any length; rows of zeros for concepts without images. */
export function meansOfConcepts(imageVectors: Matrix, concepts: Int32Array, conceptCount: number): Matrix {
  const { cols } = imageVectors;
  const sums = new Float64Array(conceptCount * cols);
  const sizes = new Int32Array(conceptCount);
  for (let i = 0; i < imageVectors.rows; i++) {
    const concept = concepts[i]!;
    if (concept === -1) continue;
    sizes[concept]!++;
    for (let j = 0; j < cols; j++) sums[concept * cols + j]! += imageVectors.data[i * cols + j]!;
  }
  const means = Float32Array.from(sums, (sum, i) => sum / Math.max(1, sizes[Math.floor(i / cols)]!));
  return matrix(means, conceptCount, cols);
}

function withoutCommonPart({ data, rows, cols }: Matrix): Matrix {
  const all = new Float64Array(cols);
  for (let i = 0; i < data.length; i++) all[i % cols]! += data[i]!;
  const share = rows > 1 ? COMMON_SHARE / (rows - 1) : 0;
  const apart = Float32Array.from(data, (value, i) => value - share * (all[i % cols]! - value));
  return matrix(apart, rows, cols);
}

function meanRow({ data, rows, cols }: Matrix): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < data.length; i++) mean[i % cols]! += data[i]! / rows;
  return mean;
}

function innerProduct(a: Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
