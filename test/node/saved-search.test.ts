import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { matrix, row } from "../../src/core/math/matrix.ts";
import type { SearchQuery } from "../../src/core/search/query.ts";
import type { Embedder } from "../../src/core/stages.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { SavedSearch } from "../../src/node/saved-search.ts";
import { groupedVectors, scatteredVectors } from "../support/collections.ts";

const DIMENSIONS = 24;
const { vectors } = groupedVectors({ groups: 5, perGroup: 24, dimensions: DIMENSIONS });
const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
const wordVectors = scatteredVectors(words.length, DIMENSIONS, 9);

/** Knows the words of the vocabulary, and some pictures outside of the collection. */
const embedder: Embedder<string> = {
  id: "test",
  dimensions: DIMENSIONS,
  embedTexts: async (texts) =>
    stacked(texts.map((text) => row(wordVectors, Number(text.replace("word", "")) % words.length))),
  embedImages: async (images) =>
    stacked(images.map((image) => row(vectors, image.length % vectors.rows).map((x) => x + 0.1))),
};

function stacked(rows: readonly Float32Array[]) {
  return matrix(Float32Array.from(rows.flatMap((vector) => [...vector])), rows.length, DIMENSIONS);
}

let root: string;
let whole: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "saved-search-"));
  whole = join(root, "whole");
  const model = new ConceptModel({ minConceptSize: 5 });
  await model.fit(
    Array.from({ length: vectors.rows }, (_, i) => `pictures/${i}.jpg`),
    {
      imageEmbeddings: vectors,
      docs: words,
      docEmbeddings: wordVectors,
      columns: [
        {
          name: "year",
          type: "number",
          values: Float64Array.from(vectors.data.slice(0, vectors.rows), (_, i) => 2000 + (i % 10)),
        },
      ],
    },
  );
  await model.save(whole);
});
beforeEach(async () => {
  folder = join(root, "copy");
  await rm(folder, { recursive: true, force: true });
  await cp(whole, folder, { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

const term = fc.oneof(
  fc.record({ text: fc.constantFrom(...words), weight: fc.constantFrom(1, 2, -0.5) }),
  fc.record({
    image: fc.constantFrom("3.jpg", "77.jpg", "strange.jpg"),
    weight: fc.constantFrom(1, 0.5, -1),
  }),
);
const searches = fc.record({
  query: fc
    .array(term, { minLength: 1, maxLength: 3 })
    .filter((terms) => terms.some(({ weight }) => weight > 0)),
  topN: fc.constantFrom(1, 7, 500),
  minRelevance: fc.constantFrom(undefined, 0),
  where: fc.constantFrom(undefined, "year >= 2008", "year = 2003 or path ~ 11", "year > 3000"),
  concept: fc.constantFrom(undefined, 0, -1),
});

describe("SavedSearch", () => {
  it("answers as the loaded model does, by words and pictures, filters and numbers wanted", async () => {
    const loaded = await ConceptModel.load(folder, { embeddingModel: embedder });
    const saved = await SavedSearch.open(folder, { embeddingModel: embedder });
    const answer = (searched: ConceptModel | SavedSearch, query: SearchQuery, options: object) =>
      searched.search(query, options).catch((error: Error) => error.message);
    await fc.assert(
      fc.asyncProperty(searches, async ({ query, ...options }) => {
        expect(await answer(saved, query, options)).toEqual(await answer(loaded, query, options));
      }),
      { numRuns: 60 },
    );
    expect(saved.concepts).toEqual(loaded.fitted.concepts);
    expect(saved.images).toEqual(loaded.fitted.images);
    await saved.close();
  });

  it("needs no embedder for words of the vocabulary and pictures of the collection", async () => {
    const loaded = await ConceptModel.load(folder);
    const saved = await SavedSearch.open(folder);
    for (const query of ["word3", "+word3 -word5", [{ image: "5.jpg" }]]) {
      expect(await saved.search(query, { minRelevance: 0 })).toEqual(
        await loaded.search(query, { minRelevance: 0 }),
      );
    }
    await expect(saved.search("strange")).rejects.toMatchObject({ code: "NO_EMBEDDER" });
    await expect(saved.search([{ image: "strange.jpg" }])).rejects.toMatchObject({ code: "NO_EMBEDDER" });
    // What `await using` does at the end of its block.
    await saved[Symbol.asyncDispose]();
    await loaded[Symbol.asyncDispose]();
    await expect(saved.search([{ image: "5.jpg" }])).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  it("answers as the loaded model does after edits", async () => {
    const loaded = await ConceptModel.load(folder);
    const [first, second, third] = loaded.fitted.concepts.map(({ id }) => id);
    await loaded.mergeConcepts([first!, second!]);
    await loaded.edit({ kind: "hide", concept: third!, hidden: true });
    await loaded.saveEdits();
    const saved = await SavedSearch.open(folder);
    const [ours, theirs] = [saved, loaded].map((one) => one.search("word3", { minRelevance: 0, topN: 200 }));
    expect(await ours).toEqual(await theirs);
    expect((await ours!).concepts.map(({ id }) => id)).not.toContain(third);
    await saved.close();
  });

  it("reads neither the stages nor the tree", async () => {
    const expected = await (await ConceptModel.load(folder)).search("word3", { minRelevance: 0 });
    for (const unread of ["reducer", "map", "clusterer", "tree.parquet", "memberships.parquet"]) {
      await rm(join(folder, unread), { recursive: true, force: true });
    }
    const saved = await SavedSearch.open(folder);
    expect(await saved.search("word3", { minRelevance: 0 })).toEqual(expected);
    await saved.close();
  });

  it.each([
    "model.json",
    "images.parquet",
    "concepts.parquet",
    "words.parquet",
    "vectors/images.npy",
    "vectors/concepts.npy",
    "vectors/words.npy",
  ])("refuses a model whose %s is damaged, cut short or missing", async (name) => {
    const file = join(folder, name);
    const bytes = await readFile(file);
    const refused = async (): Promise<void> => {
      const opening = SavedSearch.open(folder);
      await expect(opening).rejects.toMatchObject({ code: "BAD_MODEL" });
      await expect(opening).rejects.toThrow(name);
    };
    // The last bit of a value that stays near length 1: only the hash tells.
    const damaged = Uint8Array.from(bytes);
    damaged[damaged.length - 4]! ^= 1;
    await writeFile(file, damaged);
    await refused();
    await truncate(file, bytes.length - 8);
    await refused();
    await rm(file);
    await refused();
  });

  it("says so when the vectors are cut short or closed between searches", async () => {
    const saved = await SavedSearch.open(folder);
    expect((await saved.search("word3", { minRelevance: 0 })).images).toHaveLength(10);
    await truncate(join(folder, "vectors/images.npy"), 5000);
    const search = saved.search("word3", { minRelevance: 0 });
    await expect(search).rejects.toMatchObject({ code: "BAD_MODEL" });
    await expect(search).rejects.toThrow(/vectors\/images\.npy.*5000 bytes now/s);
    await saved.close();
    await expect(saved.search("word3")).rejects.toThrow(/a file that was closed/);
  });

  it.skipIf(process.platform === "win32")(
    "answers from the model it opened when that is replaced or deleted, and opens the new one next",
    async () => {
      const saved = await SavedSearch.open(folder);
      const before = await saved.search("word3", { minRelevance: 0 });
      const other = new ConceptModel({ minConceptSize: 5 });
      await other.fit([], { imageEmbeddings: scatteredVectors(50, DIMENSIONS) });
      await other.save(folder);
      expect(await saved.search("word3", { minRelevance: 0 })).toEqual(before);
      const next = await SavedSearch.open(folder);
      expect(next.images.paths).toHaveLength(50);
      await rm(folder, { recursive: true });
      expect(await saved.search("word3", { minRelevance: 0 })).toEqual(before);
      await expect(SavedSearch.open(folder)).rejects.toThrow(/There is no saved model/);
      await Promise.all([saved.close(), next.close()]);
    },
  );
});
