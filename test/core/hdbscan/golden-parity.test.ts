import { describe, expect, test } from "vitest";
import { densityHierarchy } from "../../../src/core/hdbscan/density-hierarchy.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { cutHierarchy } from "../../../src/core/hdbscan/hdbscan-model.ts";
import { resolveOptions } from "../../../src/core/hdbscan/options.ts";
import { goldenJson } from "../../support/golden.ts";
import { DEGENERATE_SETS, GENERIC_SETS, goldenSet } from "./golden-cases.ts";
import {
  expectEqualClustering,
  expectEqualHierarchy,
  expectEqualMembership,
  expectEqualPrediction,
} from "./golden-expectations.ts";
import { canonicalLabels, disagreements } from "./partitions.ts";

const resolvedLabels = goldenJson("more/resolved_labels.json.gz");

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
    const { singleLinkageTree } = await densityHierarchy(set.points, minSamples);
    expectEqualHierarchy(singleLinkageTree, golden, set.points.rows);
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

  // Ties are all that this is: where the reference is given the shorter of equally heavy edges first, every label is equal.
  test.each(set.cases.map((golden, i) => [golden, i] as const))("ties resolved: %$", async (golden, i) => {
    const model = await hdbscan(set.points, golden.options);
    expect(canonicalLabels(model.labels)).toEqual(canonicalLabels(resolvedLabels[name][i]));
  });
});
