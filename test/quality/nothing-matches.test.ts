// Does a search know when nothing matches? Error rates on pictures that `mini` never saw, and on made-up vectors.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ConceptModel as CoreModel } from "../../src/core/concept-model.ts";
import { matrix, normalizedRows, row, zeros } from "../../src/core/math/matrix.ts";
import { Rng } from "../../src/core/math/rng.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { fetchCifar, layOutCifar } from "../support/cifar.ts";
import { scatteredVectors } from "../support/collections.ts";
import { temporaryFolder } from "../support/command.ts";
import { type Emoji, emojiOf, layOutEmoji } from "../support/emoji.ts";

const PHOTO_WORDS =
  "airplane aeroplane plane aircraft jet automobile car auto motorcar bird songbird cat feline kitten deer cervid stag fawn dog canine puppy hound frog toad horse equine pony stallion ship boat vessel watercraft truck lorry".split(
    " ",
  );
const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
const emoji = emojiOf("twitter");
const inCategories = (categories: readonly string[]): Emoji[] =>
  emoji.filter(({ category }) => categories.includes(category));

/** Share of true queries that find nothing, and of queries for what is not there that find something. */
async function errorRates(
  model: CoreModel<string>,
  present: readonly string[],
  absent: readonly string[],
  name: string,
): Promise<{ missed: number; invented: number }> {
  const shareOfNothing = async (queries: readonly string[]): Promise<number> => {
    let none = 0;
    for (const query of queries) if ((await model.search(query, { topN: 1 })).nothing !== null) none++;
    return none / queries.length;
  };
  const missed = await shareOfNothing(present.map(quote));
  const invented = 1 - (await shareOfNothing(absent.map(quote)));
  console.log(
    `${name}: ${(100 * missed).toFixed(1)} % of ${present.length} true queries missed, ${(100 * invented).toFixed(1)} % of ${absent.length} others answered`,
  );
  return { missed, invented };
}

const photos = fetchCifar();

describe.skipIf(photos === null)("CIFAR-10 test photos", () => {
  const folder = temporaryFolder("nothing-photos");
  const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache") });
  beforeAll(async () => {
    await layOutCifar(photos!, path.join(folder, "photos"), 1500);
    await model.fit(path.join(folder, "photos"));
  });
  afterAll(() => model.close());

  it("answer to their classes, and not to food, flags, symbols, faces and games", async () => {
    const absent = inCategories(["Food & Drink", "Flags", "Symbols", "Smileys & Emotion", "Activities"]);
    const names = absent.filter((_, i) => i % 2 === 0).map(({ name }) => name.toLowerCase());
    const { missed, invented } = await errorRates(model, PHOTO_WORDS, names, "CIFAR-10");
    expect(missed).toBeLessThanOrEqual(0.1);
    expect(invented).toBeLessThanOrEqual(0.1);
  });

  it("are told from pictures of another kind by a picture", async () => {
    const strange = layOutEmoji(path.join(folder, "emoji"), emoji.slice(0, 200), "twitter");
    const own = model.fitted.images.paths.filter((_, i) => i % 15 === 0);
    let missed = 0;
    let invented = 0;
    for (const image of own) if ((await model.search([{ image }])).nothing !== null) missed++;
    for (const image of strange) if ((await model.search([{ image }])).nothing === null) invented++;
    console.log(`pictures: ${missed} of ${own.length} missed, ${invented} of ${strange.length} answered`);
    expect(missed / own.length).toBeLessThan(0.12);
    expect(invented / strange.length).toBeLessThan(0.05);
  });

  it("call words unknown that the model never learnt", async () => {
    expect(await model.search("xqzzyq")).toMatchObject({ nothing: "unknown words", unknown: ["xqzzyq"] });
    const both = await model.search("+xqzzyq +ship");
    expect(both).toMatchObject({ nothing: null, unknown: ["xqzzyq"] });
  });
});

describe("another vendor's emoji", () => {
  it("answer to their own names, and not to those of other categories", async () => {
    const folder = temporaryFolder("nothing-emoji");
    const shown = inCategories(["Food & Drink", "Flags", "Activities"]);
    layOutEmoji(path.join(folder, "emoji"), shown, "twitter");
    const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache") });
    onTestFinished(() => model.close());
    await model.fit(path.join(folder, "emoji"));
    const absent = emoji.filter((one, i) => i % 4 === 0 && !shown.includes(one));
    const names = (list: readonly Emoji[]) => list.map(({ name }) => name.toLowerCase());
    const { missed, invented } = await errorRates(
      model,
      names(shown.filter((_, i) => i % 2 === 0)),
      names(absent),
      "Twitter emoji",
    );
    expect(missed).toBeLessThanOrEqual(0.25);
    expect(invented).toBeLessThanOrEqual(0.25);
  });
});

describe("made-up CLIP-like vectors", () => {
  it("answer to the words of their groups, and not to other words, across a modality gap", async () => {
    const dimensions = 256;
    const [present, absent] = [20, 150];
    const topics = scatteredVectors(present + absent, dimensions, 1);
    const gaps = scatteredVectors(2, dimensions, 2);
    const rng = new Rng(3);
    const near = (topic: number, gap: number, pull: number): Float32Array => {
      const noise = scatteredVectors(1, dimensions, Math.floor(rng.uniform() * 2 ** 30)).data;
      return Float32Array.from(
        noise,
        (value, j) => row(gaps, gap)[j]! + pull * row(topics, topic)[j]! + 0.6 * value,
      );
    };
    const images = zeros(3000, dimensions);
    for (let i = 0; i < images.rows; i++) row(images, i).set(near(i % present, 0, 0.6));
    const words = zeros(present + absent, dimensions);
    for (let i = 0; i < words.rows; i++) row(words, i).set(near(i, 1, 0.5));
    const docs = Array.from({ length: words.rows }, (_, i) => `word${i}`);
    const model = await new CoreModel<string>().fit([], {
      imageEmbeddings: normalizedRows(images),
      docs,
      docEmbeddings: matrix(normalizedRows(words).data, words.rows, dimensions),
    });
    const rates = await errorRates(model, docs.slice(0, present), docs.slice(present), "made-up vectors");
    expect(rates.missed).toBeLessThanOrEqual(0.05);
    expect(rates.invented).toBeLessThanOrEqual(0.1);
  });
});
