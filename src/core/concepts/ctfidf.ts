import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import type { ScoredWord, Vocabulary } from "../model.ts";

/** How often each term occurs in each class, in compressed sparse rows. */
export interface ClassTermCounts {
  /** classes + 1 offsets into `terms` and `counts` */
  readonly offsets: Int32Array;
  /** Term ids, ascending within a class. */
  readonly terms: Int32Array;
  readonly counts: Float64Array;
  readonly termCount: number;
}

/** `"smooth"` is ln(1 + A / f) (Grootendorst 2022, equation 3); `"plain"` is ln(A / f) as in Concept 0.2.1. */
export type InverseFrequency = "smooth" | "plain";

/**
 * Class-based TF-IDF: share of a term in its class times ln of average words per class (rounded down) over the
 * term's count in all classes.
 *
 * @returns one weight a stored count, in the order of `counts.terms`
 */
export function ctfidfWeights(counts: ClassTermCounts, inverse: InverseFrequency = "smooth"): Float64Array {
  const classes = counts.offsets.length - 1;
  const perTerm = new Float64Array(counts.termCount);
  counts.terms.forEach((term, i) => {
    perTerm[term] = perTerm[term]! + counts.counts[i]!;
  });
  const total = counts.counts.reduce((sum, count) => sum + count, 0);
  const averageWords = Math.floor(total / Math.max(1, classes));
  const weights = new Float64Array(counts.counts.length);
  for (let c = 0; c < classes; c++) {
    const start = counts.offsets[c]!;
    const end = counts.offsets[c + 1]!;
    let words = 0;
    for (let i = start; i < end; i++) words += counts.counts[i]!;
    for (let i = start; i < end; i++) {
      const ratio = averageWords / perTerm[counts.terms[i]!]!;
      const idf = Math.log(inverse === "smooth" ? 1 + ratio : ratio);
      weights[i] = (counts.counts[i]! / words) * idf;
    }
  }
  return weights;
}

/** Words each image contributes to its concept's text (Concept 0.2.1). */
const WORDS_PER_IMAGE = 20;

/** Images whose words are looked up in one call: bounds the memory of the kernels. */
const IMAGE_BLOCK = 4096;

/**
 * Names concepts by c-TF-IDF: every image brings the 20 words closest to it, the images of a concept together
 * make its text, and the words that set this text apart from the others' win. Images in no concept form a
 * class of their own, so that words for everything do not stand out.
 *
 * @param imageVectors images x dimensions, rows of length 1
 * @param concepts concept of each image, -1 for none
 * @returns for each concept at most `count` words, best first, with their weights
 */
export async function wordsByCtfidf(
  imageVectors: Matrix,
  concepts: Int32Array,
  vocabulary: Vocabulary,
  options: { readonly conceptCount: number; readonly count: number; readonly kernels: DenseKernels },
): Promise<ScoredWord[][]> {
  if (vocabulary.words.length === 0) return Array.from({ length: options.conceptCount }, () => []);
  const imageWords = await closestWords(imageVectors, vocabulary, options.kernels);
  const counts = countClassTerms(imageWords, concepts, options.conceptCount, vocabulary.words.length);
  const weights = ctfidfWeights(counts);
  return Array.from({ length: options.conceptCount }, (_, concept) =>
    heaviestTerms(counts, weights, concept, options.count).map((i) => ({
      word: vocabulary.words[counts.terms[i]!]!,
      score: weights[i]!,
    })),
  );
}

/** @returns images x words per image, word ids */
async function closestWords(
  imageVectors: Matrix,
  vocabulary: Vocabulary,
  kernels: DenseKernels,
): Promise<Int32Array> {
  const perImage = Math.min(WORDS_PER_IMAGE, vocabulary.words.length);
  const words = new Int32Array(imageVectors.rows * perImage);
  const index = await kernels.innerProductIndex(vocabulary.vectors);
  try {
    for (let start = 0; start < imageVectors.rows; start += IMAGE_BLOCK) {
      const rows = Math.min(IMAGE_BLOCK, imageVectors.rows - start);
      const cols = imageVectors.cols;
      const block = matrix(imageVectors.data.subarray(start * cols, (start + rows) * cols), rows, cols);
      words.set((await index.search(block, perImage)).indices, start * perImage);
    }
  } finally {
    await index.dispose();
  }
  return words;
}

/** Classes are the concepts, then the images in none. */
function countClassTerms(
  imageWords: Int32Array,
  concepts: Int32Array,
  conceptCount: number,
  termCount: number,
): ClassTermCounts {
  const perImage = imageWords.length / Math.max(1, concepts.length);
  const perClass = Array.from({ length: conceptCount + 1 }, () => new Map<number, number>());
  imageWords.forEach((word, i) => {
    const concept = concepts[Math.floor(i / perImage)]!;
    const counts = perClass[concept === -1 ? conceptCount : concept]!;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  });
  return compressRows(
    perClass.filter((counts) => counts.size > 0 || counts !== perClass[conceptCount]),
    termCount,
  );
}

/** One row a class, term id to count. */
export function compressRows(rows: readonly Map<number, number>[], termCount: number): ClassTermCounts {
  const entries = rows.map((counts) => [...counts].sort((a, b) => a[0] - b[0]));
  const offsets = new Int32Array(rows.length + 1);
  entries.forEach((row, i) => {
    offsets[i + 1] = offsets[i]! + row.length;
  });
  return {
    offsets,
    terms: Int32Array.from(entries.flat(), ([term]) => term),
    counts: Float64Array.from(entries.flat(), ([, count]) => count),
    termCount,
  };
}

/** Positions in `counts` of a class's heaviest terms with a positive weight; ties go to the lower term. */
export function heaviestTerms(
  counts: ClassTermCounts,
  weights: Float64Array,
  concept: number,
  count: number,
): number[] {
  const start = counts.offsets[concept]!;
  return Array.from({ length: counts.offsets[concept + 1]! - start }, (_, i) => start + i)
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, count);
}
