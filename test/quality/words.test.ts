// Do words tell concepts apart, and do names know when they do not? Vendors' emoji that `mini` never saw.
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { conceptWords } from "../../src/core/concepts/concept-words.ts";
import { provenWords } from "../../src/core/concepts/label-proof.ts";
import { labelFault } from "../../src/core/concepts/names.ts";
import { referenceKernels } from "../../src/core/math/reference-kernels.ts";
import { Rng } from "../../src/core/math/rng.ts";
import type { FittedModel, ScoredWord } from "../../src/core/model.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe("words of another vendor's emoji", () => {
  let model: FittedModel;
  const words = new Map<string, ScoredWord[][]>();

  beforeAll(async () => {
    const folder = temporaryFolder("words-quality");
    const emoji = emojiOf("twitter");
    layOutEmoji(path.join(folder, "emoji"), emoji, "twitter");
    const fitted = new ConceptModel({
      embeddingModel: "mini",
      cache: path.join(folder, "cache"),
      minConceptSize: 10,
    });
    await fitted.fit(path.join(folder, "emoji"), { docs: emoji.map(({ name }) => name.toLowerCase()) });
    model = fitted.fitted;
    const { imageVectors, conceptVectors, vocabulary, images } = model;
    const input = { imageVectors, vocabulary, concepts: images.concepts };
    for (const scoring of ["cosine", "contrastive"] as const) {
      words.set(scoring, await conceptWords(input, conceptVectors, scoring, referenceKernels));
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
    const unclear = (lists: readonly ScoredWord[][]): number =>
      lists.filter((list) => labelFault(list) !== null).length / lists.length;
    console.log(`unclear: ${unclear(found)} as they are, ${unclear(shuffled)} shuffled`);
    expect(unclear(found)).toBeLessThan(0.1);
    expect(unclear(shuffled)).toBeGreaterThan(0.9);
  });
});
