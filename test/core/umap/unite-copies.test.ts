import { expect, it } from "vitest";
import { matrix, row } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { UmapReducer } from "../../../src/core/umap/umap-reducer.ts";
import { scatteredVectors } from "../../support/collections.ts";

it("lays copies of one picture at one place, where two files of one flag once got two answers", async () => {
  const points = scatteredVectors(60, 12);
  const withCopies = matrix(Float32Array.from(points.data), 60, 12);
  for (const [copy, original] of [
    [7, 3],
    [59, 3],
    [40, 41],
  ] as const) {
    row(withCopies, copy).set(row(withCopies, original));
  }
  const reducer = new UmapReducer({ dimensions: 2 });
  const context = { rng: new Rng(1), kernels: referenceKernels };
  const neighbors = await nearestNeighbors(withCopies, { k: 15, metric: "cosine" });
  const { layout } = await reducer.fit({ points: withCopies, neighbors }, context);
  expect(row(layout, 7)).toEqual(row(layout, 3));
  expect(row(layout, 59)).toEqual(row(layout, 3));
  expect(row(layout, 41)).toEqual(row(layout, 40));
  expect(row(layout, 4)).not.toEqual(row(layout, 3));
});
