import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { withEdit } from "../../../src/core/edits/plan-edit.ts";
import { dot, matrix, normalizedRows, row, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { matrixSource } from "../../../src/core/math/vector-source.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { exactTop } from "../../../src/core/search/exact-top.ts";
import type { ResolvedTerm } from "../../../src/core/search/query.ts";
import { ModelSearch } from "../../../src/core/search/search.ts";
import { nodeKernels } from "../../../src/node/onnx-kernels.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

const GROUPS = 5;
const { vectors, labels, centres } = groupedVectors({ groups: GROUPS, perGroup: 24, spread: 0.5 });
const strangers = scatteredVectors(200, 32, 11);
// Words: one for each group, and 200 for things that are not there.
const words = [
  ...Array.from({ length: GROUPS }, (_, i) => `group${i}`),
  ...Array.from({ length: strangers.rows }, (_, i) => `thing${i}`),
];
const wordVectors = matrix(Float32Array.from([...centres.data, ...strangers.data]), words.length, 32);
let model: ConceptModel;

beforeAll(async () => {
  const years = Float64Array.from(labels, (_, i) => 2000 + (i % 10));
  model = await new ConceptModel({ minConceptSize: 5 }).fit([], {
    imageEmbeddings: vectors,
    imageNames: Array.from(labels, (label, i) => `${label}/${i}.png`),
    columns: [{ name: "year", type: "number", values: years }],
    docs: words,
    docEmbeddings: wordVectors,
  });
});

const labelOf = (path: string): number => Number(path.split("/")[0]);

describe("a search", () => {
  it("finds the pictures and the concept of a word, best first", async () => {
    const { images, concepts, nothing } = await model.search("group3", { topN: 20 });
    expect(nothing).toBeNull();
    expect(images.every(({ path }) => labelOf(path) === 3)).toBe(true);
    expect(images.map(({ score }) => score)).toEqual(images.map(({ score }) => score).sort((a, b) => b - a));
    expect(concepts[0]!.id).toBe(images[0]!.concept);
    expect(images[0]!.relevance).toBeGreaterThan(0.5);
  });

  it("says that nothing matches what is not there, and gives the nearest when asked for them", async () => {
    const absent = await model.search("thing0");
    expect(absent).toMatchObject({ concepts: [], images: [], nothing: "below the floor" });
    expect(absent.relevance).toBeLessThan(0.5);
    expect((await model.search("thing0", { minRelevance: 0 })).images).toHaveLength(10);
    expect(await model.findImages("thing0", 3)).toHaveLength(3);
  });

  it("gives both of two terms, and none of what is not wanted", async () => {
    const both = await model.search("+group1 +group2", { topN: 48 });
    const found = both.images.map(({ path }) => labelOf(path));
    expect(found.filter((label) => label === 1 || label === 2).length).toBeGreaterThan(44);
    const one = await model.search("+group1 +group2 -group2", { topN: 20 });
    expect(one.images.every(({ path }) => labelOf(path) === 1)).toBe(true);
  });

  it("takes pictures of the collection by path, leaving them out, mixed with words too", async () => {
    const path = model.fitted.images.paths[4]!;
    const { images } = await model.search([{ image: path }], { topN: 20 });
    expect(images.map((match) => match.path)).not.toContain(path);
    expect(images.every((match) => labelOf(match.path) === labelOf(path))).toBe(true);
    const mixed = await model.search([{ image: path }, { text: "group0" }], { topN: 47 });
    const counts = new Set(mixed.images.map((match) => labelOf(match.path)));
    expect([...counts].sort()).toEqual([0, labelOf(path)].sort());
    await expect(model.search([{ image: "nowhere.png" }])).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("stays within a concept and a filter", async () => {
    const [first] = (await model.search("group2", { topN: 1 })).concepts;
    const inside = await model.search("group2", { concept: first!.id, topN: 100 });
    expect(inside.images.every(({ concept }) => concept === first!.id)).toBe(true);
    expect(inside.concepts.map(({ id }) => id)).toEqual([first!.id]);
    const filtered = await model.search("group2", { where: "year >= 2008", topN: 100, minRelevance: 0 });
    expect(filtered.images).toHaveLength(24);
    expect(filtered.images.every((match) => match.row % 10 >= 8)).toBe(true);
    expect(await model.search("group2", { where: "year > 3000" })).toMatchObject({
      nothing: "no picture passes the filter",
      images: [],
    });
    await expect(model.search("group2", { concept: 999 })).rejects.toThrow(/no concept 999/);
  });

  it("calls a word unknown that shares no direction with any picture", async () => {
    const flat = zeros(vectors.rows, 33);
    for (let i = 0; i < vectors.rows; i++) flat.data.set(row(vectors, i), i * 33);
    const unknown = new Float32Array(33);
    unknown[32] = 1;
    const fitted = await new ConceptModel({ minConceptSize: 5 }).fit([], { imageEmbeddings: flat });
    const search = new ModelSearch(fitted.fitted, referenceKernels);
    const known = { ...term(0), vector: row(flat, 0) };
    const strange: ResolvedTerm = { label: "xq", kind: "text", weight: 1, vector: unknown, row: null };
    expect(await search.search([strange])).toMatchObject({ nothing: "unknown words", unknown: ["xq"] });
    const partly = await search.search([known, strange]);
    expect(partly.unknown).toEqual(["xq"]);
    expect(partly.images[0]!.row).toBe(0);
    // Without words in general nothing can be said of relevance, and nothing is withheld.
    expect(partly.images[0]!.relevance).toBeNull();
  });

  it.each([
    { topN: 0 },
    { topN: 1.5 },
    { minRelevance: -1 },
    { minRelevance: Number.NaN },
  ])("refuses %o", async (options) => {
    await expect(model.search("group1", options)).rejects.toMatchObject({ code: "BAD_OPTION" });
  });

  it("ranks the same whatever the order of the terms and the unit of their weights", async () => {
    const weights = fc.array(fc.constantFrom(-2, -1, -0.5, 0.5, 1, 2, 3), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(weights, fc.constantFrom(0.25, 2, 1024), async (given, unit) => {
        fc.pre(given.some((weight) => weight > 0));
        const terms = given.map((weight, i) => ({ ...term(i), weight }));
        const search = new ModelSearch(model.fitted, referenceKernels);
        const rows = async (query: readonly ResolvedTerm[]) => {
          const { images } = await search.search(query, { topN: 20, minRelevance: 0 });
          return images.map(({ row: at, score }) => [at, score.toFixed(5)]);
        };
        const expected = await rows(terms);
        expect(await rows([...terms].reverse())).toEqual(expected);
        expect(await rows(terms.map((one) => ({ ...one, weight: one.weight * unit })))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("ranks pictures the same in whatever order they stand", async () => {
    const { images } = await model.search("group1 ", { topN: 30, minRelevance: 0 });
    const reversed = Int32Array.from({ length: vectors.rows }, (_, i) => vectors.rows - 1 - i);
    const turned: FittedModel = {
      ...model.fitted,
      images: { ...model.fitted.images, paths: [...model.fitted.images.paths].reverse() },
      imageVectors: takeRows(model.fitted.imageVectors, reversed),
      concepts: [],
      conceptVectors: zeros(0, 32),
    };
    const other = await new ModelSearch(turned, referenceKernels).search([term(1)], {
      topN: 30,
      minRelevance: 0,
    });
    expect(other.images.map(({ path }) => path)).toEqual(images.map(({ path }) => path));
  });
});

describe("a search after others", () => {
  it("answers many queries at once as each by itself: a report searched 2,000 words one by one, in 20 s of computing", async () => {
    const unknown: ResolvedTerm = {
      label: "xq",
      kind: "text",
      weight: 1,
      vector: new Float32Array(32),
      row: null,
    };
    const queries = [
      [term(0)],
      [unknown],
      [term(1), { ...term(2), weight: -1 }],
      [term(0)],
      [term(3), unknown],
    ];
    for (const options of [{ topN: 4 }, { minRelevance: 0, concept: 0 }, { topN: 500, minRelevance: 0 }]) {
      const together = await new ModelSearch(model.fitted, referenceKernels).searchEach(queries, options);
      for (const [i, terms] of queries.entries()) {
        const alone = await new ModelSearch(model.fitted, referenceKernels).search(terms, options);
        expect(together[i], `${i}`).toEqual(alone);
      }
    }
    expect(await new ModelSearch(model.fitted, referenceKernels).searchEach([])).toEqual([]);
  });

  it("answers as the first would: what is kept for the next depends on no query and no edit", async () => {
    const queries = [[term(0)], [term(1), { ...term(2), weight: -1 }], [term(0)]];
    const kernels = referenceKernels;
    const used = new ModelSearch(model.fitted, kernels);
    for (const terms of queries) {
      const fresh = await new ModelSearch(model.fitted, kernels).search(terms, { minRelevance: 0 });
      expect(await used.search(terms, { minRelevance: 0 })).toEqual(fresh);
    }
    const [first, second] = model.fitted.concepts.map(({ id }) => id);
    const edited = withEdit(model.fitted, { kind: "hide", concept: first!, hidden: true });
    const after = await new ModelSearch(edited, kernels, used).search([term(0)], { minRelevance: 0 });
    expect(after).toEqual(await new ModelSearch(edited, kernels).search([term(0)], { minRelevance: 0 }));
    expect(after.concepts.map(({ id }) => id)).not.toContain(first);
    expect(after.concepts.map(({ id }) => id)).toContain(second);
    // What people hide they do not want to see: neither the concept nor its pictures, unless they ask for it by its id.
    expect(after.images.map(({ concept }) => concept)).not.toContain(first);
    const asked = await new ModelSearch(edited, kernels).search([term(0)], {
      minRelevance: 0,
      concept: first,
    });
    expect(new Set(asked.images.map(({ concept }) => concept))).toEqual(new Set([first]));
    const fewer = { ...model.fitted, vocabulary: null };
    const without = await new ModelSearch(fewer, kernels, used).search([term(0)], { minRelevance: 0 });
    expect(without.relevance).toBeNull();
  });
});

function term(group: number): ResolvedTerm {
  return { label: `group${group}`, kind: "text", weight: 1, vector: row(wordVectors, group), row: null };
}

describe("exactTop", () => {
  it.each([
    "reference",
    "native",
  ])("equals a full sort, ties by the lower row, with %s kernels", async (name) => {
    const kernels = name === "native" ? await nodeKernels() : referenceKernels;
    const distinct = scatteredVectors(60, 16);
    // Each vector stands there many times: ties everywhere, over the edge of every list.
    const points = takeRows(
      distinct,
      Int32Array.from({ length: 900 }, (_, i) => (i * 7) % 60),
    );
    const query = row(normalizedRows(scatteredVectors(1, 16, 5)), 0);
    const scores = Array.from({ length: points.rows }, (_, i) => dot(query, row(points, i)));
    const masks = [
      undefined,
      Uint8Array.from(scores, (_, i) => (i % 3 === 0 ? 1 : 0)),
      Uint8Array.from(scores, (_, i) => (i < 20 ? 1 : 0)),
    ];
    for (const allowed of masks) {
      const rows = [...scores.keys()].filter((i) => allowed === undefined || allowed[i] === 1);
      const sorted = rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
      for (const count of [1, 17, 100, 1000]) {
        const top = await exactTop(matrixSource(points), query, count, { kernels, allowed });
        expect(Array.from(top.rows)).toEqual(sorted.slice(0, count));
        expect(Array.from(top.scores)).toEqual(sorted.slice(0, count).map((i) => scores[i]));
      }
    }
  });
});
