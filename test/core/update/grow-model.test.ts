import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignImages } from "../../../src/core/assign.ts";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { knownStages } from "../../../src/core/defaults.ts";
import { continueModel } from "../../../src/core/edits/continue-model.ts";
import { planEdit, withEdit } from "../../../src/core/edits/plan-edit.ts";
import { type Matrix, takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { type GrownCollection, growModel } from "../../../src/core/update/grow-model.ts";
import { GrownClusterer } from "../../../src/core/update/grown-clusterer.ts";
import { growthOf } from "../../../src/core/update/growth.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

const context = { kernels: referenceKernels };
const { vectors: all } = groupedVectors({ groups: 5, perGroup: 60 });
const FITTED = 200;
const fitted = (
  await new ConceptModel({ minConceptSize: 15 }).fit([], {
    imageEmbeddings: takeRows(all, [...Array(FITTED).keys()]),
  })
).fitted;

/** Rows of `all`, those below FITTED known to the model. */
function collection(model: FittedModel, rows: readonly number[], from: Matrix = all): GrownCollection {
  const ids = rows.map((row) => `row ${row}`);
  const rowBefore = Int32Array.from(ids, (id) => model.images.ids.indexOf(id));
  return {
    images: { ids, paths: ids, root: null, bytes: new Float64Array(ids.length), columns: [], captions: null },
    vectors: takeRows(from, rows),
    rowBefore,
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe("a grown model", () => {
  test("gives new images what assigning gave them, and known ones what they had", async () => {
    const before = await assignImages(fitted, all, context);
    const { model } = await growModel(fitted, collection(fitted, range(0, 300)), context);
    expect(model.images.concepts).toEqual(before.concepts);
    expect(model.images.probabilities).toEqual(before.probabilities);
    expect(model.images.map).toEqual(before.map);
    expect(model.concepts.map(({ id, name }) => [id, name])).toEqual(
      fitted.concepts.map(({ id, name }) => [id, name]),
    );
    expect(model.concepts.reduce((sum, { size }) => sum + size, 0)).toBe(
      before.concepts.filter((concept) => concept !== -1).length,
    );
  });

  test("goes on assigning as the fit does, whatever came and went", async () => {
    const strangers = scatteredVectors(20, all.cols);
    const expected = await assignImages(fitted, strangers, context);
    const { model: grown } = await growModel(fitted, collection(fitted, range(20, 280)), context);
    const { model: again } = await growModel(
      grown,
      collection(grown, [...range(30, 250), ...range(290, 300)]),
      context,
    );
    expect(await assignImages(grown, strangers, context)).toEqual(expected);
    expect(await assignImages(again, strangers, context)).toEqual(expected);
  });

  test("does not depend on the way it came to be", async () => {
    const subset = fc.uniqueArray(fc.integer({ min: 0, max: 299 }), { minLength: 200, maxLength: 290 });
    await fc.assert(
      fc.asyncProperty(subset, subset, async (middle, end) => {
        const known = end.filter((row) => row >= FITTED || middle.includes(row));
        const first = (await growModel(fitted, collection(fitted, middle), context)).model;
        const detour = (await growModel(first, collection(first, known), context)).model;
        const straight = (await growModel(fitted, collection(fitted, known), context)).model;
        expect(detour.images).toEqual(straight.images);
        expect(detour.clusterer.state()).toEqual(straight.clusterer.state());
        expect(detour.reducer.state()).toEqual(straight.reducer.state());
      }),
      { numRuns: 6 },
    );
  });

  test("is restored from its state, and not from a forged one", async () => {
    const { model } = await growModel(fitted, collection(fitted, range(20, 280)), context);
    const { reducers, clusterers } = knownStages();
    const reducerState = model.reducer.state();
    const clustererState = model.clusterer.state();
    const reducer = reducers.find(({ kind }) => kind === reducerState.kind)!;
    const clusterer = clusterers.find(({ kind }) => kind === clustererState.kind)!;
    expect(clusterer).toBeInstanceOf(GrownClusterer);
    expect(reducer.restore(reducerState, model.imageVectors).state()).toEqual(reducerState);
    const restored = clusterer.restore(clustererState, model.reducer.layout);
    expect(restored.labels).toEqual(model.clusterer.labels);
    expect(restored.exemplars).toEqual(model.clusterer.exemplars);
    expect(restored.recut!({ clusterCount: 3 }).labels).toEqual(
      model.clusterer.recut!({ clusterCount: 3 }).labels,
    );
    const { arrays, params } = clustererState;
    const rows = arrays["grownRows"] as Int32Array;
    const forgeries = [
      { grownRows: rows.slice(1) },
      { grownRows: rows.with(0, 100_000) },
      { grownRows: rows.with(0, -2) },
      { grownRows: rows.with(0, rows[1]!) },
      { grownLost: new Float32Array(3) },
      { grownLabels: new Int32Array(80).fill(99) },
      { grownLabels: new Int32Array(2) },
      { grownStrengths: new Float32Array(2) },
      { grownStrengths: new Float64Array(80) },
    ];
    for (const forgery of forgeries) {
      const state = { ...clustererState, arrays: { ...arrays, ...forgery } };
      expect(
        () => clusterer.restore(state as typeof clustererState, model.reducer.layout),
        JSON.stringify(Object.keys(forgery)),
      ).toThrow("does not fit");
    }
    for (const grownFrom of [-1, 1e12, 0.5, "200"]) {
      const state = { ...clustererState, params: { ...params, grownFrom } };
      expect(() => clusterer.restore(state, model.reducer.layout)).toThrow();
      expect(() =>
        reducer.restore(
          { ...reducerState, params: { ...reducerState.params, grownFrom } },
          model.imageVectors,
        ),
      ).toThrow();
    }
  });

  test("keeps edits, without the pictures that left", async () => {
    let model = fitted;
    const edit = async (request: Parameters<typeof planEdit>[1]): Promise<void> => {
      model = withEdit(model, await planEdit(model, request, context));
    };
    await edit({ kind: "rename", concept: 1, name: "mine" });
    await edit({ kind: "move", pictures: ["row 3", "row 50"], to: 1 });
    await edit({ kind: "move", pictures: ["row 4"], to: "new" } as Parameters<typeof planEdit>[1]);
    const { model: grown, droppedEdits } = await growModel(model, collection(model, range(5, 260)), context);
    expect(grown.concepts.find(({ id }) => id === 1)!.name).toBe("mine");
    expect(grown.images.concepts[grown.images.ids.indexOf("row 50")]).toBe(1);
    expect(grown.shaping!.edits).toHaveLength(2);
    expect(droppedEdits).toHaveLength(1);
  });

  test("lets a concept go when the last of its images leaves, and never gives its id again", async () => {
    const { concepts } = fitted;
    const gone = concepts.at(-1)!;
    const isGone = (row: number): boolean => fitted.images.concepts[row] === gone.id;
    const rest = range(0, FITTED).filter((row) => !isGone(row));
    const { model, endedConcepts } = await growModel(fitted, collection(fitted, rest), context);
    expect(endedConcepts).toEqual([gone]);
    expect(model.concepts.map(({ id }) => id)).toEqual(concepts.slice(0, -1).map(({ id }) => id));
    expect(model.conceptVectors.rows).toBe(concepts.length - 1);
    expect(model.goneConcepts).toEqual([gone.id]);
    expect([...model.conceptOfLabel].filter((id) => id === -1)).toHaveLength(1);
    // What comes back is as strange as anything.
    const back = await growModel(model, collection(model, range(0, FITTED)), context);
    range(0, FITTED).forEach((row) => {
      expect(back.model.images.concepts[row]).toBe(isGone(row) ? -1 : fitted.images.concepts[row]);
      if (isGone(row)) expect(back.model.images.probabilities[row]).toBe(0);
    });
    expect(back.model.goneConcepts).toEqual([gone.id]);
    const assigned = await assignImages(model, takeRows(all, range(0, FITTED).filter(isGone)), context);
    expect(new Set(assigned.concepts)).toEqual(new Set([-1]));
    expect(new Set(assigned.probabilities)).toEqual(new Set([0]));
    const edit = await planEdit(model, { kind: "move", pictures: [0], to: "new" }, context);
    expect(withEdit(model, edit).concepts.map(({ id }) => id)).toContain(gone.id + 1);
  });

  test("drops the edits of a concept that has gone, and keeps the others with what is left of them", async () => {
    let model = fitted;
    for (const request of [
      { kind: "rename", concept: 0, name: "gone" },
      { kind: "rename", concept: 1, name: "mine" },
      { kind: "merge", concepts: [1, 0, 2] },
      { kind: "recut", minConceptSize: 10 },
      { kind: "hide", concept: 3 },
    ] as const) {
      model = withEdit(model, await planEdit(model, request, context));
    }
    const rest = range(0, FITTED).filter((row) => fitted.images.concepts[row] !== 0);
    const grown = await growModel(model, collection(model, rest), context);
    expect(grown.droppedEdits).toEqual([model.shaping!.edits[0]]);
    expect(grown.model.shaping!.edits.map(({ kind }) => kind)).toEqual(["rename", "merge", "recut", "hide"]);
    expect(grown.model.shaping!.edits[1]).toMatchObject({ concepts: [1, 2] });
    const owner = (row: number): number =>
      grown.model.images.concepts[grown.model.images.ids.indexOf(`row ${row}`)]!;
    for (const row of rest.filter((each) => [1, 2].includes(fitted.images.concepts[each]!))) {
      expect(owner(row)).toBe(1);
    }
    expect(grown.model.concepts.find(({ id }) => id === 1)).toMatchObject({ name: "mine", pinned: true });
    expect(grown.model.concepts.find(({ id }) => id === 3)).toMatchObject({ hidden: true });
  });

  test("keeps what a fit carried over from an earlier one when one of its concepts goes", async () => {
    const named = withEdit(
      fitted,
      await planEdit(fitted, { kind: "rename", concept: 2, name: "mine" }, context),
    );
    const { model } = await continueModel(named, fitted, context);
    const rest = range(0, FITTED).filter((row) => fitted.images.concepts[row] !== 1);
    const grown = await growModel(model, collection(model, rest), context);
    expect(grown.droppedEdits).toEqual([]);
    expect(grown.model.shaping!.edits[0]).toMatchObject({ kind: "carry" });
    expect(grown.model.concepts.map(({ id }) => id).sort()).toEqual(
      fitted.concepts
        .map(({ id }) => id)
        .filter((id) => id !== 1)
        .sort(),
    );
    expect(grown.model.concepts.find(({ id }) => id === 2)).toMatchObject({ name: "mine", renamed: true });
  });
});

describe("growth", () => {
  test("advises a new fit when the new fits no concept, or is more than was fitted", async () => {
    expect(growthOf(fitted)).toMatchObject({ fitted: FITTED, added: 0, refit: null });
    const alike = (await growModel(fitted, collection(fitted, range(0, 260)), context)).model;
    expect(growthOf(alike)).toMatchObject({ fitted: FITTED, added: 60, refit: null });
    const { model } = await growModel(alike, collection(alike, range(0, 300)), context);
    expect(growthOf(model)).toMatchObject({ added: 100, refit: null });
    const many = collection(fitted, range(0, 300));
    const twice = {
      ...many,
      images: {
        ...many.images,
        ids: [...many.images.ids, ...many.images.ids.map((id) => `copy of ${id}`)],
        paths: [...many.images.paths, ...many.images.paths.map((path) => `copy of ${path}`)],
        bytes: new Float64Array(600),
      },
      vectors: takeRows(all, [...range(0, 300), ...range(0, 300)]),
      rowBefore: Int32Array.from([...many.rowBefore, ...new Int32Array(300).fill(-1)]),
    };
    expect(growthOf((await growModel(fitted, twice, context)).model).refit).toContain("400 pictures came");
  });
});
