import { expect, it } from "vitest";
import { dot, matrix, normalizedRows, row, rowProducts, unitRows } from "../../../src/core/math/matrix.ts";
import { scatteredVectors } from "../../support/collections.ts";

it("takes rows of length 1 as they are, without a copy, and makes others so", () => {
  const unit = normalizedRows(matrix(Float32Array.of(1, 2, 3, -4, 5, 6), 2, 3));
  expect(unitRows(unit)).toBe(unit);
  const longer = matrix(Float32Array.of(1, 0, 0, 3, 4, 0), 2, 3);
  expect(Array.from(unitRows(longer).data)).toEqual([1, 0, 0, Math.fround(0.6), Math.fround(0.8), 0]);
  expect(longer.data[3]).toBe(3);
  const broken = matrix(Float32Array.of(Number.NaN, 0), 1, 2);
  expect(unitRows(broken)).not.toBe(broken);
});

it.each([
  0, 1, 4, 7, 64,
])("multiplies %i rows with a vector to the very bits that one at a time gives", (rows) => {
  const points = scatteredVectors(rows, 37);
  const vector = row(scatteredVectors(1, 37, 9), 0);
  const expected = Array.from({ length: rows }, (_, i) => dot(row(points, i), vector));
  expect(Array.from(rowProducts(points, vector))).toEqual(expected);
});
