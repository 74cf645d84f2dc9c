import { describe, expect, test } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { type Matrix, normalizedRows, row, zeros } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { groupedVectors } from "../../support/collections.ts";

const GROUPS = 6;
const NAMES = ["dog", "harbour", "cake", "bridge", "flower", "train"];
const { vectors, labels, centres } = groupedVectors({ groups: GROUPS, perGroup: 60, spread: 0.4 });

/** Texts lie near the centre of the first group they name, far from all pictures like CLIP's do, else by chance. */
function textVectors(texts: readonly string[]): Matrix {
  const found = zeros(texts.length, vectors.cols);
  texts.forEach((text, i) => {
    const group = NAMES.findIndex((name) => text.includes(name));
    const rng = new Rng(Array.from(text).reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7));
    const target = row(found, i);
    for (let j = 0; j < target.length; j++) {
      const meaning = group === -1 ? 0 : row(centres, group)[j]!;
      target[j] = meaning + 0.1 * (rng.uniform() - 0.5) + (j === 0 ? 3 : 0);
    }
  });
  return normalizedRows(found);
}

const embedder = {
  id: "texts",
  dimensions: vectors.cols,
  embedImages: async (): Promise<Matrix> => vectors,
  embedTexts: async (texts: readonly string[]): Promise<Matrix> => textVectors(texts),
};

async function fitted(captions: readonly (string | readonly string[])[]): Promise<ConceptModel> {
  const model = new ConceptModel({ embeddingModel: embedder, minConceptSize: 20 });
  return model.fit([], {
    imageEmbeddings: vectors,
    docs: NAMES,
    docEmbeddings: textVectors(NAMES),
    captions,
  });
}

const honest = Array.from(labels, (group, i) => `a ${NAMES[group]} in picture nr ${i % 7}`);

describe("seen versus said", () => {
  test("finds nothing amiss in honest captions", async () => {
    const report = await (await fitted(honest)).captionReport();
    expect(report).toMatchObject({ pictures: 360, captioned: 360, captions: 360, misfits: [] });
    expect(report.concepts).toHaveLength(GROUPS);
    for (const concept of report.concepts) {
      expect(concept.said).toBe(true);
      expect(concept.captioned).toBe(60);
      expect(concept.words[0]!.word).toBe(concept.name);
    }
    const shown = report.words.filter((word) => word.shown).map(({ word }) => word);
    expect(shown.sort()).toEqual([...NAMES].sort());
  });

  test("finds captions that were exchanged", async () => {
    const captions = [...honest];
    const exchanged = [3, 40, 77, 111, 200, 301];
    exchanged.forEach((picture, i) => {
      captions[picture] = `a ${NAMES[(labels[picture]! + 1 + (i % 5)) % GROUPS]} there`;
    });
    const { misfits } = await (await fitted(captions)).captionReport();
    expect(misfits.map((misfit) => misfit.row).sort((a, b) => a - b)).toEqual(exchanged);
    for (const { row, caption, share } of misfits) {
      expect(caption).toBe(captions[row]);
      expect(share).toBeGreaterThan(0.25);
    }
    expect(misfits.map(({ share }) => share)).toEqual(
      misfits.map(({ share }) => share).sort((a, b) => b - a),
    );
  });

  test("judges each caption of a picture by itself", async () => {
    const captions = honest.map((caption, i) =>
      i === 5 ? [caption, `not a ${NAMES[(labels[5]! + 2) % 6]}`] : [caption],
    );
    const { misfits } = await (await fitted(captions)).captionReport();
    expect(misfits.map(({ row, caption }) => [row, caption])).toEqual([[5, captions[5]![1]]]);
  });

  test("finds the concept no caption mentions, and the word no picture shows", async () => {
    const hidden = NAMES[2]!;
    const rng = new Rng(11);
    const captions = honest.map((caption, i) => {
      const said = labels[i] === 2 ? caption.replace(hidden, "thing") : caption;
      return rng.uniform() < 0.12 ? `${said} xylophone` : said;
    });
    const report = await (await fitted(captions)).captionReport();
    const unsaid = report.concepts.filter(({ said }) => !said);
    expect(unsaid.map(({ name }) => name)).toEqual([hidden]);
    expect(report.words.find(({ word }) => word === "xylophone")).toMatchObject({
      shown: false,
    });
  });

  test("names concepts in the owner's own words, also after they are changed", async () => {
    const options = { embeddingModel: embedder, minConceptSize: 20, wordScoring: "captions" as const };
    const captions = Array.from(labels, (group) => `the ${NAMES[group]}s of Lübeck`);
    const model = await new ConceptModel(options).fit([], { imageEmbeddings: vectors, captions });
    expect(model.fitted.parameters.wordScoring).toBe("captions");
    expect(model.fitted.concepts.map(({ name }) => name).sort()).toEqual(
      NAMES.map((name) => `${name}s`).sort(),
    );
    const [first, second] = model.fitted.concepts;
    await model.mergeConcepts([first!.id, second!.id]);
    const merged = model.fitted.concepts.find(({ id }) => id === first!.id)!;
    expect(
      merged.words
        .map(({ word }) => word)
        .slice(0, 2)
        .sort(),
    ).toEqual([first!.name, second!.name].sort());
    await expect(new ConceptModel(options).fit([], { imageEmbeddings: vectors })).rejects.toThrow(
      "need captions",
    );
  });

  test("leaves hidden concepts out", async () => {
    const model = await fitted(honest);
    const all = (await model.captionReport()).concepts;
    await model.edit({ kind: "hide", concept: 2 });
    expect((await model.captionReport()).concepts).toEqual(all.filter(({ id }) => id !== 2));
  });

  test("says which concepts have no captions at all", async () => {
    const captions = honest.map((caption, i) => (labels[i] === 1 ? "" : caption));
    const report = await (await fitted(captions)).captionReport();
    expect(report.captioned).toBe(300);
    expect(report.concepts.filter(({ said }) => !said)).toMatchObject([
      { name: NAMES[1], captioned: 0, power: null, words: [], said: false },
    ]);
  });

  test("is the same again, stops on demand and needs captions", async () => {
    const model = await fitted(honest.map((caption, i) => (i % 10 === 0 ? honest[(i + 1) % 360]! : caption)));
    const report = await model.captionReport();
    expect(report.misfits.length).toBeGreaterThan(10);
    expect(await model.captionReport()).toEqual(report);
    await expect(model.captionReport({ signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow(
      "stop",
    );
    const silent = await fitted(honest.map(() => " "));
    await expect(silent.captionReport()).rejects.toMatchObject({ code: "NO_CAPTIONS" });
  });
});
