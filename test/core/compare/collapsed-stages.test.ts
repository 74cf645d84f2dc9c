import { describe, expect, it } from "vitest";
import { nearDuplicates } from "../../../src/core/compare/near-duplicates.ts";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { knownStages } from "../../../src/core/defaults.ts";
import { FormatError } from "../../../src/core/errors.ts";
import { row, stackRows, takeRows } from "../../../src/core/math/matrix.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { groupedVectors } from "../../support/collections.ts";

// Six groups of forty pictures, one of whose pictures was taken eighty times in a burst.
const groups = groupedVectors({ groups: 6, perGroup: 40, spread: 0.5 });
const burst = groupedVectors({ groups: 1, perGroup: 80, spread: 0.04, seed: 21 });
const vectors = stackRows([groups.vectors, burst.vectors], 32);
const frames = Array.from({ length: 80 }, (_, i) => 240 + i);

async function fit(collapseDuplicates: boolean): Promise<ConceptModel> {
  return new ConceptModel({ minConceptSize: 15, collapseDuplicates }).fit([], { imageEmbeddings: vectors });
}

describe("a fit with near-duplicates collapsed", () => {
  it("makes no concept of a burst, where a plain fit does", async () => {
    const plain = (await fit(false)).fitted.images.concepts;
    expect(new Set(frames.map((frame) => plain[frame])).size).toBe(1);
    expect(plain[frames[0]!]).not.toBe(-1);
    expect(plain.filter((concept) => concept === plain[frames[0]!])).toHaveLength(80);
    const { images, concepts, parameters } = (await fit(true)).fitted;
    expect(parameters.collapseDuplicates).toBeGreaterThan(0);
    expect(concepts).toHaveLength(6);
    for (const frame of frames) expect(images.concepts[frame]).toBe(images.concepts[frames[0]!]);
  });

  it("keeps a result for every picture: those of a group share theirs, and only one is an exemplar", async () => {
    const { images, concepts, parameters } = (await fit(true)).fitted;
    const neighbors = await nearestNeighbors(vectors, { k: 20 });
    const { middleOf } = await nearDuplicates(vectors, neighbors, {
      threshold: parameters.collapseDuplicates,
    });
    expect(middleOf.filter((middle, i) => middle !== i).length).toBeGreaterThan(70);
    middleOf.forEach((middle, picture) => {
      expect(images.concepts[picture]).toBe(images.concepts[middle]);
      expect(images.probabilities[picture]).toBe(images.probabilities[middle]);
      expect(row(images.map, picture)).toEqual(row(images.map, middle));
    });
    for (const { id, size, exemplars } of concepts) {
      expect(images.concepts.filter((concept) => concept === id)).toHaveLength(size);
      for (const exemplar of exemplars) expect(middleOf[exemplar]).toBe(exemplar);
    }
  });

  it("places new pictures, and the fitted ones as in the fit", async () => {
    const model = await fit(true);
    const known = await model.assignVectors(takeRows(vectors, frames));
    for (const concept of known.concepts) expect(concept).toBe(model.fitted.images.concepts[240]);
    const others = groupedVectors({ groups: 6, perGroup: 41, spread: 0.5 }).vectors;
    const { concepts, map } = await model.assignVectors(others);
    expect(concepts.filter((concept) => concept >= 0).length).toBeGreaterThan(200);
    expect(map.data.every(Number.isFinite)).toBe(true);
  });

  it("is restored from its state, and tells a forged one", async () => {
    const { reducer, clusterer } = (await fit(true)).fitted;
    const { reducers, clusterers } = knownStages();
    const state = reducer.state();
    expect(state.kind).toBe("collapsed-umap");
    const known = reducers.find(({ kind }) => kind === state.kind)!;
    const restored = known.restore(state, vectors);
    expect(restored.layout).toEqual(reducer.layout);
    const clusters = clusterers
      .find(({ kind }) => kind === clusterer.kind)!
      .restore(clusterer.state(), restored.layout);
    expect(clusters.labels).toEqual(clusterer.labels);
    expect(clusters.exemplars).toEqual(clusterer.exemplars);
    expect(clusters.predict(restored.layout)).toEqual(clusterer.predict(reducer.layout));
    const middles = state.arrays["representatives"] as Int32Array;
    const forgeries = [
      middles.slice(1),
      middles.map((middle, i) => (i === 0 ? -1 : middle)),
      middles.map((middle, i) => (i === 0 ? 9999 : middle)),
      middles.map((_, i) => (i + 1) % middles.length),
      middles.map((_, i) => i),
    ];
    for (const forged of forgeries) {
      const arrays = { ...state.arrays, representatives: forged };
      expect(() => known.restore({ ...state, arrays }, vectors)).toThrow(FormatError);
    }
  });

  it("can be cut anew, and tells soft memberships of every picture", async () => {
    const { clusterer } = (await fit(true)).fitted;
    const three = clusterer.recut!({ clusterCount: 3 });
    expect(three.clusterCount).toBe(3);
    expect(three.labels).toHaveLength(320);
    const seen = new Set<number>();
    await clusterer.visitMemberships!(
      Int32Array.from({ length: 320 }, (_, i) => i),
      (point, strengths) => {
        seen.add(point);
        expect(strengths).toHaveLength(clusterer.clusterCount);
      },
    );
    expect(seen.size).toBe(320);
  });
});

describe("the option", () => {
  it("takes a distance, and refuses what is none", async () => {
    expect(() => new ConceptModel({ collapseDuplicates: -1 })).toThrow(/out of range/);
    const model = new ConceptModel({ minConceptSize: 15, collapseDuplicates: 0 });
    await model.fit([], { imageEmbeddings: vectors });
    expect(model.fitted.parameters.collapseDuplicates).toBe(0);
  });
});
