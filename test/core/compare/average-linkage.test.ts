import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageLinkage, type Dendrogram } from "../../../src/core/compare/average-linkage.ts";
import {
  conceptSimilarity,
  mostSimilarPairs,
  shownSimilarity,
} from "../../../src/core/compare/concept-similarity.ts";
import { grouping, pictures } from "./groupings.ts";

/** Means of distances that are multiples of 1e-6 differ by more than this over 14 leaves, or not at all. */
const TIE = 1e-12;

/**
 * The plain way: among all pairs of clusters join the two of the least mean distance, again and again. Null where two pairs
 * tie for that, as either choice is right then and leads to other heights.
 */
function plainHeights(distances: Float64Array, n: number): number[] | null {
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const heights: number[] = [];
  const between = (a: number[], b: number[]): number =>
    a.flatMap((i) => b.map((j) => distances[i * n + j]!)).reduce((x, y) => x + y, 0) / (a.length * b.length);
  while (clusters.length > 1) {
    const pairs = clusters.flatMap((a, i) => clusters.slice(i + 1).map((b) => ({ a, b, d: between(a, b) })));
    const best = pairs.reduce((least, pair) => (pair.d < least.d ? pair : least));
    if (pairs.some((pair) => pair !== best && pair.d - best.d < TIE)) return null;
    heights.push(best.d);
    clusters = [...clusters.filter((c) => c !== best.a && c !== best.b), [...best.a, ...best.b]];
  }
  return heights;
}

const distanceTables = fc.integer({ min: 1, max: 14 }).chain((n) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 1e6 }), {
      minLength: (n * (n - 1)) / 2,
      maxLength: (n * (n - 1)) / 2,
    })
    .map((values) => {
      const distances = new Float64Array(n * n);
      let next = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          distances[i * n + j] = values[next]! / 1e6;
          distances[j * n + i] = values[next++]! / 1e6;
        }
      }
      return { distances, n };
    }),
);

function leavesBelow({ children, leaves }: Dendrogram, node: number): number[] {
  if (node < leaves) return [node];
  const merge = node - leaves;
  return [children[2 * merge]!, children[2 * merge + 1]!].flatMap((child) =>
    leavesBelow({ children, leaves } as Dendrogram, child),
  );
}

describe("average linkage", () => {
  it("joins as the plain way does wherever no means tie, which small numbers often do", () => {
    fc.assert(
      fc.property(distanceTables, ({ distances, n }) => {
        const plain = plainHeights(distances, n);
        fc.pre(plain !== null);
        const { heights } = averageLinkage(distances, n);
        expect(heights).toHaveLength(plain!.length);
        plain!.forEach((height, i) => {
          expect(heights[i]).toBeCloseTo(height, 9);
        });
      }),
    );
  });

  it("gives a tree whose every height is the mean distance between the two parts", () => {
    fc.assert(
      fc.property(distanceTables, ({ distances, n }) => {
        const tree = averageLinkage(distances, n);
        for (let merge = 0; merge < n - 1; merge++) {
          const [a, b] = [0, 1].map((side) => leavesBelow(tree, tree.children[2 * merge + side]!));
          const all = a!.flatMap((i) => b!.map((j) => distances[i * n + j]!));
          expect(tree.heights[merge]).toBeCloseTo(all.reduce((x, y) => x + y, 0) / all.length, 9);
        }
      }),
    );
  });

  it("orders the leaves so that no branches cross", () => {
    fc.assert(
      fc.property(distanceTables, ({ distances, n }) => {
        const tree = averageLinkage(distances, n);
        expect(Array.from(tree.order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        for (let merge = 0; merge < n - 1; merge++) {
          const places = leavesBelow(tree, n + merge).map((leaf) => tree.order.indexOf(leaf));
          expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
        }
      }),
    );
  });

  it("takes equal distances and a thousand leaves", () => {
    const n = 1000;
    const tree = averageLinkage(new Float64Array(n * n).fill(0.5), n);
    expect(tree.heights.every((height) => height === 0.5)).toBe(true);
    expect(new Set(tree.order).size).toBe(n);
  });
});

describe("similarity of concepts", () => {
  it("puts what is alike side by side and first among the pairs", () => {
    const vectors = { sea: [1, 0, 0], tree: [0, 1, 0], wood: [0, 1, 0.2], lake: [1, 0.1, 0] };
    const model = grouping(
      {
        ...pictures("a", 9, "sea"),
        ...pictures("b", 8, "tree"),
        ...pictures("c", 7, "wood"),
        ...pictures("d", 6, "lake"),
      },
      { vectors },
    );
    const found = conceptSimilarity(model);
    const order = Array.from(found.dendrogram.order, (place) => found.concepts[place]!.name);
    expect([order.slice(0, 2).sort(), order.slice(2).sort()]).toEqual([
      ["lake", "sea"],
      ["tree", "wood"],
    ]);
    const names = mostSimilarPairs(found, 2).map(({ first, second }) => [
      found.concepts[first]!.name,
      found.concepts[second]!.name,
    ]);
    expect(names).toEqual([
      ["sea", "lake"],
      ["tree", "wood"],
    ]);
    expect(found.similarities[1 * 4 + 2]).toBeCloseTo(1 / Math.hypot(1, 0.2), 6);
  });

  it("knows nothing of hidden concepts where it is shown", () => {
    const vectors = { sea: [1, 0], tree: [0, 1], wood: [0.2, 1] };
    const model = grouping(
      { ...pictures("a", 9, "sea"), ...pictures("b", 8, "tree"), ...pictures("c", 7, "wood") },
      { vectors },
    );
    const [sea, tree, wood] = model.concepts;
    const shown = shownSimilarity({ ...model, concepts: [sea!, { ...tree!, hidden: true }, wood!] });
    expect(shown.concepts.map(({ name }) => name)).toEqual(["sea", "wood"]);
    expect(shown.similarities[1]).toBeCloseTo(0.2 / Math.hypot(1, 0.2), 6);
    expect(shownSimilarity(model)).toEqual(conceptSimilarity(model));
  });

  it("takes a model of no concepts and of one", () => {
    expect(conceptSimilarity(grouping({ a: null })).dendrogram.order).toHaveLength(0);
    expect(Array.from(conceptSimilarity(grouping({ a: "one" })).dendrogram.order)).toEqual([0]);
  });
});
