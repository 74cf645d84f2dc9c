import { describe, expect, test } from "vitest";
import { densityHierarchy } from "../../../src/core/hdbscan/density-hierarchy.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { cutHierarchy } from "../../../src/core/hdbscan/hdbscan-model.ts";
import { resolveOptions } from "../../../src/core/hdbscan/options.ts";
import { MORE_DEGENERATE_SETS, MORE_GENERIC_SETS, moreGoldenSet } from "./golden-cases.ts";
import {
  expectClose,
  expectEqualClustering,
  expectEqualHierarchy,
  expectEqualMembership,
  expectEqualPrediction,
} from "./golden-expectations.ts";
import { renumbered } from "./renumbered-case.ts";

describe.each([
  ...MORE_GENERIC_SETS,
  ...MORE_DEGENERATE_SETS,
])("hdbscan 0.8.43 on %s of the further sets", (name) => {
  const set = moreGoldenSet(name);

  test.each(set.cases)("hierarchy: $name, ties $ties", async (golden) => {
    const { minSamples } = resolveOptions(golden.options);
    const { singleLinkageTree } = await densityHierarchy(set.points, minSamples);
    expectEqualHierarchy(singleLinkageTree, golden, set.points.rows);
  });

  test.each(set.cases)("clusters of the reference's dendrogram: $name, ties $ties", async (golden) => {
    const options = resolveOptions(golden.options);
    const hierarchy = await densityHierarchy(set.points, options.minSamples);
    const model = cutHierarchy(set.points, { ...hierarchy, singleLinkageTree: golden.linkage }, options);
    expectEqualClustering(model, golden);
    expectEqualPrediction(model, set, golden);
    await expectEqualMembership(model, set, golden);
  });
});

describe.each(
  MORE_GENERIC_SETS,
)("hdbscan 0.8.43 with ties resolved, end to end on %s of the further sets", (name) => {
  const set = moreGoldenSet(name);

  test.each(set.cases.filter(({ ties }) => ties === "resolved"))("$name", async (golden) => {
    const model = await hdbscan(set.points, golden.options);
    const expected = renumbered(golden, model.labels);
    expect([...model.labels]).toEqual(expected.labels);
    expectClose(model.probabilities, expected.probabilities);
    expectClose(model.persistence, expected.persistence);
    expectClose(model.outlierScores, expected.outlierScores);
    expect(model.exemplars.map((indices) => [...indices])).toEqual(expected.exemplars);
    const { condensedTree: tree } = model;
    expectClose(
      leavingLambdas(tree.child, tree.lambda, set.points.rows),
      leavingLambdas(expected.condensed.child, expected.condensed.lambda_val, set.points.rows),
    );
    expectEqualPrediction(model, set, expected);
    if (expected.membership === undefined) return;
    const { data } = await model.membershipVectors();
    expectClose(
      rowShares(data, model.clusterCount),
      rowShares(expected.membership.flat(), model.clusterCount),
    );
  });
});

/** What rows add up to is left aside: of clusters met at one height the reference takes the one with the lowest number. */
function rowShares(strengths: ArrayLike<number>, cols: number): number[] {
  return Array.from(strengths, (strength, i) => {
    const row = Array.from({ length: cols }, (_, j) => strengths[i - (i % cols) + j]!);
    return strength / row.reduce((sum, value) => sum + value, 0);
  });
}

/** Lambda at which each point leaves its cluster. */
function leavingLambdas(child: ArrayLike<number>, lambda: ArrayLike<number>, points: number): number[] {
  const lambdas = new Array<number>(points).fill(Number.NaN);
  for (let row = 0; row < child.length; row++) if (child[row]! < points) lambdas[child[row]!] = lambda[row]!;
  return lambdas;
}
