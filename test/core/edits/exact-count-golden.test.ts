// `--concepts K` is exact for K from 2 to 200, on vectors as CLIP makes them, and says why where the tree has fewer groups.
import { describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { groupingAfter } from "../../../src/core/edits/apply-edits.ts";
import { planCut } from "../../../src/core/edits/plan-recut.ts";
import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { type Matrix, row, zeros } from "../../../src/core/math/matrix.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import type { Reducer } from "../../../src/core/stages.ts";
import { goldenMatrix } from "../../support/golden.ts";
import { edited } from "./shaped-models.ts";

/** The layout that umap-learn gave these vectors, or its first columns. */
function goldenReducer(layout: Matrix, cols: number): Reducer {
  const part = zeros(layout.rows, cols);
  for (let i = 0; i < layout.rows; i++) row(part, i).set(row(layout, i).subarray(0, cols));
  const fitted = {
    kind: "golden",
    neighborCount: 0,
    layout: part,
    transform: async () => part,
    state: () => ({ kind: "golden", params: {}, arrays: {} }),
  };
  return { kind: "golden", neighborCount: 0, fit: async () => fitted, restore: () => fitted };
}

async function fit(vectors: string, layout: string): Promise<FittedModel> {
  const golden = goldenMatrix(layout);
  const model = new ConceptModel({
    minConceptSize: 15,
    reducer: goldenReducer(golden, 5),
    mapReducer: goldenReducer(golden, 2),
    clusterer: new HdbscanClusterer({ minClusterSize: 15, minSamples: 5 }),
  });
  return (await model.fit([], { imageEmbeddings: goldenMatrix(vectors) })).fitted;
}

describe.each([
  ["clip_like_2000_f16.npy", "umap5d_2000.npy", 80],
  ["clip_hard_2000_f16.npy", "umap5d_hard_2000.npy", 80],
  ["clip_like_10000_f16.npy", "umap5d_10000.npy", 200],
  ["clip_hard_10000_f16.npy", "umap5d_hard_10000.npy", 200],
])("%s", (vectors, layout, least) => {
  it("is cut to every number of concepts that its tree has groups for", async () => {
    const model = await fit(vectors, layout);
    const { most } = model.clusterer.countRange!(2);
    expect(most).toBeGreaterThanOrEqual(least);
    for (let count = 2; count <= Math.min(most, 200); count++) {
      const { drafts, owners } = planCut(groupingAfter(model, []), { concepts: count });
      expect(drafts).toHaveLength(count);
      expect(new Set(owners).size).toBe(count);
    }
    for (const count of [2, 17, Math.min(most, 200)]) {
      const shaped = await edited(model, { kind: "recut", concepts: count });
      expect(shaped.concepts).toHaveLength(count);
      expect(new Set(shaped.images.concepts.filter((id) => id !== -1)).size).toBe(count);
    }
    await expect(edited(model, { kind: "recut", concepts: most + 1 })).rejects.toThrow(`from 2 to ${most}`);
  }, 60_000);
});
