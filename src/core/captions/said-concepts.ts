import { visitProducts } from "../math/all-products.ts";
import type { Matrix } from "../math/matrix.ts";
import { wordsByCaptions } from "./caption-ctfidf.ts";
import type { CaptionReportOptions, SaidConcept } from "./caption-report.ts";
import { centredRows, meanVector } from "./centred-vectors.ts";
import type { Caption, Ground } from "./ground.ts";

/** Below this distance from chance a power says nothing, however many pictures there are. */
const LEAST_POWER = 0.1;

/**
 * Whether the captions of each concept that is not hidden speak of it.
 *
 * @param sampled some of the captions, with their vectors
 */
export async function judgeConcepts(
  ground: Ground,
  sampled: readonly Caption[],
  vectors: Matrix,
  { wordCount = 5 }: CaptionReportOptions,
): Promise<SaidConcept[]> {
  const { model, captions } = ground;
  const groupOfId = new Map(model.concepts.map(({ id }, group) => [id, group]));
  const groups = model.images.concepts.map((id) => groupOfId.get(id) ?? -1);
  const words = wordsByCaptions(captions, groups, { groups: model.concepts.length, count: wordCount });
  const powers = await speakingPowers(ground, groups, sampled, vectors);
  const captioned = new Int32Array(model.concepts.length);
  captions.forEach((texts, row) => {
    if (texts.length > 0 && groups[row] !== -1) captioned[groups[row]!]!++;
  });
  return model.concepts.flatMap(({ id, name, size, hidden }, group) => {
    if (hidden === true) return [];
    const { power, noise } = powers[group]!;
    const said = power !== null && power > 0.5 + Math.max(LEAST_POWER, 2 * noise);
    return { id, name, size, captioned: captioned[group]!, words: words[group]!, power, said };
  });
}

/**
 * For each concept the share of the other concepts that its captions are farther from than from it. The captions'
 * own mean would lean towards what they speak of and make silence on a concept look like closeness to it: the
 * mean of the vocabulary, where there is one, speaks of everything.
 */
async function speakingPowers(
  { model: { vocabulary, conceptVectors }, imageMean, kernels }: Ground,
  groups: Int32Array,
  sampled: readonly Caption[],
  vectors: Matrix,
): Promise<{ power: number | null; noise: number }[]> {
  const texts = centredRows(vectors, meanVector(vocabulary?.vectors ?? vectors));
  const centres = centredRows(conceptVectors, imageMean);
  const tallies = Array.from({ length: centres.rows }, () => ({
    sum: 0,
    captions: 0,
    texts: new Set<string>(),
  }));
  await visitProducts(centres, texts, kernels, (i, scores) => {
    const { row: picture, text } = sampled[i]!;
    const group = groups[picture]!;
    if (group === -1) return;
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
