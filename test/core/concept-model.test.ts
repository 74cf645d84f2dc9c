import { describe, expect, it } from "vitest";
import { ConceptModel } from "../../src/core/concept-model.ts";
import { InputError, ModelStateError } from "../../src/core/errors.ts";
import { HdbscanClusterer } from "../../src/core/hdbscan/hdbscan-clusterer.ts";
import { matrix, row, stackRows, takeRows } from "../../src/core/math/matrix.ts";
import { IdentityReducer } from "../../src/core/umap/identity-reducer.ts";
import { groupedVectors, scatteredVectors } from "../support/collections.ts";

const sixGroups = groupedVectors({ groups: 6, perGroup: 40 });
const groupNames = ["ant", "bee", "cat", "dog", "elk", "fox"];

async function fitSixGroups(): Promise<ConceptModel> {
  return new ConceptModel({ minConceptSize: 15 }).fit([], {
    imageEmbeddings: sixGroups.vectors,
    docs: groupNames,
    docEmbeddings: sixGroups.centres,
  });
}

describe("a fitted model", () => {
  it("finds the groups, names them by the words that lie there, and pictures them", async () => {
    const model = await fitSixGroups();
    const { concepts, images } = model.fitted;
    expect(concepts).toHaveLength(6);
    expect(new Set(concepts.map(({ name }) => name))).toEqual(new Set(groupNames));
    for (const concept of concepts) {
      const group = groupNames.indexOf(concept.name);
      expect(concept.exemplars.length).toBeLessThanOrEqual(8);
      for (const exemplar of concept.exemplars) expect(sixGroups.labels[exemplar]).toBe(group);
      expect(concept.size).toBe(images.concepts.filter((id) => id === concept.id).length);
    }
    expect(Array.from(images.map.data).every(Number.isFinite)).toBe(true);
  });

  it("gives the same model for the same seed, and answers for every face alike", async () => {
    const [first, second] = [await fitSixGroups(), await fitSixGroups()];
    expect(second.fitted.images.concepts).toEqual(first.fitted.images.concepts);
    expect(second.fitted.images.map.data).toEqual(first.fitted.images.map.data);
    expect(second.fitted.images.probabilities).toEqual(first.fitted.images.probabilities);
  });

  it("numbers concepts by size, largest first", async () => {
    const model = await fitSixGroups();
    const sizes = model.frequency.map(({ count }) => count);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(model.frequency.map(({ concept }) => concept)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("places new images near their group, one by one as together", async () => {
    const model = await fitSixGroups();
    const all = groupedVectors({ groups: 6, perGroup: 40, seed: 7 });
    const fresh = groupedVectors({ groups: 6, perGroup: 5, seed: 99 });
    // The same centres as the fitted groups, other noise.
    const moved = matrix(
      fresh.vectors.data.map((value, i) => {
        const { cols } = fresh.vectors;
        const group = fresh.labels[Math.floor(i / cols)]!;
        return (
          value -
          fresh.centres.data[group * cols + (i % cols)]! +
          all.centres.data[group * cols + (i % cols)]!
        );
      }),
      fresh.vectors.rows,
      fresh.vectors.cols,
    );
    const together = await model.assignVectors(moved);
    for (let i = 0; i < moved.rows; i++) {
      const alone = await model.assignVectors(takeRows(moved, [i]));
      expect(alone.concepts[0]).toBe(together.concepts[i]);
      expect(alone.probabilities[0]).toBe(together.probabilities[i]);
      expect(row(alone.map, 0)).toEqual(row(together.map, i));
      expect(model.fitted.concepts[together.concepts[i]!]?.name).toBe(groupNames[fresh.labels[i]!]);
    }
  });
});

describe("faults of the Python package that are absent", () => {
  it("keeps concept 0 and its words when there is no noise at all", async () => {
    const { vectors, centres, labels } = groupedVectors({ groups: 3, perGroup: 20, spread: 0.02 });
    const model = await new ConceptModel({
      minConceptSize: 5,
      reducer: new IdentityReducer(),
      clusterer: new HdbscanClusterer({ minClusterSize: 5, minSamples: 1, clusterSelectionEpsilon: 0.5 }),
    }).fit([], { imageEmbeddings: vectors, docs: ["ant", "bee", "cat"], docEmbeddings: centres });
    expect(model.fitted.images.concepts).not.toContain(-1);
    expect(model.fitted.concepts.map(({ name }) => name).sort()).toEqual(["ant", "bee", "cat"]);
    for (const { name, exemplars } of model.fitted.concepts) {
      expect(labels[exemplars[0]!]).toBe(["ant", "bee", "cat"].indexOf(name));
    }
  });

  it("pictures a concept with fewer exemplars than eight", async () => {
    const { vectors } = groupedVectors({ groups: 3, perGroup: 5, spread: 0.05 });
    const model = await new ConceptModel({ minConceptSize: 3 }).fit([], { imageEmbeddings: vectors });
    expect(model.fitted.concepts.length).toBeGreaterThan(0);
    for (const { exemplars, size } of model.fitted.concepts) {
      expect(exemplars.length).toBeGreaterThan(0);
      expect(exemplars.length).toBeLessThanOrEqual(Math.min(8, size));
    }
  });

  it("names concepts from a vocabulary smaller than five words, sorted and with scores", async () => {
    const model = await new ConceptModel({ minConceptSize: 15 }).fit([], {
      imageEmbeddings: sixGroups.vectors,
      docs: groupNames.slice(0, 2),
      docEmbeddings: takeRows(sixGroups.centres, [0, 1]),
    });
    for (const words of model.topics) {
      expect(words).toHaveLength(2);
      expect(words[0]!.score).toBeGreaterThanOrEqual(words[1]!.score);
    }
  });

  it.each([
    "cosine",
    "ctfidf",
  ] as const)("gives words best first with finite scores by %s", async (scoring) => {
    const model = await new ConceptModel({ minConceptSize: 15, ctfidf: scoring === "ctfidf" }).fit([], {
      imageEmbeddings: sixGroups.vectors,
      docs: groupNames,
      docEmbeddings: sixGroups.centres,
    });
    for (const words of model.topics) {
      expect(words.length).toBeGreaterThan(0);
      const scores = words.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores.every(Number.isFinite)).toBe(true);
    }
  });

  it("gives all concepts when asked for more than exist", async () => {
    const model = await fitSixGroups();
    expect(await model.findConcepts("dog", 100)).toHaveLength(6);
    expect((await model.findConcepts("dog", 2))[0]!.name).toBe("dog");
    expect(await model.findImages("dog", 10_000)).toHaveLength(240);
  });

  it("fits a collection smaller than the minimum size: everything is in no concept", async () => {
    const model = await new ConceptModel({ minConceptSize: 30 }).fit([], {
      imageEmbeddings: scatteredVectors(10, 16),
      docs: ["ant"],
      docEmbeddings: scatteredVectors(1, 16),
    });
    expect(model.fitted.concepts).toHaveLength(0);
    expect(Array.from(model.fitted.images.concepts)).toEqual(new Array(10).fill(-1));
    expect(await model.findConcepts("ant")).toEqual([]);
    expect(await model.findImages("ant", 3)).toHaveLength(3);
  });

  it.each([1, 2, 3, 4, 6, 16, 17])("fits %i images", async (count) => {
    const vectors = scatteredVectors(count, 8);
    const model = await new ConceptModel().fit([], { imageEmbeddings: vectors });
    expect(model.fitted.images.concepts).toHaveLength(count);
    expect(await model.transform([], { imageEmbeddings: vectors })).toEqual(model.fitted.images.concepts);
  });

  it("fits a collection that is all noise, and assigns new images to none", async () => {
    const model = await new ConceptModel({
      reducer: new IdentityReducer(),
      clusterer: new HdbscanClusterer({ minClusterSize: 60 }),
    }).fit([], { imageEmbeddings: scatteredVectors(100, 24) });
    expect(new Set(model.fitted.images.concepts)).toEqual(new Set([-1]));
    expect(Array.from((await model.assignVectors(scatteredVectors(4, 24, 9))).concepts)).toEqual([
      -1, -1, -1, -1,
    ]);
  });

  it("fits many copies of one image", async () => {
    const one = scatteredVectors(1, 8);
    const copies = stackRows(
      Array.from({ length: 50 }, () => one),
      8,
    );
    const model = await new ConceptModel().fit([], { imageEmbeddings: copies });
    expect(Array.from(model.fitted.images.map.data).every(Number.isFinite)).toBe(true);
  });

  it("lets transform, search and fit agree about every image of the collection", async () => {
    const model = await fitSixGroups();
    const assigned = await model.assignVectors(sixGroups.vectors);
    expect(assigned.concepts).toEqual(model.fitted.images.concepts);
    expect(assigned.probabilities).toEqual(model.fitted.images.probabilities);
    expect(assigned.map.data).toEqual(model.fitted.images.map.data);
    for (const { row: image, concept } of await model.findImages("bee", 50)) {
      expect(concept).toBe(assigned.concepts[image]);
    }
  });
});

describe("bad input", () => {
  it("is refused with what was expected and found", async () => {
    const vectors = scatteredVectors(20, 8);
    const withNaN = matrix(Float32Array.from(vectors.data), 20, 8);
    withNaN.data[8 * 5 + 2] = Number.NaN;
    const fitWith = (inputs: object) => new ConceptModel().fit([], inputs);
    await expect(fitWith({ imageEmbeddings: withNaN })).rejects.toThrow(/NaN in row 5, column 2/);
    await expect(fitWith({ imageEmbeddings: scatteredVectors(0, 8) })).rejects.toThrow(/at least one image/);
    await expect(fitWith({ imageEmbeddings: vectors, imageNames: ["a"] })).rejects.toThrow(
      /20 names, found 1/,
    );
    await expect(
      fitWith({ imageEmbeddings: vectors, docs: ["a"], docEmbeddings: scatteredVectors(1, 9) }),
    ).rejects.toThrow(/8 dimensions, as the images have, found 9/);
    await expect(
      fitWith({ imageEmbeddings: vectors, docs: ["a"], docEmbeddings: scatteredVectors(2, 8) }),
    ).rejects.toThrow(InputError);
    expect(() => new ConceptModel({ minConceptSize: 1 })).toThrow(/at least 2, found 1/);
    expect(() => new ConceptModel({ diversity: 2 })).toThrow(/from 0 to 1, found 2/);
  });

  it("says when there is no model, no embedder, or vectors of another space", async () => {
    await expect(new ConceptModel().findConcepts("sea")).rejects.toThrow(ModelStateError);
    await expect(new ConceptModel().fit(["a.jpg"])).rejects.toThrow(/no embedding model/);
    const model = await fitSixGroups();
    await expect(model.findConcepts("zebra")).rejects.toThrow(/cannot be searched/);
    await expect(model.assignVectors(scatteredVectors(2, 5))).rejects.toThrow(/32 dimensions, found 5/);
  });

  it("ends with the signal's reason when stopped", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(
      new ConceptModel().fit([], { imageEmbeddings: sixGroups.vectors, signal: stop.signal }),
    ).rejects.toThrow("enough");
  });
});
