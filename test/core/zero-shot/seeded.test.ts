import { describe, expect, test } from "vitest";
import { assignImages } from "../../../src/core/assign.ts";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { knownStages } from "../../../src/core/defaults.ts";
import { planEdit, withEdit } from "../../../src/core/edits/plan-edit.ts";
import { type Matrix, row, takeRows, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { growModel } from "../../../src/core/update/grow-model.ts";
import { calibratedThreshold, upperTail } from "../../../src/core/zero-shot/calibrated-threshold.ts";
import type { Seed } from "../../../src/core/zero-shot/seed.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

const GROUPS = 6;
const { vectors, labels, centres } = groupedVectors({ groups: GROUPS, perGroup: 60, spread: 0.5 });
const context = { kernels: referenceKernels };

/** Texts "group N" lie near the centre of group N, others nowhere near any. */
const embedder = {
  id: "texts",
  dimensions: vectors.cols,
  embedImages: async (): Promise<Matrix> => vectors,
  embedTexts: async (texts: readonly string[]): Promise<Matrix> => {
    const found = zeros(texts.length, vectors.cols);
    const nowhere = scatteredVectors(texts.length, vectors.cols, 91);
    texts.forEach((text, i) => {
      const group = /^group (\d)$/.exec(text)?.[1];
      row(found, i).set(group === undefined ? row(nowhere, i) : row(centres, Number(group)));
    });
    return found;
  },
};

async function fitted(seeds: readonly Seed[]): Promise<FittedModel> {
  const model = new ConceptModel({ embeddingModel: embedder, minConceptSize: 15 });
  return (await model.fit([], { imageEmbeddings: vectors, seeds })).fitted;
}

/** Share of the pictures of a group that are in a concept, and of the concept that are of the group. */
function agreement(
  { images }: FittedModel,
  id: number,
  group: number,
): { recall: number; precision: number } {
  const both = labels.filter((label, i) => label === group && images.concepts[i] === id).length;
  return { recall: both / 60, precision: both / images.concepts.filter((concept) => concept === id).length };
}

describe("seeded concepts", () => {
  test("take the pictures that are close to a name or to examples; the rest is grouped", async () => {
    const examples = takeRows(vectors, [2, 8, 14]);
    const model = await fitted([{ name: "group 1" }, { name: "by example", vectors: examples }]);
    const seeded = model.concepts.filter((concept) => concept.seeded);
    expect(seeded.map(({ name }) => name).sort()).toEqual(["by example", "group 1"]);
    for (const [name, group] of [
      ["group 1", 1],
      ["by example", 2],
    ] as const) {
      const { recall, precision } = agreement(model, seeded.find((one) => one.name === name)!.id, group);
      expect(recall).toBeGreaterThan(0.8);
      expect(precision).toBeGreaterThan(0.9);
    }
    expect(model.concepts.length).toBeGreaterThan(4);
    expect(new Set(model.concepts.map(({ name }) => name)).size).toBe(model.concepts.length);
  });

  test("of a name that nothing is close to have no pictures", async () => {
    const model = await fitted([{ name: "group 1" }, { name: "nowhere" }]);
    expect(model.concepts.filter(({ seeded }) => seeded).map(({ name }) => name)).toEqual(["group 1"]);
  });

  test("go on taking pictures that come later, in assigning and updating", async () => {
    const model = await fitted([{ name: "group 1" }, { name: "group 4" }]);
    const { vectors: fresh, labels: groups } = groupedVectors({ groups: GROUPS, perGroup: 80, spread: 0.5 });
    const strangers = Array.from(groups.keys()).slice(360);
    const points = takeRows(fresh, strangers);
    const { concepts } = await assignImages(model, points, context);
    const id = model.concepts.find(({ name }) => name === "group 4")!.id;
    const inGroup = strangers.map((i) => groups[i] === 4);
    const right = Array.from(concepts).filter((concept, i) => concept === id && inGroup[i]).length;
    expect(right).toBeGreaterThan(0.8 * inGroup.filter(Boolean).length);
    const rows = points.rows;
    const ids = [...model.images.ids, ...strangers.map((i) => `new ${i}`)];
    const images = {
      ids,
      paths: ids,
      root: null,
      bytes: new Float64Array(ids.length),
      columns: [],
      captions: null,
    };
    const rowBefore = Int32Array.from(ids, (_, i) => (i < 360 ? i : -1));
    const all = zeros(360 + rows, vectors.cols);
    all.data.set(model.imageVectors.data);
    all.data.set(points.data, 360 * vectors.cols);
    const grown = (await growModel(model, { images, vectors: all, rowBefore }, context)).model;
    expect(grown.images.concepts.slice(360)).toEqual(concepts);
    expect(grown.concepts.find((concept) => concept.id === id)!.seeded).toBe(true);
  });

  test("come back from their state, and not from a forged one", async () => {
    const model = await fitted([{ name: "group 1" }]);
    const { reducers, clusterers } = knownStages();
    const state = model.reducer.state();
    const reducer = reducers.find(({ kind }) => kind === state.kind)!;
    const restored = reducer.restore(state, model.imageVectors);
    expect(restored.layout).toEqual(model.reducer.layout);
    const clusterer = clusterers.find(({ kind }) => kind === model.clusterer.kind)!;
    const again = clusterer.restore(model.clusterer.state(), restored.layout);
    expect(again.labels).toEqual(model.clusterer.labels);
    expect(again.exemplars).toEqual(model.clusterer.exemplars);
    for (const forged of [
      { seedMean: new Float32Array(3) },
      { seedDirections: new Float32Array(31) },
      { seedThresholds: new Float64Array(1) },
      { seedCentres: Float32Array.of(Number.NaN) },
      { seedSpreads: new Float32Array(1) },
    ]) {
      expect(() =>
        reducer.restore({ ...state, arrays: { ...state.arrays, ...forged } }, model.imageVectors),
      ).toThrow("seeds do not fit");
    }
  });

  test("stay when the rest is recut, and keep their mark", async () => {
    const model = await fitted([{ name: "group 1" }]);
    const before = model.concepts.find(({ seeded }) => seeded)!;
    const edit = await planEdit(
      model,
      { kind: "recut", concepts: 5 } as Parameters<typeof planEdit>[1],
      context,
    );
    const recut = withEdit(model, edit);
    const after = recut.concepts.find(({ id }) => id === before.id)!;
    expect(recut.concepts.length).toBe(5);
    expect(after).toMatchObject({ name: before.name, size: before.size, seeded: true });
  });

  test("that hold two groups are split along a tree of their own pictures: that of the rest does not know them", async () => {
    const both = [1, 2].flatMap((group) => [0, 1, 2, 3].map((i) => group + GROUPS * i));
    const model = await fitted([{ name: "two", vectors: takeRows(vectors, both) }]);
    const { id, size } = model.concepts.find(({ seeded }) => seeded)!;
    expect(size).toBeGreaterThan(90);
    const edit = await planEdit(model, { kind: "split", concept: id }, context);
    const shaped = withEdit(model, edit);
    for (const group of [1, 2]) {
      const owners = [...shaped.images.concepts].filter(
        (_, i) => labels[i] === group && model.images.concepts[i] === id,
      );
      expect(new Set(owners).size).toBe(1);
    }
    expect(shaped.concepts).toHaveLength(model.concepts.length + 1);
  });

  test("may claim every picture", async () => {
    const model = await fitted(Array.from({ length: GROUPS }, (_, group) => ({ name: `group ${group}` })));
    expect(model.concepts.filter(({ seeded }) => seeded)).toHaveLength(GROUPS);
    expect(model.images.concepts.filter((concept) => concept !== -1).length).toBeGreaterThan(300);
  });

  test("need names of their own", async () => {
    const bad: Seed[][] = [
      [{ name: " " }],
      [{ name: "a\nb" }],
      [{ name: "y".repeat(101) }],
      [{ name: "Dog" }, { name: "dog" }],
      [{ name: "a", texts: [] }],
      [{ name: "a", vectors: scatteredVectors(2, 3) }],
    ];
    for (const seeds of bad) await expect(fitted(seeds), JSON.stringify(seeds)).rejects.toThrow();
  });
});

describe("the threshold", () => {
  test.each([
    [20, 1],
    [60, 0.01],
    [200, 10],
  ])("lets in few strangers among %i members on the whole, whatever the scale of scores: %d", (members, scale) => {
    const rng = new Rng(members);
    const normal = (): number => Array.from({ length: 12 }, () => rng.uniform()).reduce((a, b) => a + b, -6);
    const draws = 100;
    let [found, strangers] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const scores = Float64Array.from(
        { length: 1000 + members },
        (_, i) => scale * (normal() + (i < members ? 6 : 0) - 3),
      );
      const { threshold } = calibratedThreshold(scores);
      const accepted = Array.from(scores.keys()).filter((i) => scores[i]! >= threshold);
      found += accepted.filter((i) => i < members).length / members / draws;
      strangers += accepted.filter((i) => i >= members).length / accepted.length / draws;
    }
    expect(found).toBeGreaterThan(0.95);
    // A share of single draws is chance: the rate of false discoveries is a mean.
    expect(strangers).toBeLessThan(0.15);
  });

  test("rests on the normal distribution", () => {
    for (const [z, share] of [
      [0, 0.5],
      [1, 0.15865525393],
      [2, 0.02275013195],
      [4, 3.16712e-5],
    ] as const) {
      expect(Math.abs(upperTail(z) - share)).toBeLessThan(1e-7);
    }
    expect(calibratedThreshold(new Float64Array(50)).threshold).toBe(2);
    expect(calibratedThreshold(new Float64Array(0)).threshold).toBe(2);
  });
});
