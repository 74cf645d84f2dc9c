import { describe, expect, test } from "vitest";
import { densityHierarchy } from "../../../src/core/hdbscan/density-hierarchy.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { cutHierarchy, type HdbscanModel } from "../../../src/core/hdbscan/hdbscan-model.ts";
import { resolveOptions } from "../../../src/core/hdbscan/options.ts";
import { DEGENERATE_SETS, GENERIC_SETS, type GoldenCase, type GoldenSet, goldenSet } from "./golden-cases.ts";
import { disagreements, partitionAtHeight } from "./partitions.ts";

/**
 * Cases in which the reference predicts by other clusters than its own labels: it selects them anew, with another outcome
 * where stabilities tie or a single cluster is allowed, and calls points in the remaining ones noise.
 */
const OTHER_PREDICTIONS: string[] = [
  "chain 5 1 eom 0",
  "duplicates 5 1 eom 0",
  "grid 5  eom 0",
  "grid 10 5 eom 0",
  "grid 10 5 eom 0.3",
  "grid 5 1 eom 0",
  "grid 10 5 eom 0 single",
  "moons 10 5 eom 0 single",
  "moons 10 5 eom 0.3 single",
  "tiny 10 5 eom 0 single",
  "identical 10 5 eom 0.3 single",
];

describe.each([...GENERIC_SETS, ...DEGENERATE_SETS])("hdbscan 0.8.43 on %s", (name) => {
  const set = goldenSet(name);

  test.each(set.cases)("hierarchy: $name", async (golden) => {
    const minSamples = resolveOptions(golden.options).minSamples;
    const { singleLinkageTree: tree } = await densityHierarchy(set.points, minSamples);
    expectClose(tree.distance, golden.linkage.distance);
    const weight = tree.distance.reduce((sum, distance) => sum + distance, 0);
    expect(Math.abs(weight - golden.spanningTreeWeight)).toBeLessThanOrEqual(
      1e-6 * golden.spanningTreeWeight,
    );
    for (const height of heightsBetweenJoins(golden.linkage.distance)) {
      expect(partitionAtHeight(tree, set.points.rows, height)).toEqual(
        partitionAtHeight(golden.linkage, set.points.rows, height),
      );
    }
  });

  // From the reference's own dendrogram nothing is left to ties: everything must be equal, the numbering too.
  test.each(set.cases)("clusters of the reference's dendrogram: $name", async (golden) => {
    const options = resolveOptions(golden.options);
    const hierarchy = await densityHierarchy(set.points, options.minSamples);
    const model = cutHierarchy(set.points, { ...hierarchy, singleLinkageTree: golden.linkage }, options);
    expectEqualClustering(model, golden);
    if (!OTHER_PREDICTIONS.includes(`${name} ${golden.name}`)) expectEqualPrediction(model, set, golden);
    await expectEqualMembership(model, set, golden);
  });
});

describe.each(GENERIC_SETS)("hdbscan 0.8.43 end to end on %s", (name) => {
  const set = goldenSet(name);

  // Edges of equal weight are the rule in mutual reachability, even among distances that all differ, and the reference
  // sorts them in no particular order: a point between two clusters may go to either, which can tip the smallest leaves.
  test.each(set.cases)("$name", async (golden) => {
    const model = await hdbscan(set.points, golden.options);
    expect(disagreements(model.labels, golden.labels)).toBeLessThanOrEqual(0.015 * set.points.rows);
  });
});

function expectEqualClustering(model: HdbscanModel, golden: GoldenCase): void {
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

function expectEqualPrediction(model: HdbscanModel, set: GoldenSet, golden: GoldenCase): void {
  if (golden.prediction === undefined) return;
  const { labels, strengths } = golden.prediction;
  const found = model.predict(set.heldout);
  expect([...found.labels.subarray(0, labels.length)]).toEqual(labels);
  expectClose(found.probabilities.subarray(0, labels.length), strengths);
}

async function expectEqualMembership(model: HdbscanModel, set: GoldenSet, golden: GoldenCase): Promise<void> {
  if (golden.membership === undefined || golden.heldoutMembership === undefined) return;
  const fitted = await model.membershipVectors();
  expect([fitted.rows, fitted.cols]).toEqual([set.points.rows, model.clusterCount]);
  expectClose(fitted.data, golden.membership.flat());
  const heldout = await model.membershipVectors(set.heldout);
  expect([heldout.rows, heldout.cols]).toEqual([set.heldout.rows, model.clusterCount]);
  expectClose(
    heldout.data.subarray(0, golden.heldoutMembership.flat().length),
    golden.heldoutMembership.flat(),
  );
}

function rowsByChild(child: number[]): number[] {
  return child.map((_, row) => row).sort((a, b) => child[a]! - child[b]!);
}

/** Equal to 1e-6, relatively; the golden files have 9 digits, so nothing below 1e-8 counts. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const far = Array.from(expected).findIndex((value, i) => {
    const within = Math.abs(found[i]! - value) <= 1e-8 + 1e-6 * Math.abs(value);
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
