import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleNeighbors } from "../../../src/core/compare/sample-neighbors.ts";
import { bestJaccards } from "../../../src/core/compare/stability.ts";
import { stabilities, stabilityBadge } from "../../../src/core/compare/stability-badge.ts";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { matrix, stackRows, takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { IdentityReducer } from "../../../src/core/umap/identity-reducer.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

describe("the best Jaccard index of each group", () => {
  it("is that of the definition", () => {
    const labels = fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -1, max: 4 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(labels, (pairs) => {
        const [groups, clusters] = [0, 1].map((side) => Int32Array.from(pairs, (pair) => pair[side]!));
        const found = bestJaccards(groups!, clusters!, 5);
        for (let group = 0; group < 5; group++) {
          const members = new Set(pairs.flatMap(([g], i) => (g === group ? [i] : [])));
          const indices = [0, 1, 2, 3, 4].map((label) => {
            const others = new Set(pairs.flatMap(([, l], i) => (l === label ? [i] : [])));
            const shared = [...members].filter((i) => others.has(i)).length;
            return shared === 0 ? 0 : shared / (members.size + others.size - shared);
          });
          if (members.size === 0) expect(found[group]).toBeNaN();
          else expect(found[group]).toBeCloseTo(Math.max(...indices), 12);
        }
      }),
    );
  });
});

describe("neighbours of a sample", () => {
  it("are exactly those that a search of the sample finds, from long lists and short ones", async () => {
    const context = { kernels: referenceKernels, rng: new Rng(1) };
    const places = fc.uniqueArray(fc.nat(119), { minLength: 8, maxLength: 110 });
    const points = scatteredVectors(120, 6);
    const lists = {
      9: await nearestNeighbors(points, { k: 9 }),
      40: await nearestNeighbors(points, { k: 40 }),
    };
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom(9 as const, 40 as const), async (rows, k) => {
        const sample = Int32Array.from(rows).sort();
        const sampled = takeRows(points, sample);
        const found = await sampleNeighbors(lists[k], sample, sampled, 7, context);
        const searched = await nearestNeighbors(sampled, { k: 7 });
        expect(found.indices).toEqual(searched.indices);
        expect(found.distances).toEqual(searched.distances);
      }),
      { numRuns: 40 },
    );
  });

  it("start with the point itself among copies of it", async () => {
    const points = matrix(
      Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : 0)),
      30,
      2,
    );
    const all = await nearestNeighbors(points, { k: 3 });
    const sample = Int32Array.from({ length: 20 }, (_, i) => i + 10);
    const context = { kernels: referenceKernels, rng: new Rng(1) };
    const { indices, k } = await sampleNeighbors(all, sample, takeRows(points, sample), 3, context);
    for (let i = 0; i < 20; i++) {
      expect(indices[i * k]).toBe(i);
      expect(new Set(indices.slice(i * k, (i + 1) * k)).size).toBe(3);
    }
  });
});

const clear = groupedVectors({ groups: 4, perGroup: 40, spread: 0.3 });

describe("stability", () => {
  it("is near one for concepts that the collection has, and small for those that chance made", async () => {
    const vectors = stackRows([clear.vectors, scatteredVectors(160, 32)], 32);
    const model = await new ConceptModel({ minConceptSize: 8 }).fit([], { imageEmbeddings: vectors });
    const { jaccards, runs } = await model.measureStability({ runs: 6 });
    expect(runs).toBe(6);
    const { images, concepts } = model.fitted;
    const known = stabilities(model.fitted);
    for (const { id, size } of concepts) {
      const clearShare = images.concepts.filter((concept, row) => concept === id && row < 160).length / size;
      if (clearShare > 0.95) expect(known.get(id)).toBeGreaterThan(0.85);
      if (clearShare < 0.05) expect(known.get(id)).toBeLessThan(0.75);
    }
    expect(Array.from(jaccards).filter((jaccard) => jaccard > 0.85).length).toBeGreaterThanOrEqual(4);
    expect(Array.from(jaccards).some((jaccard) => jaccard < 0.75)).toBe(true);
  });

  it("is the same for the same seed, another for another, and leaves the fit as it was", async () => {
    const model = await new ConceptModel({ minConceptSize: 8 }).fit([], {
      imageEmbeddings: stackRows([clear.vectors, scatteredVectors(100, 32)], 32),
    });
    const before = model.fitted;
    const first = await model.measureStability({ runs: 2, seed: 1 });
    expect(await model.measureStability({ runs: 2, seed: 1 })).toEqual(first);
    expect((await model.measureStability({ runs: 2, seed: 2 })).jaccards).not.toEqual(first.jaccards);
    expect(model.fitted.images).toBe(before.images);
    expect(before.stability).toBeUndefined();
  });

  it("is measured with near-duplicates collapsed as the fit had them, and without neighbours", async () => {
    const collapsed = new ConceptModel({ minConceptSize: 10, collapseDuplicates: true });
    await collapsed.fit([], { imageEmbeddings: stackRows([clear.vectors, clear.vectors], 32) });
    for (const jaccard of (await collapsed.measureStability({ runs: 2 })).jaccards) {
      expect(jaccard).toBeGreaterThan(0.85);
    }
    const plain = new ConceptModel({
      reducer: new IdentityReducer(),
      clusterer: new HdbscanClusterer({ minClusterSize: 10 }),
    });
    await plain.fit([], { imageEmbeddings: clear.vectors });
    const { jaccards } = await plain.measureStability({ runs: 2 });
    expect(jaccards).toHaveLength(plain.fitted.concepts.length);
  });

  it("belongs to the fit: a concept that edits changed has none", async () => {
    const model = await new ConceptModel({ minConceptSize: 8 }).fit([], { imageEmbeddings: clear.vectors });
    await model.measureStability({ runs: 1 });
    expect(stabilities(model.fitted).size).toBe(4);
    await model.edit({ kind: "merge", concepts: [0, 1] });
    expect([...stabilities(model.fitted).keys()].sort()).toEqual([2, 3]);
    await model.measureStability({ runs: 1 });
    expect([...stabilities(model.fitted).keys()].sort()).toEqual([2, 3]);
  });

  it("stops when told to, and refuses options out of range", async () => {
    const model = await new ConceptModel({ minConceptSize: 8 }).fit([], { imageEmbeddings: clear.vectors });
    const controller = new AbortController();
    const run = model.measureStability({
      runs: 50,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
    for (const options of [{ runs: 0 }, { runs: 1.5 }, { share: 0 }, { share: 1 }]) {
      await expect(model.measureStability(options)).rejects.toThrow(/out of range/);
    }
    const other = new ConceptModel({ minConceptSize: 8, reducer: new IdentityReducer() });
    await other.fit([], { imageEmbeddings: clear.vectors });
    expect((await other.measureStability({ runs: 1 })).runs).toBe(1);
  });

  it("is called as it is shown", () => {
    expect([0.97, 0.745, 0.7449, 0.595, 0.5949].map(stabilityBadge)).toEqual([
      "stable",
      "stable",
      "doubtful",
      "doubtful",
      "unstable",
    ]);
  });
});
