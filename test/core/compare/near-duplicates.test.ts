import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateThreshold, nearDuplicates } from "../../../src/core/compare/near-duplicates.ts";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { maximalMarginalRelevance } from "../../../src/core/concepts/mmr.ts";
import { type Matrix, matrix, normalizedRows, row, stackRows, zeros } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../../../src/core/neighbors/neighbors.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

function distance(vectors: Matrix, a: number, b: number): number {
  return 1 - row(vectors, a).reduce((sum, value, j) => sum + value * row(vectors, b)[j]!, 0);
}

/** Points on a circle, by their angles. */
function onCircle(angles: readonly number[]): Matrix {
  return matrix(Float32Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)])), angles.length, 2);
}

describe("near-duplicates", () => {
  it("are found in groups, whatever else is in the collection", async () => {
    const others = scatteredVectors(200, 32);
    const copies = groupedVectors({ groups: 5, perGroup: 6, spread: 0.02 });
    const vectors = stackRows([others, copies.vectors], 32);
    const { groups, middleOf, threshold } = await nearDuplicates(
      vectors,
      await nearestNeighbors(vectors, { k: 20 }),
    );
    expect(groups.map((group) => group.length)).toEqual([6, 6, 6, 6, 6]);
    for (const [middle, ...rest] of groups.map((group) => Array.from(group))) {
      const label = copies.labels[middle! - 200];
      for (const member of rest) {
        expect(copies.labels[member - 200]).toBe(label);
        expect(middleOf[member]).toBe(middle);
        expect(distance(vectors, middle!, member)).toBeLessThanOrEqual(threshold);
      }
    }
    for (let i = 0; i < 200; i++) expect(middleOf[i]).toBe(i);
  });

  it("does not make one group of a chain in which each is like the next", async () => {
    const vectors = onCircle(Array.from({ length: 60 }, (_, i) => i * 0.05));
    const neighbors = await nearestNeighbors(vectors, { k: 10 });
    // Next but one: 1 - cos(0.1) is about 0.005.
    const { groups } = await nearDuplicates(vectors, neighbors, { threshold: 0.0051 });
    expect(groups.length).toBeGreaterThan(5);
    for (const group of groups) expect(group.length).toBeLessThanOrEqual(5);
  });

  it("gathers more copies than a list of neighbours holds", async () => {
    const one = normalizedRows(matrix(Float32Array.of(1, 2, 3), 1, 3));
    const other = normalizedRows(matrix(Float32Array.of(3, -2, 1), 1, 3));
    const vectors = stackRows([...Array.from({ length: 300 }, () => one), other], 3);
    const neighbors = await nearestNeighbors(vectors, { k: 5 });
    const { groups } = await nearDuplicates(vectors, neighbors, { threshold: 0.01 });
    expect(groups.map((group) => group.length)).toEqual([300]);
  });

  it("keep their promises for any points and threshold", async () => {
    const angles = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        angles,
        fc.double({ min: 1e-5, max: 0.05, noNaN: true }),
        async (values, threshold) => {
          const vectors = onCircle(values);
          const neighbors = await nearestNeighbors(vectors, { k: 8 });
          const { groups, middleOf } = await nearDuplicates(vectors, neighbors, { threshold });
          const grouped = new Set(groups.flatMap((group) => Array.from(group)));
          expect(grouped.size).toBe(groups.reduce((sum, group) => sum + group.length, 0));
          middleOf.forEach((middle, member) => {
            expect(middleOf[middle]).toBe(middle);
            expect(distance(vectors, middle, member)).toBeLessThanOrEqual(threshold);
            if (middle !== member) expect(grouped.has(member)).toBe(true);
          });
        },
      ),
    );
  });

  it("do not depend on how wide a model spreads pictures", () => {
    const wide = scatteredVectors(300, 16);
    const cone = matrix(
      wide.data.map((value, i) => (i % 16 === 0 ? value / 4 + 1 : value / 4)),
      300,
      16,
    );
    const [a, b] = [duplicateThreshold(wide), duplicateThreshold(normalizedRows(cone))];
    expect(a).toBeGreaterThan(0.02);
    expect(b).toBeGreaterThan(0.0005);
    expect(b).toBeLessThan(a / 8);
    expect(duplicateThreshold(zeros(1, 3))).toBe(1e-6);
  });

  it("refuses a threshold that is no distance", async () => {
    const model = await new ConceptModel({ minConceptSize: 5 }).fit([], {
      imageEmbeddings: groupedVectors({ groups: 3, perGroup: 15 }).vectors,
    });
    await expect(model.findDuplicates({ threshold: 3 })).rejects.toThrow(/out of range/);
    expect((await model.findDuplicates({ threshold: 0 })).groups).toEqual([]);
  });
});

describe("a concept of 400,000 pictures", () => {
  const rows = 400_000;
  const cols = 8;
  const rng = new Rng(11);
  // Square of the rows: 640 GB of float32. That these tests end is what they say.
  const vectors = normalizedRows(
    matrix(
      Float32Array.from({ length: rows * cols }, () => rng.uniform() - 0.5),
      rows,
      cols,
    ),
  );

  it("has its duplicates found in memory that grows with its neighbours", async () => {
    const k = 4;
    const neighbors: Neighbors = {
      indices: new Int32Array(rows * k),
      distances: new Float32Array(rows * k),
      rows,
      k,
    };
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < k; j++) {
        neighbors.indices[i * k + j] = (i + j) % rows;
        neighbors.distances[i * k + j] = j === 0 ? 0 : Math.max(0, distance(vectors, i, (i + j) % rows));
      }
    }
    const { middleOf, groups, threshold } = await nearDuplicates(vectors, neighbors, { threshold: 0.05 });
    expect(groups.length).toBeGreaterThan(100);
    for (let i = 0; i < rows; i += 997)
      expect(distance(vectors, i, middleOf[i]!)).toBeLessThanOrEqual(threshold);
  });

  it("has its exemplars picked one by one, without a table of all pairs", () => {
    const picks = maximalMarginalRelevance(row(vectors, 0), vectors, { count: 8, diversity: 0.3 });
    expect(picks[0]).toBe(0);
    expect(new Set(picks).size).toBe(8);
  });
});
