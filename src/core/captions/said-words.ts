import { visitProducts } from "../math/all-products.ts";
import { type Matrix, row, takeRows } from "../math/matrix.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { CaptionReportOptions, CaptionWord } from "./caption-report.ts";
import { captionTerms } from "./caption-words.ts";
import { centredRows, meanVector } from "./centred-vectors.ts";
import { BACKGROUND, centredScores, type Ground, sample } from "./ground.ts";
import { retrievalPower } from "./retrieval-power.ts";

/** Below this distance from chance a power says nothing, however many pictures there are. */
const LEAST_POWER = 0.05;

/** How well the words of captions find the pictures that they are said of, worst first. */
export async function judgeWords(
  ground: Ground,
  { minPictures = 5, maxWords = 1000 }: CaptionReportOptions,
  work: WorkPacer,
): Promise<CaptionWord[]> {
  const { captions, embed, rng } = ground;
  const terms = captionTerms(captions, { minPictures, maxWords });
  if (terms.words.length === 0) return [];
  const wordVectors = await embed(terms.words);
  const vectors = centredRows(wordVectors, meanVector(wordVectors));
  const captioned = Array.from(captions.keys()).filter((row) => captions[row]!.length > 0);
  const background = sample(captioned, 2 * BACKGROUND, rng.fork(2));
  const backgroundScores = await scoresByWord(ground, background, vectors);
  const judged: CaptionWord[] = [];
  for (const [term, pictures] of terms.pictures.entries()) {
    await work.pause(term / terms.words.length);
    const own = new Set(pictures);
    const some = sample(Array.from(pictures), 2 * BACKGROUND, rng.fork(3));
    const right = centredScores(ground, some, row(vectors, term));
    const others = backgroundScores[term]!.filter((_, i) => !own.has(background[i]!));
    const power = retrievalPower(right, others);
    // A word said of every picture tells none of them apart.
    if (power === null) continue;
    const shown = power.auc > 0.5 + Math.max(LEAST_POWER, 2 * power.noise);
    judged.push({ word: terms.words[term]!, pictures: pictures.length, auc: power.auc, shown });
  }
  return judged.sort((a, b) => a.auc - b.auc);
}

/** For each word the scores of some pictures. */
async function scoresByWord(
  { model, imageMean, kernels }: Ground,
  pictures: readonly number[],
  words: Matrix,
): Promise<Float64Array[]> {
  const scores = Array.from({ length: words.rows }, () => new Float64Array(pictures.length));
  const images = centredRows(takeRows(model.imageVectors, pictures), imageMean);
  await visitProducts(words, images, kernels, (picture, products) => {
    for (let word = 0; word < words.rows; word++) scores[word]![picture] = products[word]!;
  });
  return scores;
}
