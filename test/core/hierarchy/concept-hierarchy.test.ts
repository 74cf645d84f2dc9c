import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { InputError } from "../../../src/core/errors.ts";
import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { type ConceptHierarchy, conceptHierarchy } from "../../../src/core/hierarchy/concept-hierarchy.ts";
import { normalizedRows, row, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { IdentityReducer } from "../../../src/core/umap/identity-reducer.ts";
import { edited } from "../edits/shaped-models.ts";

const kernels = referenceKernels;

/** Three families of three kinds of 20 pictures: kinds of one family lie near each other. */
async function families(): Promise<FittedModel> {
  const rng = new Rng(5);
  const vectors = zeros(180, 24);
  for (let i = 0; i < 180; i++) {
    const kind = i % 9;
    const point = row(vectors, i);
    for (let j = 0; j < 24; j++) point[j] = 0.04 * (rng.uniform() - 0.5);
    point[Math.floor(kind / 3)]! += 1;
    point[3 + kind]! += 1.2;
  }
  const model = new ConceptModel({
    minConceptSize: 8,
    reducer: new IdentityReducer(),
    clusterer: new HdbscanClusterer({ minClusterSize: 8, minSamples: 3, clusterSelectionMethod: "leaf" }),
  });
  const names = Array.from({ length: 9 }, (_, kind) => `kind ${kind}`);
  const words = zeros(12, 24);
  for (let kind = 0; kind < 9; kind++)
    row(words, kind).set([0, 0, 0, ...names.map((_, k) => (k === kind ? 1 : 0))]);
  for (let family = 0; family < 3; family++) row(words, 9 + family)[family] = 1;
  await model.fit([], {
    imageEmbeddings: normalizedRows(vectors),
    docs: [...names, "family 0", "family 1", "family 2"],
    docEmbeddings: words,
  });
  return model.fitted;
}

let model: FittedModel;
beforeAll(async () => {
  model = await families();
});

/** Every concept is a leaf once, sizes add up and names differ. */
function assertTree(shaped: FittedModel, { nodes, levels }: ConceptHierarchy): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  expect(byId.size).toBe(nodes.length);
  expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
  expect(nodes.filter(({ level }) => level === 0).map(({ id }) => id)).toEqual(
    shaped.concepts.map(({ id }) => id),
  );
  for (const node of nodes) {
    for (const child of node.children) expect(byId.get(child)!.parent).toBe(node.id);
    if (node.parent !== -1) expect(byId.get(node.parent)!.children).toContain(node.id);
    expect(node.exemplars.length).toBeGreaterThan(0);
    if (node.level === 0) continue;
    expect(node.children.length).toBeGreaterThan(1);
    expect(node.size).toBe(node.children.reduce((sum, id) => sum + byId.get(id)!.size, 0));
    expect(node.words.length).toBeGreaterThan(0);
  }
  expect(levels[0]).toBe(shaped.concepts.length);
  for (let level = 1; level < levels.length; level++) expect(levels[level]).toBeLessThan(levels[level - 1]!);
}

describe("the hierarchy of concepts", () => {
  it("finds the families of kinds, and calls them by the words for families", async () => {
    expect(model.concepts).toHaveLength(9);
    for (const by of ["tree", "similarity"] as const) {
      const hierarchy = await conceptHierarchy(model, { kernels, levels: [3], by });
      assertTree(model, hierarchy);
      const parents = hierarchy.nodes.filter(({ level }) => level === 1);
      expect(parents.map(({ name }) => name).sort()).toEqual(["family 0", "family 1", "family 2"]);
      for (const { children, name } of parents) {
        const family = Number(name.split(" ")[1]);
        const kinds = children.map((id) => model.images.concepts.indexOf(id) % 9);
        expect(kinds.map((kind) => Math.floor(kind / 3))).toEqual([family, family, family]);
      }
    }
  });

  it("nests its levels, whatever people made of the concepts", async () => {
    assertTree(model, await conceptHierarchy(model, { kernels }));
    const shaped = await edited(
      model,
      { kind: "merge", concepts: [0, 1, 2] },
      { kind: "split", concept: 4, into: 3 },
      { kind: "move", pictures: [3, 14, 15], to: "new" },
      { kind: "rename", concept: 5, name: "family 1 " },
    );
    for (const levels of [undefined, [6, 4, 2], [5, 3]]) {
      assertTree(shaped, await conceptHierarchy(shaped, { kernels, levels, by: "similarity" }));
      const hierarchy = await conceptHierarchy(shaped, { kernels, levels });
      assertTree(shaped, hierarchy);
      expect(hierarchy.levels.length).toBeGreaterThan(1);
      // No number that a concept ever had.
      expect(hierarchy.nodes.every(({ id, level }) => level === 0 || id > 11)).toBe(true);
    }
  });

  it("is the concepts alone where there is nothing to join", async () => {
    const two = await edited(model, { kind: "recut", concepts: 2 });
    const { nodes, levels } = await conceptHierarchy(two, { kernels });
    expect(nodes.map(({ parent }) => parent)).toEqual([-1, -1]);
    expect(levels).toEqual([2]);
  });

  it("refuses levels out of range", async () => {
    for (const levels of [[1], [3, 3], [2, 4], [2.5]]) {
      await expect(conceptHierarchy(model, { kernels, levels })).rejects.toThrow(InputError);
    }
  });
});
