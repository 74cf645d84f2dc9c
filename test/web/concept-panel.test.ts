import { describe, expect, it } from "vitest";
import type { ApiConcept, ApiModel, ApiTreeNode } from "../../src/core/explorer/api.ts";
import { cardContent } from "../../src/web/concepts/card-content.ts";
import { stabilityOf, unclearnessOf } from "../../src/web/concepts/explain-quality.ts";
import { countShown, listConcepts } from "../../src/web/concepts/list-concepts.ts";
import { rowsOfConcept } from "../../src/web/concepts/rows-of-concept.ts";
import { shownName } from "../../src/web/concepts/shown-name.ts";
import { nextKey, pressKey } from "../../src/web/concepts/tree-keys.ts";
import { conceptsBelow, treePictures, treeRows } from "../../src/web/concepts/tree-rows.ts";

function concept(id: number, part: Partial<ApiConcept> = {}): ApiConcept {
  return {
    id,
    name: `name ${id}`,
    size: 100 - id,
    words: [],
    exemplars: [],
    pinned: false,
    hidden: false,
    renamed: false,
    unclear: false,
    stability: null,
    x: 0,
    y: 0,
    ...part,
  };
}

const idsOf = (concepts: readonly ApiConcept[]): number[] => concepts.map(({ id }) => id);

describe("the list of concepts", () => {
  const concepts = [
    concept(0, { name: "sea", words: [{ word: "sea", score: 0.3, auc: 0.8 }], stability: 0.5 }),
    concept(1, { name: "Café", words: [{ word: "coffee", score: 0.3, auc: 0.95 }] }),
    concept(2, { name: "unclear: thing", unclear: true, stability: 0.9 }),
    concept(3, { name: "bird", hidden: true }),
    concept(4, { name: "ant", pinned: true }),
  ];
  const listing = { sort: "size", show: "shown", text: "" } as const;

  it("has the largest first, the pinned before all, the hidden not at all", () => {
    expect(idsOf(listConcepts(concepts, listing))).toEqual([4, 0, 1, 2]);
  });

  it("goes by name without the remark that it is unclear, by stability, and by how clear the words are", () => {
    expect(idsOf(listConcepts(concepts, { ...listing, sort: "name" }))).toEqual([4, 1, 0, 2]);
    expect(idsOf(listConcepts(concepts, { ...listing, sort: "stability" }))).toEqual([4, 2, 0, 1]);
    expect(idsOf(listConcepts(concepts, { ...listing, sort: "clearness" }))).toEqual([4, 1, 0, 2]);
  });

  it("is narrowed by names and words, without regard to case and accents", () => {
    expect(idsOf(listConcepts(concepts, { ...listing, text: " CAFE " }))).toEqual([1]);
    expect(idsOf(listConcepts(concepts, { ...listing, text: "coff" }))).toEqual([1]);
    expect(idsOf(listConcepts(concepts, { ...listing, text: "unclear" }))).toEqual([]);
  });

  it("counts what each choice has", () => {
    expect(countShown(concepts)).toEqual({ shown: 4, unclear: 1, hidden: 1 });
    expect(idsOf(listConcepts(concepts, { ...listing, show: "hidden" }))).toEqual([3]);
    expect(idsOf(listConcepts(concepts, { ...listing, show: "unclear" }))).toEqual([2]);
  });
});

describe("a card", () => {
  const points = {
    map: new Float32Array(16),
    slots: new Uint32Array(8),
    concepts: Int32Array.of(-1, 0, 0, -1, 0, -1, -1, -1),
    probabilities: Float32Array.of(0, 0.2, 0.9, 0, 1, 0, 0, 0),
  };
  const words = ["sea", "beach", "sand"].map((word) => ({ word, score: 0.3 }));
  const model = {
    concepts: [concept(0, { name: "sea", words, exemplars: [1, 2] })],
    outliers: 5,
  } as unknown as ApiModel;

  it("says the words that its name does not say", () => {
    expect(cardContent(model, points, 0)).toMatchObject({
      name: "sea",
      words: "beach · sand",
      collage: [1, 2],
    });
  });

  it("has pictures for those in no concept, too, and is none for a concept that has gone", () => {
    expect(cardContent(model, points, -1)).toMatchObject({
      size: 5,
      collage: [0, 3, 5, 6, 7],
      concept: null,
    });
    expect(cardContent(model, points, 7)).toBeNull();
  });

  it("shows exemplars first, then the surest, and no exemplar that was moved away", () => {
    expect(rowsOfConcept(points, 0)).toEqual([4, 2, 1]);
    expect(rowsOfConcept(points, 0, [1, 3])).toEqual([1, 4, 2]);
    expect(rowsOfConcept(points, 9)).toEqual([]);
  });

  it("tells what a stability means, and why a name is unclear", () => {
    expect(stabilityOf(concept(0))).toBeNull();
    expect(stabilityOf(concept(0, { stability: 0.8 }))).toMatchObject({ badge: "stable" });
    expect(stabilityOf(concept(0, { stability: 0.2 }))?.reason).toMatch(/seldom.*0\.20/);
    expect(unclearnessOf(concept(0))).toBeNull();
    const weak = concept(0, { unclear: true, words: [{ word: "thing", score: 0.2, auc: 0.6 }] });
    expect(unclearnessOf(weak)?.reason).toMatch(/"thing".*60 %/);
    expect(unclearnessOf(concept(0, { unclear: true }))?.reason).toMatch(/no word/);
  });

  it("keeps a name that a person has given, whatever it begins with", () => {
    expect(shownName({ name: "unclear: fog", unclear: true })).toBe("fog");
    expect(shownName({ name: "unclear: fog", unclear: false })).toBe("unclear: fog");
  });
});

describe("the tree of concepts", () => {
  const leaf = (id: number): ApiTreeNode => ({ concept: id, name: `${id}`, size: 1, children: [] });
  const group = (name: string, children: ApiTreeNode[]): ApiTreeNode => ({
    concept: null,
    name,
    size: 2,
    children,
  });
  const roots = [group("a", [leaf(0), group("b", [leaf(1), leaf(2)])]), leaf(3)];
  const rows = treeRows(roots, new Set(["0"]));

  it("shows what lies in open groups", () => {
    expect(rows.map(({ node, level }) => `${level}${node.name}`)).toEqual(["1a", "20", "2b", "13"]);
    expect(treeRows(roots, new Set(["0", "0.1"]))).toHaveLength(6);
    expect(treeRows(roots, new Set(["0.1"]))).toHaveLength(2);
    expect(rows[2]).toMatchObject({ key: "0.1", position: 2, siblings: 2 });
  });

  it("knows the concepts of a group, and a picture of each of its largest", () => {
    expect(conceptsBelow(roots[0]!)).toEqual([0, 1, 2]);
    const known = new Map([0, 1, 2].map((id) => [id, concept(id, { size: id, exemplars: [10 * id, 99] })]));
    expect(treePictures(roots[0]!, known, 2)).toEqual([20, 10]);
    expect(treePictures(leaf(1), known, 2)).toEqual([10, 99]);
    expect(treePictures(leaf(8), known, 2)).toEqual([]);
  });

  it("is walked by keys as other trees are", () => {
    expect(pressKey("ArrowRight", rows[2]!, false)).toBe("toggle");
    expect(pressKey("ArrowRight", rows[0]!, true)).toBe("child");
    expect(pressKey("ArrowRight", rows[1]!, false)).toBeNull();
    expect(pressKey("ArrowLeft", rows[0]!, true)).toBe("toggle");
    expect(pressKey("ArrowLeft", rows[1]!, false)).toBe("parent");
    expect(pressKey("Enter", rows[1]!, false)).toBe("choose");
    expect(pressKey("x", rows[1]!, false)).toBeNull();
    expect(nextKey(rows, "0", "next")).toBe("0.0");
    expect(nextKey(rows, "0", "previous")).toBe("0");
    expect(nextKey(rows, "0.1", "parent")).toBe("0");
    expect(nextKey(rows, "0", "parent")).toBe("0");
    expect(nextKey(rows, "0.0", "last")).toBe("1");
    expect(nextKey(rows, "1", "next")).toBe("1");
  });
});
