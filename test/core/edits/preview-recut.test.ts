import { describe, expect, it } from "vitest";
import type { EditRequest, RecutOptions } from "../../../src/core/edits/edit-request.ts";
import { previewRecut } from "../../../src/core/edits/plan-edit.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { edited, sixConcepts } from "./shaped-models.ts";

const base = await sixConcepts();
const shaped: Record<string, readonly EditRequest[]> = {
  "a fit": [],
  "a merge and a pin": [
    { kind: "merge", concepts: [2, 4] },
    { kind: "pin", concept: 1 },
  ],
  "pictures moved by hand": [{ kind: "move", pictures: [0, 1, 250], to: "new" }],
  "outliers reduced": [{ kind: "outliers", strategy: "exemplar", threshold: 0.3 }],
};
const recuts: readonly RecutOptions[] = [
  { concepts: 4 },
  { minConceptSize: 8 },
  { minConceptSize: 30 },
  { concepts: 5, reduceOutliers: "neighbors" },
];

describe("the preview of a recut", () => {
  for (const [what, edits] of Object.entries(shaped)) {
    it(`puts the pictures where the recut puts them, after ${what}`, async () => {
      const model = await edited(base, ...edits);
      for (const options of recuts) {
        const { concepts, ids } = await previewRecut(model, options, { kernels: referenceKernels });
        const made = await edited(model, { kind: "recut", ...options });
        expect(concepts).toEqual(made.images.concepts);
        expect(new Set(ids)).toEqual(new Set(made.concepts.map(({ id }) => id)));
      }
    });
  }
});
