import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownStages } from "../../../src/core/defaults.ts";
import { planEdit, withEdit } from "../../../src/core/edits/plan-edit.ts";
import { matrix, normalizedRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { ConceptModel, type ConceptModelOptions } from "../../../src/node/concept-model.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { readManifest, writeManifest } from "../../../src/node/saved-model/manifest.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { registered, sampleModel } from "./sample-model.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "word-choice-"));
});
afterAll(() => rm(folder, { recursive: true }));

const DOCS = [
  "cat",
  "cats",
  "kitten",
  "feline",
  "dog",
  "puppy",
  "ship",
  "boat",
  "tree",
  "leaf",
  "house",
  "car",
];

/** Three clouds of pictures, and words all about. */
function inputs() {
  const rng = new Rng(7);
  const draw = (rows: number, spread: number) =>
    normalizedRows(
      matrix(
        Float32Array.from(
          { length: rows * 6 },
          (_, i) => (Math.floor(i / 6) % 3 === i % 6 ? 1 : 0) + spread * (rng.uniform() - 0.5),
        ),
        rows,
        6,
      ),
    );
  return { imageEmbeddings: draw(90, 0.3), docs: DOCS, docEmbeddings: draw(DOCS.length, 1.2) };
}

async function fitted(options: ConceptModelOptions): Promise<ConceptModel> {
  const model = new ConceptModel({ minConceptSize: 8, ...options });
  return model.fit([], inputs());
}

const wordsOf = (model: ConceptModel): string[][] =>
  model.fitted.concepts.map(({ words }) => words.map(({ word }) => word));

describe("how words were chosen", () => {
  it("is kept, and holds for edits, cuts and fits of a loaded model", async () => {
    const plain = await fitted({ wordDiversity: 0 });
    const model = await fitted({ wordDiversity: 0.9 });
    expect(wordsOf(model)).not.toEqual(wordsOf(plain));
    expect(wordsOf(model).map((words) => words[0])).toEqual(wordsOf(plain).map((words) => words[0]));
    await model.save(folder);
    const loaded = await ConceptModel.load(folder);
    expect(loaded.fitted.parameters).toEqual(model.fitted.parameters);
    for (const one of [model, loaded, plain]) await one.mergeConcepts([0, 1]);
    expect(wordsOf(loaded)).toEqual(wordsOf(model));
    expect(wordsOf(loaded)).not.toEqual(wordsOf(plain));
    await loaded.fit([], inputs());
    expect(wordsOf(loaded)).toEqual(wordsOf(await fitted({ wordDiversity: 0.9 })));
  });

  it("leaves negative words and stop words out wherever words are made again", async () => {
    const unwanted = { negativeWords: ["Cats"], stopWords: ["SHIP", "tree"], wordLanguage: "en" as const };
    const model = await fitted(unwanted);
    const left = DOCS.filter((word) => !["cat", "cats", "ship", "tree"].includes(word));
    expect(model.fitted.vocabulary!.words).toEqual(left);
    await model.save(folder);
    const loaded = await ConceptModel.load(folder);
    expect(loaded.fitted.parameters).toMatchObject(unwanted);
    // Words of edits come from the saved vocabulary, which lacks them already.
    expect(loaded.fitted.vocabulary!.words).toEqual(left);
    await loaded.mergeConcepts([0, 1]);
    for (const words of wordsOf(loaded)) expect(left).toEqual(expect.arrayContaining(words));
    await loaded.fit([], inputs());
    expect(loaded.fitted.vocabulary!.words).toEqual(left);
  });

  it("folds no English plurals where told so, in negative words and in lists, edited ones too", async () => {
    const model = await fitted({ wordLanguage: "none", negativeWords: ["kittens", "puppy"] });
    const left = DOCS.filter((word) => word !== "puppy");
    expect(model.fitted.vocabulary!.words).toEqual(left);
    await model.save(folder);
    const loaded = await ConceptModel.load(folder);
    const english = await fitted({ negativeWords: ["puppy"] });
    for (const one of [loaded, english]) await one.mergeConcepts([0, 1]);
    const both = (one: ConceptModel) =>
      wordsOf(one).some((words) => words.includes("cat") && words.includes("cats"));
    expect([both(model), both(loaded), both(english)]).toEqual([true, true, false]);
  });

  it("keeps the lemmas of words, so that an edit without a dictionary folds as the fit did", async () => {
    const docs = [
      "mouse",
      "mice",
      "Mäuse",
      "sit",
      "sat",
      "sitting",
      "ship",
      "boat",
      "tree",
      "leaf",
      "house",
      "car",
    ];
    const model = new ConceptModel({ minConceptSize: 8 });
    await model.fit([], { ...inputs(), docs });
    expect(model.fitted.vocabulary!.lemmas!.slice(0, 6)).toEqual([
      ["mouse"],
      ["mouse"],
      ["mäuse"],
      ["sit"],
      ["sat", "sit"],
      ["sitting", "sit"],
    ]);
    await model.save(folder);
    const { vocabulary, ...loaded } = await loadModel(folder, knownStages());
    expect(vocabulary).toEqual(model.fitted.vocabulary);
    const request = { kind: "merge", concepts: [0, 1] } as const;
    const [edited, ruled] = await Promise.all(
      [vocabulary!, { ...vocabulary!, lemmas: undefined }].map(async (known) => {
        const base = { ...loaded, vocabulary: known };
        const edit = await planEdit(base, request, { kernels: referenceKernels });
        return withEdit(base, edit).concepts[0]!.words.map(({ word }) => word);
      }),
    );
    await model.edit(request);
    expect(edited).toEqual(model.fitted.concepts[0]!.words.map(({ word }) => word));
    // Rules alone know no irregular forms.
    expect(edited!.filter((word) => word.startsWith("s") && word !== "ship")).toHaveLength(1);
    expect(ruled!.filter((word) => word.startsWith("s") && word !== "ship")).toHaveLength(3);
  });

  it("is refused when a word has no lemma", async () => {
    const model = await sampleModel();
    const vocabulary = { ...model.vocabulary!, lemmas: [["cat"], [], [""]] };
    await saveModel({ ...model, vocabulary }, folder);
    await expect(loadModel(folder, registered)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  it("was by score alone in models that do not tell, and stays so", async () => {
    const old = await sampleModel();
    await saveModel(old, folder);
    expect(await readFile(path.join(folder, "model.json"), "utf8")).not.toContain("wordDiversity");
    expect((await loadModel(folder, registered)).parameters).toEqual(old.parameters);
    const { parameters, ...rest } = (await fitted({ wordDiversity: 0 })).fitted;
    const { wordDiversity: _, ...before } = parameters;
    await saveModel({ ...rest, parameters: before }, folder);
    const loaded = await ConceptModel.load(folder);
    await loaded.fit([], inputs());
    expect(loaded.fitted.parameters.wordDiversity).toBe(0);
  });

  it.each([-0.1, 1.1, Number.NaN])("is no diversity of %s", (wordDiversity) => {
    expect(() => new ConceptModel({ wordDiversity })).toThrow("wordDiversity is out of range");
  });

  it.each([
    -0.1,
    1.1,
    Number.NaN,
    "0.3" as unknown as number,
  ])("is refused when forged: %s", async (wordDiversity) => {
    const model = await sampleModel();
    await saveModel({ ...model, parameters: { ...model.parameters, wordDiversity } }, folder);
    await expect(loadModel(folder, registered)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  it.each([
    { negativeWords: "cat" as unknown as string[] },
    { negativeWords: [7 as unknown as string] },
    { stopWords: [null as unknown as string] },
    { wordLanguage: "de" as "none" },
  ])("is refused when forged: %j", async (forged) => {
    const model = await sampleModel();
    await saveModel(model, folder);
    const manifest = readManifest(await readFile(path.join(folder, "model.json"), "utf8"));
    const text = writeManifest({ ...manifest, parameters: { ...manifest.parameters, ...forged } });
    expect(() => readManifest(text)).toThrow(`at parameters.${Object.keys(forged)[0]}`);
    expect(readManifest(writeManifest(manifest)).parameters).toEqual(manifest.parameters);
  });
});
