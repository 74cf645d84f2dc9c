import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, matrix, takeRows } from "../math/matrix.ts";
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
/** Images that are scored in one call: bounds the memory of the kernels. */
const BLOCK_IMAGES = 8192;
/** Scores within one of so many steps of a word's range count as equal: far finer than what makes a difference. */
const STEPS = 2 ** 16;

/**
 * Puts the words of concepts to the test: each searches all images by cosine, and is told how well its own concept's come out
 * on top (area under the ROC curve, Hanley and McNeil 1982; precision at the concept's size). Takes memory for
 * 16 x images.
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
  const asked = new Map<string, number[]>();
  words.forEach((list, concept) => {
    for (const { word } of list) asked.set(word, [...(asked.get(word) ?? []), concept]);
  });
  const rows: number[] = [];
  vocabulary.words.forEach((word, i) => {
    if (asked.has(word)) rows.push(i);
  });
  const proofs = words.map(() => new Map<string, LabelProof>());
  for (let start = 0; start < rows.length; start += BLOCK_WORDS) {
    const block = rows.slice(start, start + BLOCK_WORDS);
    const scores = await scoresOf(
      takeRows(vocabulary.vectors, Int32Array.from(block)),
      imageVectors,
      kernels,
    );
    block.forEach((index, i) => {
      const word = vocabulary.words[index]!;
      const proofOf = prover(scores[i]!, concepts, words.length);
      for (const concept of asked.get(word)!) proofs[concept]!.set(word, proofOf(concept));
    });
  }
  return words.map((list, concept) => list.map((one) => ({ ...one, ...proofs[concept]!.get(one.word) })));
}

/** @returns for each word the inner product with each image */
async function scoresOf(words: Matrix, images: Matrix, kernels: DenseKernels): Promise<Float32Array[]> {
  const scores = Array.from({ length: words.rows }, () => new Float32Array(images.rows));
  const index = await kernels.innerProductIndex(words);
  try {
    for (let start = 0; start < images.rows; start += BLOCK_IMAGES) {
      const rows = Math.min(BLOCK_IMAGES, images.rows - start);
      const data = images.data.subarray(start * images.cols, (start + rows) * images.cols);
      const all = await index.search(matrix(data, rows, images.cols), words.rows);
      for (let i = 0; i < all.indices.length; i++) {
        scores[all.indices[i]!]![start + Math.floor(i / words.rows)] = all.scores[i]!;
      }
    }
  } finally {
    await index.dispose();
  }
  return scores;
}

/** Sorts the images into steps of their score once, for all concepts that want to know. */
function prover(scores: Float32Array, concepts: Int32Array, count: number): (concept: number) => LabelProof {
  const steps = stepsOf(scores);
  const all = new Int32Array(STEPS);
  for (let i = 0; i < steps.length; i++) all[steps[i]!]!++;
  return (concept) => {
    const own = new Int32Array(STEPS);
    let size = 0;
    for (let i = 0; i < steps.length; i++) {
      if (concepts[i] !== concept) continue;
      own[steps[i]!]!++;
      size++;
    }
    if (concept >= count || size === 0 || size === steps.length)
      return { auc: 0.5, precision: size > 0 ? 1 : 0 };
    return { auc: auc(own, all, size, steps.length), precision: precision(own, all, size) };
  };
}

function stepsOf(scores: Float32Array): Uint16Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < low) low = scores[i]!;
    if (scores[i]! > high) high = scores[i]!;
  }
  const scale = high > low ? (STEPS - 1) / (high - low) : 0;
  return Uint16Array.from(scores, (score) => (score - low) * scale);
}

/** Pairs among the concept's own images cancel: they win against each other as often as they lose. */
function auc(own: Int32Array, all: Int32Array, size: number, total: number): number {
  let below = 0;
  let won = 0;
  for (let step = 0; step < STEPS; step++) {
    won += own[step]! * (below + all[step]! / 2);
    below += all[step]!;
  }
  return (won - (size * size) / 2) / (size * (total - size));
}

/** Of images that share the last step, as large a share counts as there is room for. */
function precision(own: Int32Array, all: Int32Array, size: number): number {
  let room = size;
  let found = 0;
  for (let step = STEPS - 1; room > 0; step--) {
    if (all[step] === 0) continue;
    found += own[step]! * Math.min(1, room / all[step]!);
    room -= Math.min(room, all[step]!);
  }
  return found / size;
}
