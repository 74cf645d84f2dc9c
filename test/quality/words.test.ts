// Do words tell concepts apart, and do names know when they do not? Vendors' emoji that `mini` never saw.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { placesById } from "../../src/core/concept-lookup.ts";
import { conceptWords, type WordChoice } from "../../src/core/concepts/concept-words.ts";
import { provenWords } from "../../src/core/concepts/label-proof.ts";
import { labelFault } from "../../src/core/concepts/names.ts";
import { dot, row } from "../../src/core/math/matrix.ts";
import { referenceKernels } from "../../src/core/math/reference-kernels.ts";
import { Rng } from "../../src/core/math/rng.ts";
import type { FittedModel, ScoredWord, Vocabulary } from "../../src/core/model.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { wordnetNouns } from "../../src/node/wordnet-nouns.ts";
import { fetchCifar, layOutCifar } from "../support/cifar.ts";
import { temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Likely spellings of one stem: the first five letters are the same, or all of the shorter word's, of four at least. */
function areNear(a: string, b: string): boolean {
  const length = Math.min(5, a.length, b.length);
  return length >= 4 && a.slice(0, length).toLowerCase() === b.slice(0, length).toLowerCase();
}

/** The mean cosine similarity of two words of a list. */
function meanSimilarity(lists: readonly (readonly ScoredWord[])[], { words, vectors }: Vocabulary): number {
  const vectorOf = ({ word }: ScoredWord): Float32Array => row(vectors, words.indexOf(word));
  const pairs = lists.flatMap((list) =>
    list.flatMap((a, i) => list.slice(0, i).map((b) => dot(vectorOf(a), vectorOf(b)))),
  );
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
}

/** The five best words of each concept: how many lists hold near-spellings, and how well all their words prove themselves. */
async function topFive({ fitted }: ConceptModel, choice: WordChoice) {
  const { imageVectors, conceptVectors, vocabulary, images } = fitted;
  const placeOf = placesById(fitted.concepts);
  const concepts = images.concepts.map((id) => placeOf.get(id) ?? -1);
  const input = { imageVectors, vocabulary, concepts };
  const lists = (await conceptWords(input, conceptVectors, choice, referenceKernels)).map((list) =>
    list.slice(0, 5),
  );
  const isRepetitive = (list: readonly ScoredWord[]): boolean =>
    list.some(({ word }, i) => list.slice(0, i).some((other) => areNear(word, other.word)));
  const aucs = lists.flat().map(({ auc }) => auc!);
  return {
    lists: lists.length,
    near: lists.filter(isRepetitive).length,
    similarity: meanSimilarity(lists, vocabulary!),
    auc: aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length,
    first: lists.map((list) => list[0]!.word),
  };
}

/** Prints what diversity gains and costs, and holds that the first words stay and that the others are less alike. */
async function compareDiversity(model: ConceptModel, name: string): Promise<void> {
  for (const wordScoring of ["contrastive", "cosine"] as const) {
    const { first, ...before } = await topFive(model, { wordScoring, wordDiversity: 0 });
    const { first: firstAfter, ...after } = await topFive(model, { wordScoring, wordDiversity: 0.3 });
    console.log(`near-spellings among five words, ${name}, ${wordScoring}: at 0`, before, "at 0.3", after);
    expect(firstAfter).toEqual(first);
    expect(after.similarity).toBeLessThan(before.similarity);
  }
}

describe("words of another vendor's emoji", () => {
  let model: FittedModel;
  let folder: string;
  let named: ConceptModel;
  const words = new Map<string, ScoredWord[][]>();
  afterAll(() => named.close());

  beforeAll(async () => {
    folder = temporaryFolder("words-quality");
    const emoji = emojiOf("twitter");
    layOutEmoji(path.join(folder, "emoji"), emoji, "twitter");
    const fitted = new ConceptModel({
      embeddingModel: "mini",
      cache: path.join(folder, "cache"),
      minConceptSize: 10,
    });
    await fitted.fit(path.join(folder, "emoji"), { docs: emoji.map(({ name }) => name.toLowerCase()) });
    named = fitted;
    model = fitted.fitted;
    const { imageVectors, conceptVectors, vocabulary, images } = model;
    const input = { imageVectors, vocabulary, concepts: images.concepts };
    for (const scoring of ["cosine", "contrastive"] as const) {
      words.set(
        scoring,
        await conceptWords(input, conceptVectors, { wordScoring: scoring }, referenceKernels),
      );
    }
  });

  it("tell concepts apart better by contrast than by cosine", () => {
    const [cosine, contrastive] = ["cosine", "contrastive"].map((scoring) => {
      const best = words.get(scoring)!.map((list) => list[0]!);
      const result = {
        auc: middle(best.map(({ auc }) => auc!)),
        precision: middle(best.map(({ precision }) => precision!)),
        distinct: new Set(best.map(({ word }) => word)).size / best.length,
      };
      console.log(`best words of ${best.length} concepts by ${scoring}:`, result);
      return result;
    });
    expect(contrastive!.auc).toBeGreaterThan(cosine!.auc);
    expect(contrastive!.precision).toBeGreaterThan(cosine!.precision);
    expect(contrastive!.distinct).toBeGreaterThan(cosine!.distinct);
  });

  it("are clear for nearly all concepts, and unclear for nearly all where labels are shuffled", async () => {
    const found = words.get("contrastive")!;
    const dealt = model.images.concepts.slice();
    const rng = new Rng(1);
    for (let i = dealt.length - 1; i > 0; i--) {
      const j = Math.floor(rng.uniform() * (i + 1));
      [dealt[i], dealt[j]] = [dealt[j]!, dealt[i]!];
    }
    const shuffled = await provenWords(found, model.vocabulary!, model.imageVectors, dealt, referenceKernels);
    // Words that were chosen for concepts dealt by chance, as a fit would choose them.
    const { vocabulary, imageVectors, conceptVectors } = model;
    const anew = await conceptWords(
      { imageVectors, vocabulary, concepts: dealt },
      conceptVectors,
      { wordScoring: "contrastive" },
      referenceKernels,
    );
    const unclear = (lists: readonly ScoredWord[][]): number =>
      lists.filter((list) => labelFault(list) !== null).length / lists.length;
    const same = dealt.filter((concept, row) => concept === model.images.concepts[row]).length / dealt.length;
    console.log(
      `unclear: ${unclear(found)} as they are, ${unclear(shuffled)} shuffled, ${unclear(anew)} with words for the shuffled; ${same} of the pictures stayed where they were`,
    );
    expect(same).toBeLessThan(0.2);
    expect(unclear(found)).toBeLessThan(0.1);
    expect(unclear(shuffled)).toBeGreaterThan(0.9);
    expect(unclear(anew)).toBeGreaterThan(0.9);
  });

  it("are less alike with diversity, under the same best words", async () => {
    await compareDiversity(named, "emoji, their names");
    const names = emojiOf("twitter").map(({ name }) => name.toLowerCase());
    const both = new ConceptModel({
      embeddingModel: "mini",
      cache: path.join(folder, "cache"),
      minConceptSize: 10,
    });
    onTestFinished(() => both.close());
    await both.fit(path.join(folder, "emoji"), { docs: [...names, ...(await wordnetNouns())] });
    await compareDiversity(both, "emoji, their names and WordNet");
  });
});

const photos = fetchCifar();

describe.skipIf(photos === null)("words of CIFAR-10 test photos", () => {
  it("are less alike with diversity, under the same best words", async () => {
    const folder = temporaryFolder("words-cifar");
    await layOutCifar(photos!, path.join(folder, "photos"), 2000);
    const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache") });
    onTestFinished(() => model.close());
    await model.fit(path.join(folder, "photos"));
    await compareDiversity(model, "CIFAR-10");
    await model.recut({ concepts: 80 });
    await compareDiversity(model, "CIFAR-10, 80 concepts");
  });
});
