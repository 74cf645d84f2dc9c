// Do concepts mean something? Pictures that `mini` never saw, judged by classes it was not told.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupingAfter } from "../../src/core/edits/apply-edits.ts";
import { planCut } from "../../src/core/edits/plan-recut.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { adjustedMutualInformation, purity } from "../support/agreement.ts";
import { CIFAR_CLASSES, fetchCifar, layOutCifar } from "../support/cifar.ts";
import { temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

/** Words that name a class rightly: its own, and what else WordNet calls it. */
const RIGHT_WORDS: Record<(typeof CIFAR_CLASSES)[number], readonly string[]> = {
  airplane: ["airplane", "aeroplane", "plane", "aircraft", "jet"],
  automobile: ["automobile", "car", "auto", "motorcar", "vehicle"],
  bird: ["bird", "birdie", "fowl"],
  cat: ["cat", "feline", "kitty", "kitten"],
  deer: ["deer", "cervid", "stag", "doe"],
  dog: ["dog", "canine", "puppy", "hound"],
  frog: ["frog", "toad", "amphibian"],
  horse: ["horse", "equine", "pony"],
  ship: ["ship", "boat", "vessel", "watercraft"],
  truck: ["truck", "lorry", "motortruck", "vehicle"],
};

interface Judged {
  readonly model: ConceptModel;
  readonly classes: readonly number[];
}

/** Agreement of concepts and classes over the pictures that are in a concept. */
function judge({ model, classes }: Judged, name: string): { purity: number; ami: number; share: number } {
  const { concepts } = model.fitted.images;
  const members = classes.map((_, i) => i).filter((i) => concepts[i] !== -1);
  const found = members.map((i) => concepts[i]!);
  const truth = members.map((i) => classes[i]!);
  const result = {
    purity: purity(found, truth),
    ami: adjustedMutualInformation(found, truth),
    share: members.length / classes.length,
  };
  console.log(`${name}: ${model.fitted.concepts.length} concepts`, result);
  return result;
}

const photos = fetchCifar();

describe.skipIf(photos === null)("CIFAR-10 test photos", () => {
  let judged: Judged;
  afterAll(() => judged.model.close());

  beforeAll(async () => {
    const folder = temporaryFolder("cifar");
    const pictures = path.join(folder, "photos");
    const labels = await layOutCifar(photos!, pictures, 2000);
    const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache") });
    await model.fit(pictures);
    const numbers = model.fitted.images.paths.map((file) => Number(/-(\d+)\.png$/.exec(file)![1]));
    judged = { model, classes: numbers.map((number) => labels[number]!) };
  });

  it("fall into concepts that share a class", () => {
    const { purity: pure, ami, share } = judge(judged, "CIFAR-10");
    // Nearly every photo is in a concept, the doubtful ones too: purity counts them all.
    expect(pure).toBeGreaterThan(0.65);
    expect(ami).toBeGreaterThan(0.6);
    expect(share).toBeGreaterThan(0.95);
  });

  it("are cut to every number of concepts from 2 to 200 that their tree has", async () => {
    const { model } = judged;
    const { most } = model.fitted.clusterer.countRange!(2);
    console.log(`CIFAR-10: 2 to ${most} concepts`);
    expect(most).toBeGreaterThan(100);
    for (let count = 2; count <= Math.min(200, most); count++) {
      const { drafts, owners } = planCut(groupingAfter(model.fitted, []), { concepts: count });
      expect(drafts).toHaveLength(count);
      expect(new Set(owners).size).toBe(count);
    }
    for (const count of [2, 40, Math.min(200, most)]) {
      await model.recut({ concepts: count });
      expect(model.fitted.concepts).toHaveLength(count);
      model.undo();
    }
  });

  it("are named by the class", () => {
    const named = judged.model.fitted.concepts.filter(({ id, words }) => {
      const truth = commonestClass(judged, id);
      return words.slice(0, 5).some(({ word }) => RIGHT_WORDS[truth].includes(word));
    });
    console.log(
      judged.model.fitted.concepts.map(({ id, name }) => `${commonestClass(judged, id)}: ${name}`).join("; "),
    );
    expect(named.length).toBeGreaterThanOrEqual(Math.ceil(0.8 * judged.model.fitted.concepts.length));
  });

  it.each(["ship", "frog", "horse"] as const)("are found by the word %s", async (word) => {
    const [best] = await judged.model.findConcepts(word, 1);
    expect(commonestClass(judged, best!.id)).toBe(word);
    const images = await judged.model.findImages(word, 20);
    const right = images.filter(({ row }) => CIFAR_CLASSES[judged.classes[row]!] === word);
    expect(right.length).toBeGreaterThanOrEqual(14);
  });
});

describe("another vendor's emoji", () => {
  let judged: Judged;
  afterAll(() => judged.model.close());
  const emoji = emojiOf("twitter");
  const categories = [...new Set(emoji.map(({ category }) => category))];

  beforeAll(async () => {
    const folder = temporaryFolder("twitter");
    const pictures = path.join(folder, "emoji");
    layOutEmoji(pictures, emoji, "twitter");
    const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache") });
    await model.fit(pictures, { docs: emoji.map(({ name }) => name.toLowerCase()) });
    const categoryOf = new Map(
      emoji.map((one) => [`${one.short_name}.png`, categories.indexOf(one.category)]),
    );
    judged = { model, classes: model.fitted.images.paths.map((file) => categoryOf.get(file)!) };
  });

  it("fall into concepts that share a category", () => {
    const { purity: pure, ami } = judge(judged, "Twitter emoji");
    expect(pure).toBeGreaterThan(0.6);
    expect(ami).toBeGreaterThan(0.35);
  });

  it.each([
    ["flag", "Flags"],
    ["fruit", "Food & Drink"],
    ["animal", "Animals & Nature"],
  ])("are found by the word %s", async (word, category) => {
    const images = await judged.model.findImages(word, 20);
    const right = images.filter(({ row }) => categories[judged.classes[row]!] === category);
    expect(right.length).toBeGreaterThanOrEqual(12);
  });
});

function commonestClass({ model, classes }: Judged, id: number): (typeof CIFAR_CLASSES)[number] {
  const counts = new Array<number>(CIFAR_CLASSES.length).fill(0);
  model.fitted.images.concepts.forEach((concept, i) => {
    if (concept === id) counts[classes[i]!]! += 1;
  });
  return CIFAR_CLASSES[counts.indexOf(Math.max(...counts))]!;
}
