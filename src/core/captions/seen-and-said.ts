import { InputError, ModelStateError } from "../errors.ts";
import { dot, type Matrix, row, takeRows } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { FittedModel } from "../model.ts";
import type { Embedder, WorkOptions } from "../stages.ts";
import { wordsByCaptions } from "./caption-ctfidf.ts";
import type {
  CaptionMisfit,
  CaptionReport,
  CaptionReportOptions,
  CaptionWord,
  SaidConcept,
} from "./caption-report.ts";
import { captionTerms } from "./caption-words.ts";
import { centredRows, meanVector } from "./centred-vectors.ts";
import { countBelow, retrievalPower } from "./retrieval-power.ts";

/** Pictures that stand for all where every one would be too many. */
const SAMPLE = 20_000;
const BACKGROUND = 1000;
/** Captions embedded at a time: bounds memory. */
const BLOCK = 4096;
/** Below these distances from chance a power says nothing, however many pictures there are. */
const LEAST_WORD_POWER = 0.05;
const LEAST_CONCEPT_POWER = 0.1;

/** One caption of one picture. */
interface Caption {
  readonly row: number;
  readonly text: string;
}

/** What all parts of the report compare: centred vectors, and samples that depend on the seed alone. */
interface Ground {
  readonly model: FittedModel;
  readonly captions: readonly (readonly string[])[];
  readonly embed: (texts: readonly string[]) => Promise<Matrix>;
  readonly imageMean: Float32Array;
  readonly textMean: Float32Array;
  readonly rng: Rng;
}

/**
 * Compares what pictures show with what their captions say: concepts whose captions do not speak of them, words that no
 * picture shows, captions that do not fit their pictures. Everything is judged against a background of the same
 * collection, with the means of pictures and of captions removed, so no fixed similarity counts.
 *
 * @param embedder the one the images were embedded with
 * @throws ModelStateError (NO_CAPTIONS) when the pictures have no captions
 */
export async function compareSeenAndSaid(
  model: FittedModel,
  embedder: Pick<Embedder, "embedTexts">,
  options: CaptionReportOptions & WorkOptions = {},
): Promise<CaptionReport> {
  const all = captionList(model);
  const rng = new Rng(model.parameters.seed);
  const embed = (texts: readonly string[]): Promise<Matrix> => {
    options.signal?.throwIfAborted();
    return embedder.embedTexts(texts, { signal: options.signal });
  };
  const sampled = sample(all, SAMPLE, rng.fork(1));
  const sampledVectors = await embed(sampled.map(({ text }) => text));
  if (sampledVectors.cols !== model.imageVectors.cols) {
    throw new InputError("Captions and images are not in one space", {
      expected: `${model.imageVectors.cols} dimensions`,
      found: `${sampledVectors.cols}`,
    });
  }
  const ground: Ground = {
    model,
    captions: model.images.captions!,
    embed,
    imageMean: meanVector(model.imageVectors),
    textMean: meanVector(sampledVectors),
    rng,
  };
  const work = new WorkPacer(options);
  const concepts = judgeConcepts(ground, sampled, sampledVectors, options);
  const words = await judgeWords(ground, options, work.part(0.1, 0.5));
  const misfits = await findMisfits(ground, all, options, work.part(0.5, 1));
  work.finish();
  const captioned = ground.captions.reduce((count, texts) => count + (texts.length > 0 ? 1 : 0), 0);
  const { rows: pictures } = model.imageVectors;
  return { pictures, captioned, captions: all.length, concepts, words, misfits };
}

function captionList({ images }: FittedModel): Caption[] {
  const all = (images.captions ?? []).flatMap((texts, row) => texts.map((text) => ({ row, text })));
  if (all.length > 0) return all;
  throw new ModelStateError("NO_CAPTIONS", "The pictures of this model have no captions", {
    hint: "Fit with captions: a table, sidecar files, exif or filename (--captions).",
  });
}

/** All where there are few, else so many by chance, in their order. */
function sample<T>(items: readonly T[], count: number, rng: Rng): T[] {
  let open = Math.min(count, items.length);
  // Selection sampling (Knuth, volume 2, 3.4.2, algorithm S).
  return items.filter((_, i) => {
    const taken = open > 0 && rng.uniform() * (items.length - i) < open;
    if (taken) open--;
    return taken;
  });
}

function judgeConcepts(
  { model, captions, imageMean }: Ground,
  sampled: readonly Caption[],
  vectors: Matrix,
  { wordCount = 5 }: CaptionReportOptions,
): SaidConcept[] {
  const groupOfId = new Map(model.concepts.map(({ id }, group) => [id, group]));
  const groups = model.images.concepts.map((id) => groupOfId.get(id) ?? -1);
  const words = wordsByCaptions(captions, groups, { groups: model.concepts.length, count: wordCount });
  const powers = speakingPowers(model, groups, sampled, vectors, imageMean);
  const captioned = new Int32Array(model.concepts.length);
  captions.forEach((texts, row) => {
    if (texts.length > 0 && groups[row] !== -1) captioned[groups[row]!]!++;
  });
  return model.concepts.map(({ id, name, size }, group) => {
    const { power, noise } = powers[group]!;
    const said = power !== null && power > 0.5 + Math.max(LEAST_CONCEPT_POWER, 2 * noise);
    return { id, name, size, captioned: captioned[group]!, words: words[group]!, power, said };
  });
}

/**
 * For each concept the share of the other concepts that its captions are farther from than from it. The captions'
 * own mean would lean towards what they speak of and make silence on a concept look like closeness to it: the
 * mean of the vocabulary, where there is one, speaks of everything.
 */
function speakingPowers(
  { vocabulary, conceptVectors }: FittedModel,
  groups: Int32Array,
  sampled: readonly Caption[],
  vectors: Matrix,
  imageMean: Float32Array,
): { power: number | null; noise: number }[] {
  const texts = centredRows(vectors, meanVector(vocabulary?.vectors ?? vectors));
  const centres = centredRows(conceptVectors, imageMean);
  const tallies = Array.from({ length: centres.rows }, () => ({
    sum: 0,
    captions: 0,
    texts: new Set<string>(),
  }));
  sampled.forEach(({ row: picture, text }, i) => {
    const group = groups[picture]!;
    if (group === -1) return;
    const scores = scoresOf(centres, row(texts, i));
    const farther = scores.filter((score) => score < scores[group]!).length;
    const tally = tallies[group]!;
    tally.sum += centres.rows > 1 ? farther / (centres.rows - 1) : 1;
    tally.captions++;
    tally.texts.add(text);
  });
  return tallies.map((tally) => ({
    power: tally.captions > 0 ? tally.sum / tally.captions : null,
    // A share by chance is uniform, of variance 1/12; a text repeated says nothing new.
    noise: Math.sqrt(1 / (12 * Math.max(1, tally.texts.size))),
  }));
}

async function judgeWords(
  ground: Ground,
  { minPictures = 5, maxWords = 1000 }: CaptionReportOptions,
  work: WorkPacer,
): Promise<CaptionWord[]> {
  const { captions, model, embed, imageMean, rng } = ground;
  const terms = captionTerms(captions, { minPictures, maxWords });
  if (terms.words.length === 0) return [];
  const wordVectors = await embed(terms.words);
  const vectors = centredRows(wordVectors, meanVector(wordVectors));
  const captioned = Array.from(captions.keys()).filter((row) => captions[row]!.length > 0);
  const background = sample(captioned, 2 * BACKGROUND, rng.fork(2));
  const backgroundVectors = centredRows(takeRows(model.imageVectors, background), imageMean);
  const judged: CaptionWord[] = [];
  for (const [term, pictures] of terms.pictures.entries()) {
    await work.pause(term / terms.words.length);
    const own = new Set(pictures);
    const some = sample(Array.from(pictures), 2 * BACKGROUND, rng.fork(3));
    const word = row(vectors, term);
    const right = scoresOf(centredRows(takeRows(model.imageVectors, some), imageMean), word);
    const others = scoresOf(backgroundVectors, word).filter((_, i) => !own.has(background[i]!));
    const power = retrievalPower(right, others);
    // A word said of every picture tells none of them apart.
    if (power === null) continue;
    const shown = power.auc > 0.5 + Math.max(LEAST_WORD_POWER, 2 * power.noise);
    judged.push({ word: terms.words[term]!, pictures: pictures.length, auc: power.auc, shown });
  }
  return judged.sort((a, b) => a.auc - b.auc);
}

function scoresOf(vectors: Matrix, query: Float32Array): Float64Array {
  return Float64Array.from({ length: vectors.rows }, (_, i) => dot(row(vectors, i), query));
}

async function findMisfits(
  { model, captions, embed, imageMean, textMean, rng }: Ground,
  all: readonly Caption[],
  { misfitShare = 0.25 }: CaptionReportOptions,
  work: WorkPacer,
): Promise<CaptionMisfit[]> {
  const { images, imageVectors } = model;
  const background = sample(Array.from(captions.keys()), BACKGROUND, rng.fork(4));
  const others = centredRows(takeRows(imageVectors, background), imageMean);
  const misfits: CaptionMisfit[] = [];
  for (let start = 0; start < all.length; start += BLOCK) {
    const block = all.slice(start, start + BLOCK);
    const texts = centredRows(await embed(block.map(({ text }) => text)), textMean);
    const own = centredRows(
      takeRows(
        imageVectors,
        block.map((caption) => caption.row),
      ),
      imageMean,
    );
    for (const [i, { row: picture, text }] of block.entries()) {
      await work.pause((start + i) / all.length);
      // Pictures that bear the same caption are no others: it fits them too.
      const strangers = background.map((other) => other !== picture && !captions[other]!.includes(text));
      const scores = scoresOf(others, row(texts, i)).filter((_, k) => strangers[k]!);
      if (scores.length === 0) continue;
      const below = countBelow(scores.sort(), dot(row(own, i), row(texts, i)), false);
      const share = 1 - below / scores.length;
      if (share < misfitShare) continue;
      const concept = images.concepts[picture]!;
      misfits.push({ row: picture, path: images.paths[picture]!, concept, caption: text, share });
    }
  }
  return misfits.sort((a, b) => b.share - a.share || a.row - b.row);
}
