import { expect } from "vitest";
import type { HdbscanModel } from "../../../src/core/hdbscan/hdbscan-model.ts";
import type { SingleLinkageTree } from "../../../src/core/hdbscan/single-linkage.ts";
import type { GoldenCase, GoldenSet } from "./golden-cases.ts";
import { partitionAtHeight } from "./partitions.ts";

/** Joins at the same heights, and between two heights the same parts: all that does not hang on ties. */
export function expectEqualHierarchy(tree: SingleLinkageTree, golden: GoldenCase, points: number): void {
  expectClose(tree.distance, golden.linkage.distance);
  const weight = tree.distance.reduce((sum, distance) => sum + distance, 0);
  expect(Math.abs(weight - golden.spanningTreeWeight)).toBeLessThanOrEqual(1e-6 * golden.spanningTreeWeight);
  for (const height of heightsBetweenJoins(golden.linkage.distance)) {
    expect(partitionAtHeight(tree, points, height)).toEqual(
      partitionAtHeight(golden.linkage, points, height),
    );
  }
}

/** Everything of the clustering, numbers of clusters included: for models cut from the reference's own dendrogram. */
export function expectEqualClustering(model: HdbscanModel, golden: GoldenCase): void {
  expect([...model.labels]).toEqual(golden.labels);
  expectClose(model.probabilities, golden.probabilities);
  // The reference counts a root that no point belongs to as a cluster; here there are no empty clusters.
  expectClose(model.persistence, golden.labels.some((label) => label >= 0) ? golden.persistence : []);
  // Infinity over infinity: the score's limit is 1.
  expectClose(
    model.outlierScores,
    golden.outlierScores.map((score) => (Number.isNaN(score) ? 1 : score)),
  );
  expect(model.exemplars.map((indices) => [...indices])).toEqual(
    golden.exemplars.map((indices) => indices.slice().sort((a, b) => a - b)),
  );
  const rows = rowsByChild([...model.condensedTree.child]);
  const goldenRows = rowsByChild(golden.condensed.child);
  const tree = model.condensedTree;
  expect(rows.map((row) => tree.parent[row])).toEqual(goldenRows.map((row) => golden.condensed.parent[row]));
  expect(rows.map((row) => tree.child[row])).toEqual(goldenRows.map((row) => golden.condensed.child[row]));
  expect(rows.map((row) => tree.size[row])).toEqual(
    goldenRows.map((row) => golden.condensed.child_size[row]),
  );
  expectClose(
    rows.map((row) => tree.lambda[row]!),
    goldenRows.map((row) => golden.condensed.lambda_val[row]!),
  );
}

export function expectEqualPrediction(model: HdbscanModel, set: GoldenSet, golden: GoldenCase): void {
  if (golden.prediction === undefined) return;
  const { labels, strengths } = golden.prediction;
  const found = model.predict(set.heldout);
  expect([...found.labels.subarray(0, labels.length)]).toEqual(labels);
  expectClose(found.probabilities.subarray(0, labels.length), strengths);
}

export async function expectEqualMembership(
  model: HdbscanModel,
  set: GoldenSet,
  golden: GoldenCase,
): Promise<void> {
  if (golden.membership === undefined || golden.heldoutMembership === undefined) return;
  const fitted = await model.membershipVectors();
  expect([fitted.rows, fitted.cols]).toEqual([set.points.rows, model.clusterCount]);
  expectClose(fitted.data, withoutGaps(golden.membership.flat(), fitted.data));
  const heldout = await model.membershipVectors(set.heldout);
  expect([heldout.rows, heldout.cols]).toEqual([set.heldout.rows, model.clusterCount]);
  const expected = golden.heldoutMembership.flat();
  const found = heldout.data.subarray(0, expected.length);
  // The reference rounds the lambda of a new point to float32 on the way.
  expectClose(found, withoutGaps(expected, found), 1e-6);
}

/** Where the reference divides infinity by infinity it gives no number; here there is one. */
function withoutGaps(expected: readonly (number | null)[], found: Float64Array): number[] {
  expect(found.every((strength) => strength >= 0 && strength <= 1)).toBe(true);
  return expected.map((strength, i) => strength ?? found[i]!);
}

function rowsByChild(child: number[]): number[] {
  return child.map((_, row) => row).sort((a, b) => child[a]! - child[b]!);
}

/** Equal to 1e-6, relatively; the golden files have 9 digits, so nothing below 1e-8 counts. */
export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  negligible: number = 1e-8,
): void {
  expect(found.length).toBe(expected.length);
  const far = Array.from(expected).findIndex((value, i) => {
    const within = Math.abs(found[i]! - value) <= negligible + 1e-6 * Math.abs(value);
    return !within && found[i] !== value;
  });
  expect(far === -1 ? "all close" : `${found[far]} for ${expected[far]} at ${far}`).toBe("all close");
}

/** Up to 12 heights over the whole range that no join is near to. */
function heightsBetweenJoins(distances: Float64Array): number[] {
  const heights: number[] = [];
  for (let i = 1; i < distances.length; i++) {
    const gap = distances[i]! - distances[i - 1]!;
    if (gap > 1e-6 * distances[i]!) heights.push(distances[i - 1]! + gap / 2);
  }
  const step = Math.max(1, Math.floor(heights.length / 11));
  return heights.filter((_, i) => i % step === 0);
}
