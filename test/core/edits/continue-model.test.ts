import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { continueModel } from "../../../src/core/edits/continue-model.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { parseEdit } from "../../../src/core/edits/parse-edit.ts";
import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { IdentityReducer } from "../../../src/core/umap/identity-reducer.ts";
import { assertSound, edited, plainParts, replayed, sixConcepts } from "./shaped-models.ts";

const context = { kernels: referenceKernels };
let base: FittedModel;
beforeAll(async () => {
  base = await sixConcepts();
});

/** Another fit of some of the pictures, in another order and with other sizes of concepts. */
async function refit(keep: (row: number) => boolean, minConceptSize = 15): Promise<FittedModel> {
  const rows = Array.from({ length: 280 }, (_, i) => (i * 37) % 280).filter(keep);
  const model = await new ConceptModel({
    minConceptSize,
    reducer: new IdentityReducer(),
    clusterer: new HdbscanClusterer({ minClusterSize: minConceptSize, minSamples: 3 }),
  }).fit([], {
    imageEmbeddings: takeRows(base.imageVectors, rows),
    imageNames: rows.map((row) => base.images.paths[row]!),
    docs: base.vocabulary!.words,
    docEmbeddings: base.vocabulary!.vectors,
  });
  return model.fitted;
}

/** Paths of the pictures in a concept. */
const pathsOf = (model: FittedModel, id: number): string[] =>
  model.images.paths.filter((_, row) => model.images.concepts[row] === id).sort();

async function continued(earlier: FittedModel, later: FittedModel) {
  const result = await continueModel(earlier, later, context);
  assertSound(result.model);
  expect(plainParts(replayed(result.model, parseEdit))).toEqual(plainParts(result.model));
  return result;
}

describe("a refit that continues an earlier model", () => {
  it("gives the same concepts the same ids, in whatever order the pictures come", async () => {
    const { model, kept, ended } = await continued(base, await refit(() => true));
    for (const { id, name } of base.concepts) {
      expect(pathsOf(model, id)).toEqual(pathsOf(base, id));
      expect(model.concepts.find((concept) => concept.id === id)!.name).toBe(name);
    }
    expect(kept).toHaveLength(6);
    expect(ended).toEqual([]);
  });

  it("carries every kind of edit over", async () => {
    const row = base.images.concepts.indexOf(3);
    const outliers = [...base.images.concepts.keys()].filter((at) => base.images.concepts[at] === -1);
    const requests: readonly EditRequest[] = [
      { kind: "rename", concept: 1, name: "harbour", namedBy: "tiny" },
      { kind: "hide", concept: 2 },
      { kind: "pin", concept: 2 },
      { kind: "merge", concepts: [0, 4] },
      { kind: "split", concept: 5, into: 2 },
      { kind: "move", pictures: [row], to: "none" },
      { kind: "move", pictures: outliers.slice(0, 5), to: "new" },
      { kind: "outliers", strategy: "exemplar", threshold: 0 },
    ];
    const shaped = await edited(base, ...requests);
    const { model } = await continued(shaped, await refit((at) => at % 11 !== 3));
    const there = new Set(model.images.paths);
    const still = (id: number): string[] => pathsOf(shaped, id).filter((path) => there.has(path));
    expect(model.concepts.find(({ id }) => id === 1)).toMatchObject({
      name: "harbour",
      renamed: true,
      namedBy: "tiny",
    });
    expect(model.concepts.find(({ id }) => id === 2)).toMatchObject({ hidden: true, pinned: true });
    // 0 is merged from two, 5 and 6 are split, 7 is made by hand: all hold together.
    for (const id of [0, 5, 6, 7]) {
      const shared = still(id).filter((path) => pathsOf(model, id).includes(path));
      expect(shared.length / still(id).length, `concept ${id}`).toBeGreaterThan(0.8);
    }
    expect(model.concepts.some(({ id }) => id === 4)).toBe(false);
    const at = model.images.paths.indexOf(base.images.paths[row]!);
    if (at !== -1) expect(model.images.concepts[at]).toBe(-1);
    const none = model.images.concepts.filter((id) => id === -1).length;
    expect(none).toBeLessThanOrEqual(1);
  });

  it("names what ended, and gives what is new ids that were never given", async () => {
    const gone = new Set(pathsOf(base, 0));
    const later = await refit((row) => !gone.has(base.images.paths[row]!));
    const { model, kept, ended } = await continued(base, later);
    expect(ended).toEqual([0]);
    expect(kept).toHaveLength(5);
    expect(model.concepts.every(({ id }) => id !== 0)).toBe(true);
    const other = await continueModel(base, later, context);
    expect(plainParts(other.model)).toEqual(plainParts(model));
    // And on from there.
    const { model: third } = await continued(model, await refit(() => true));
    expect(third.concepts.find(({ id }) => id === 0)).toBeUndefined();
    expect(third.concepts.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("lets names from words give way to names that people gave", async () => {
    const [first, second] = base.concepts;
    const shaped = await edited(
      base,
      { kind: "rename", concept: first!.id, name: "something else" },
      { kind: "rename", concept: second!.id, name: first!.name },
    );
    const { model } = await continued(shaped, await refit(() => true));
    expect(model.concepts.find(({ id }) => id === second!.id)!.name).toBe(first!.name);
    expect(model.concepts.find(({ id }) => id === first!.id)!.name).toBe("something else");
  });
});
