import { visitProducts } from "../math/all-products.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, takeRows } from "../math/matrix.ts";
import type { ScoredWord, Vocabulary } from "../model.ts";

/** How well a word finds the images of its concept among all. */
export interface LabelProof {
  /** Chance that the word is closer to an image of the concept than to another one, ties half; 0 to 1, by accident 0.5. */
  readonly auc: number;
  /** Share of the concept's images among as many that are closest to the word, 0 to 1. */
  readonly precision: number;
}

/** Words whose scores are held at a time. */
const BLOCK_WORDS = 16;
/** Images that stand for all others, where there are more: enough that AUCs are off by 0.005 at most, mostly by 0.001. */
const MOST_OTHERS = 10_000;
/** Scores within one of so many steps of a word's range count as equal: far finer than what makes a difference. */
const STEPS = 4096;

/**
 * Puts the words of concepts to the test: each searches all images by cosine, and is told how well its own concept's come out
 * on top (area under the ROC curve, Hanley and McNeil 1982; precision at the concept's size). The other images are
 * those in every n-th row where a collection has more than 10,000.
 *
 * @param words for each concept; those that are not in the vocabulary stay without proof
 * @param imageVectors images x dimensions, rows of length 1
 * @param concepts place of each image's concept in `words`, -1 for none
 */
export async function provenWords(
  words: readonly (readonly ScoredWord[])[],
  vocabulary: Vocabulary,
  imageVectors: Matrix,
  concepts: Int32Array,
  kernels: DenseKernels,
): Promise<ScoredWord[][]> {
  const rowOf = rowsOfWords(words, vocabulary);
  const own = await ownScores(words, rowOf, vocabulary, imageVectors, concepts, kernels);
  const sample = everyNth(imageVectors.rows);
  const sampled = sample.length === imageVectors.rows ? imageVectors : takeRows(imageVectors, sample);
  const groups = sample.map((row) => concepts[row]!);
  const proofs = words.map(() => new Map<string, LabelProof>());
  const rows = [...new Set(rowOf.values())].sort((a, b) => a - b);
  const askers = conceptsByWord(words);
  for (let start = 0; start < rows.length; start += BLOCK_WORDS) {
    const block = rows.slice(start, start + BLOCK_WORDS);
    const scores = await scoresOf(takeRows(vocabulary.vectors, Int32Array.from(block)), sampled, kernels);
    block.forEach((row, i) => {
      const word = vocabulary.words[row]!;
      for (const concept of askers.get(word)!) {
        const others = { scores: scores[i]!, groups, total: imageVectors.rows };
        proofs[concept]!.set(word, proofOf(own[concept]!.get(word)!, others, concept));
      }
    });
  }
  return words.map((list, concept) => list.map((one) => ({ ...one, ...proofs[concept]!.get(one.word) })));
}

/** Where the words in question are in the vocabulary. */
function rowsOfWords(
  words: readonly (readonly ScoredWord[])[],
  vocabulary: Vocabulary,
): ReadonlyMap<string, number> {
  const asked = new Set(words.flatMap((list) => list.map(({ word }) => word)));
  const rows = new Map<string, number>();
  vocabulary.words.forEach((word, row) => {
    if (asked.has(word) && !rows.has(word)) rows.set(word, row);
  });
  return rows;
}

function conceptsByWord(words: readonly (readonly ScoredWord[])[]): ReadonlyMap<string, readonly number[]> {
  const concepts = new Map<string, number[]>();
  words.forEach((list, concept) => {
    for (const { word } of list) concepts.set(word, [...(concepts.get(word) ?? []), concept]);
  });
  return concepts;
}

function everyNth(rows: number): Int32Array {
  const count = Math.min(rows, MOST_OTHERS);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

/** For each concept and each of its words the scores of all its images. */
async function ownScores(
  words: readonly (readonly ScoredWord[])[],
  rowOf: ReadonlyMap<string, number>,
  vocabulary: Vocabulary,
  imageVectors: Matrix,
  concepts: Int32Array,
  kernels: DenseKernels,
): Promise<ReadonlyMap<string, Float32Array>[]> {
  const members = membersOf(concepts, words.length);
  const all: Map<string, Float32Array>[] = [];
  for (const [concept, list] of words.entries()) {
    const known = list.map(({ word }) => word).filter((word) => rowOf.has(word));
    if (known.length === 0) {
      all.push(new Map());
      continue;
    }
    const rows = Int32Array.from(known, (word) => rowOf.get(word)!);
    const images = takeRows(imageVectors, members[concept]!);
    const scores = await scoresOf(takeRows(vocabulary.vectors, rows), images, kernels);
    all.push(new Map(known.map((word, i) => [word, scores[i]!])));
  }
  return all;
}

function membersOf(concepts: Int32Array, count: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (const concept of concepts) if (concept !== -1) sizes[concept]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  concepts.forEach((concept, row) => {
    if (concept !== -1) members[concept]![sizes[concept]!++] = row;
  });
  return members;
}

/** @returns for each word the inner product with each image */
async function scoresOf(words: Matrix, images: Matrix, kernels: DenseKernels): Promise<Float32Array[]> {
  const scores = Array.from({ length: words.rows }, () => new Float32Array(images.rows));
  await visitProducts(words, images, kernels, (image, products) => {
    for (let word = 0; word < words.rows; word++) scores[word]![image] = products[word]!;
  });
  return scores;
}

/** Images that stand for all of a collection. */
interface SampledImages {
  readonly scores: Float32Array;
  /** The concept of each. */
  readonly groups: Int32Array;
  /** Images in the collection. */
  readonly total: number;
}

function proofOf(own: Float32Array, { scores, groups, total }: SampledImages, concept: number): LabelProof {
  const { low, high } = range(own, scores);
  const scale = high > low ? (STEPS - 1) / (high - low) : 0;
  const ownSteps = new Int32Array(STEPS);
  const otherSteps = new Int32Array(STEPS);
  for (let i = 0; i < own.length; i++) ownSteps[((own[i]! - low) * scale) | 0]!++;
  let others = 0;
  for (let i = 0; i < scores.length; i++) {
    if (groups[i] === concept) continue;
    otherSteps[((scores[i]! - low) * scale) | 0]!++;
    others++;
  }
  if (own.length === 0 || others === 0) return { auc: 0.5, precision: own.length > 0 ? 1 : 0 };
  const weight = (total - own.length) / others;
  return {
    auc: auc(ownSteps, otherSteps, own.length * others),
    precision: precision(ownSteps, otherSteps, weight, own.length),
  };
}

function auc(own: Int32Array, others: Int32Array, pairs: number): number {
  let below = 0;
  let won = 0;
  for (let step = 0; step < STEPS; step++) {
    won += own[step]! * (below + others[step]! / 2);
    below += others[step]!;
  }
  return won / pairs;
}

/** Of images that share the last step, as large a share counts as there is room for. */
function precision(own: Int32Array, others: Int32Array, weight: number, size: number): number {
  let room = size;
  let found = 0;
  for (let step = STEPS - 1; step >= 0 && room > 0; step--) {
    const here = own[step]! + weight * others[step]!;
    if (here === 0) continue;
    found += own[step]! * Math.min(1, room / here);
    room -= Math.min(room, here);
  }
  return Math.min(1, found / size);
}

function range(a: Float32Array, b: Float32Array): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of [a, b]) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}
