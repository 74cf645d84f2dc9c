import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownStages } from "../../../src/core/defaults.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { FormatError } from "../../../src/core/errors.ts";
import { takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { growModel } from "../../../src/core/update/grow-model.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { decodeModel } from "../../../src/node/saved-model/decode-model.ts";
import { readModelFiles } from "../../../src/node/saved-model/model-reader.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { assertSound, plainParts } from "../../core/edits/shaped-models.ts";
import { groupedVectors } from "../../support/collections.ts";

const { vectors, centres } = groupedVectors({ groups: 6, perGroup: 40, spread: 0.5 });
const words = { docs: ["ant", "bee", "cat", "dog", "elk", "fox"], docEmbeddings: centres };
/** Of groups 0 to 3; the other two come later. */
const FIT = [...Array(240).keys()].filter((row) => row % 6 < 4);

type Choice = { readonly collapseDuplicates?: boolean; readonly isSeeded?: boolean };

async function fit(
  rows: readonly number[],
  { collapseDuplicates = false, isSeeded }: Choice,
): Promise<ConceptModel> {
  const seeds = isSeeded ? [{ name: "given", vectors: takeRows(vectors, [1, 7, 13]) }] : [];
  return new ConceptModel({ minConceptSize: 12, collapseDuplicates }).fit([], {
    imageEmbeddings: takeRows(vectors, rows),
    imageNames: rows.map((row) => `${row}.jpg`),
    ...words,
    seeds,
  });
}

/** The model of another part of the collection, in the order of `rows`. */
async function grownTo(model: FittedModel, rows: readonly number[]): Promise<FittedModel> {
  const paths = rows.map((row) => `${row}.jpg`);
  const bytes = new Float64Array(rows.length);
  const images = {
    ids: paths.map((name) => `id of ${name}`),
    paths,
    root: null,
    bytes,
    columns: [],
    captions: null,
  };
  const rowBefore = Int32Array.from(paths, (name) => model.images.paths.indexOf(name));
  const collection = { images, vectors: takeRows(vectors, rows), rowBefore };
  return (await growModel(model, collection, { kernels: referenceKernels })).model;
}

/** Pictures by the concept they are in, whatever its id. */
function groups({ images }: FittedModel): string[] {
  const ids = [...new Set(images.concepts)].filter((id) => id !== -1);
  return ids.map((id) => images.paths.filter((_, row) => images.concepts[row] === id).join()).sort();
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "grown-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a model one of whose concepts has lost all pictures", () => {
  it("is saved and loaded whole, and shaped afterwards; a forged one is refused", async () => {
    const target = join(folder, "emptied.concept");
    const { fitted } = await fit(FIT, {});
    const rest = FIT.filter((_, at) => fitted.images.concepts[at] !== 1);
    const grown = await grownTo(fitted, rest);
    assertSound(grown);
    await saveModel(grown, target);
    const loaded = await ConceptModel.load(target);
    expect(plainParts(loaded.fitted)).toEqual(plainParts(grown));
    expect(loaded.fitted.goneConcepts).toEqual([1]);
    for (const request of [
      { kind: "merge", concepts: [0, 2] },
      { kind: "move", pictures: [0, 1], to: "new" },
      { kind: "recut", concepts: 3 },
    ] as const) {
      await loaded.edit(request);
      assertSound(loaded.fitted);
    }
    expect(loaded.fitted.concepts.some(({ id }) => id === 1)).toBe(false);
    await loaded.saveEdits();
    expect(plainParts((await ConceptModel.load(target)).fitted)).toEqual(plainParts(loaded.fitted));
    const files = await readModelFiles(target);
    for (const forged of [[1, 1], [9], [], [0]]) {
      const manifest = { ...files.manifest, goneConcepts: forged };
      const decoded = decodeModel({ ...files, manifest }, knownStages());
      await expect(decoded, String(forged)).rejects.toThrow(FormatError);
    }
  });
});

describe("refitting a model of a collection that has grown", () => {
  it.each([
    {},
    { collapseDuplicates: true },
  ])("finds what a fit of the collection finds, under the ids, names and edits of before (%j)", async (choice) => {
    const target = join(folder, `refitted-${Object.keys(choice).join("")}.concept`);
    const first = await fit(FIT, choice);
    await first.edit({ kind: "rename", concept: 0, name: "mine" });
    await first.edit({ kind: "hide", concept: 1 });
    const everything = [...Array(240).keys()];
    await saveModel(await grownTo(first.fitted, everything), target);
    const model = await ConceptModel.load(target);
    const before = model.fitted;
    const { kept, ended } = await model.refit();
    assertSound(model.fitted);
    expect(groups(model.fitted)).toEqual(groups((await fit(everything, choice)).fitted));
    expect([...kept].sort()).toEqual(before.concepts.map(({ id }) => id).sort());
    expect(ended).toEqual([]);
    expect(model.fitted.concepts.length).toBeGreaterThan(before.concepts.length);
    expect(model.fitted.concepts.find(({ id }) => id === 0)).toMatchObject({ name: "mine", renamed: true });
    expect(model.fitted.concepts.find(({ id }) => id === 1)).toMatchObject({ hidden: true });
    expect(model.undoneEdits).toEqual([]);
    await expect(model.saveEdits()).rejects.toMatchObject({ code: "NOT_SAVED" });
    await model.save(target);
    const loaded = await ConceptModel.load(target);
    expect(plainParts(loaded.fitted)).toEqual(plainParts(model.fitted));
    expect(loaded.fitted.parameters).toEqual(before.parameters);
  });

  it("keeps every kind of edit, through the update, the refit, and saving and loading after each", async () => {
    const target = join(folder, "every-edit.concept");
    const first = await fit(FIT, {});
    const ofConcept = (id: number): string[] =>
      first.fitted.images.paths.filter((_, row) => first.fitted.images.concepts[row] === id);
    const [aside, ...others] = ofConcept(3).slice(10, 16);
    const requests: readonly EditRequest[] = [
      { kind: "recut", minConceptSize: 11, reduceOutliers: "exemplar", threshold: 0.5 },
      { kind: "rename", concept: 0, name: "mine" },
      { kind: "merge", concepts: [0, 1] },
      { kind: "split", concept: 2, into: 2 },
      { kind: "pin", concept: 3 },
      { kind: "hide", concept: 3 },
      { kind: "move", pictures: [aside!], to: "none" },
      { kind: "move", pictures: others.slice(0, 2), to: 0 },
      { kind: "move", pictures: others.slice(2), to: "new" },
      { kind: "outliers", strategy: "neighbors", threshold: 0.1 },
    ];
    for (const request of requests) await first.edit(request);
    const [, , , split, , , , , made] = first.edits;
    if (split?.kind !== "split" || made?.kind !== "move" || made.to === null || typeof made.to === "number") {
      throw new Error("other edits than were asked for");
    }
    const part = split.parts[0]!.draft.concept;
    const hand = made.to.concept;
    const pathsIn = (model: FittedModel, id: number): string[] =>
      model.images.paths.filter((_, row) => model.images.concepts[row] === id);
    const before = first.fitted;
    const check = (model: FittedModel): void => {
      assertSound(model);
      const named = (id: number) => model.concepts.find((concept) => concept.id === id);
      expect(named(0)).toMatchObject({ name: "mine", renamed: true, pinned: true });
      expect(named(1)).toBeUndefined();
      expect(named(3)).toMatchObject({ hidden: true, pinned: true });
      const there = new Set(model.images.paths);
      for (const id of [0, 2, part, hand]) {
        const still = pathsIn(before, id).filter((path) => there.has(path));
        const kept = pathsIn(model, id).filter((path) => still.includes(path)).length;
        expect(kept / still.length, `concept ${id}`).toBeGreaterThan(0.9);
      }
      expect(pathsIn(model, -1)).toContain(aside);
      expect(pathsIn(model, 0)).toEqual(expect.arrayContaining(others.slice(0, 2)));
      expect(pathsIn(model, hand).sort()).toEqual(others.slice(2).sort());
    };
    check(before);
    await first.save(target);
    check((await ConceptModel.load(target)).fitted);
    const isKept = (row: number): boolean =>
      row % 13 !== 5 || ofConcept(3).slice(10, 16).includes(`${row}.jpg`);
    const later = [...Array(240).keys()].filter(isKept);
    await saveModel(await grownTo((await ConceptModel.load(target)).fitted, later), target);
    const updated = await ConceptModel.load(target);
    check(updated.fitted);
    await updated.refit();
    check(updated.fitted);
    await updated.save(target);
    check((await ConceptModel.load(target)).fitted);
  });

  it("keeps concepts that were given by examples", async () => {
    const first = await fit(FIT, { isSeeded: true });
    const target = join(folder, "refitted-seeded.concept");
    await saveModel(await grownTo(first.fitted, [...Array(240).keys()]), target);
    const model = await ConceptModel.load(target);
    const before = model.fitted.concepts.find(({ seeded }) => seeded)!;
    await model.refit();
    const after = model.fitted.concepts.find(({ seeded }) => seeded)!;
    expect(after).toMatchObject({ id: before.id, name: "given", size: before.size });
    expect(model.fitted.concepts.length).toBeGreaterThan(first.fitted.concepts.length);
  });
});
