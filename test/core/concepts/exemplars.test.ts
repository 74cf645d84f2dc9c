import { expect, it } from "vitest";
import { conceptVectors, pickExemplars } from "../../../src/core/concepts/exemplars.ts";
import { matrix, row } from "../../../src/core/math/matrix.ts";
import { scatteredVectors } from "../../support/collections.ts";

it("shows copies of one picture once, where a collage had the same apple twice", () => {
  const images = matrix(Float32Array.from(scatteredVectors(12, 8).data), 12, 8);
  for (const copy of [4, 9]) row(images, copy).set(row(images, 1));
  const exemplars = [Int32Array.of(1, 2, 4, 7, 9)];
  const [picked] = pickExemplars(images, conceptVectors(images, exemplars), exemplars, { diversity: 0.3 });
  expect(Array.from(picked!).sort()).toEqual([1, 2, 7]);
});
