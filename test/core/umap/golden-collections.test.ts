import { describe, expect, it } from "vitest";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../../src/core/neighbors/nearest-neighbors.ts";
import { UmapReducer } from "../../../src/core/umap/umap-reducer.ts";
import { threadedLayoutOptimizer } from "../../../src/node/layout-threads.ts";
import { onnxKernels } from "../../../src/node/onnx-kernels.ts";
import { adjustedMutualInformation } from "../../support/agreement.ts";
import { goldenJson, goldenMatrix } from "../../support/golden.ts";

interface Judged {
  readonly AMI_true_clustered: number;
  readonly AMI_all: number;
  readonly heldout?: { readonly accuracy_on_true_members: number };
}
interface ReferenceRun {
  readonly dim: number;
  readonly mcs15_exact: Judged;
  readonly mcs30_exact: Judged;
}

const SIZES = [15, 30] as const;
const COLLECTIONS = [
  { name: "like_2000", seeds: [1, 2, 3] },
  { name: "hard_2000", seeds: [1, 2, 3] },
  { name: "like_10000", seeds: [1] },
  { name: "hard_10000", seeds: [1] },
];
/** Rounding of the reference's figures, and where its five seeds all had one and the same value. */
const SLACK = 0.003;

describe.each(COLLECTIONS)("the layout and clusters of $name", async ({ name, seeds }) => {
  const runs = (goldenJson(`quality_${name}.json`) as ReferenceRun[]).filter((run) => run.dim === 5);
  const reached = await Promise.all(seeds.map((seed) => judge(name, seed)));

  it.each(
    SIZES,
  )("agree with the true groups as those of the reference or better, clusters of %i and more", (size) => {
    const reference = runs.map((run) => run[`mcs${size}_exact`]);
    const members = reference.map((judged) => judged.AMI_true_clustered);
    const all = reference.map((judged) => judged.AMI_all);
    expect(mean(reached.map((run) => run[size].members))).toBeGreaterThan(
      mean(members) - deviation(members) - SLACK,
    );
    expect(mean(reached.map((run) => run[size].all))).toBeGreaterThan(mean(all) - deviation(all) - SLACK);
  });

  it("give new points their true group as often", () => {
    const accuracy = runs.map((run) => run.mcs30_exact.heldout!.accuracy_on_true_members);
    expect(mean(reached.map((run) => run.heldout))).toBeGreaterThan(
      mean(accuracy) - deviation(accuracy) - SLACK,
    );
  });
});

async function judge(name: string, seed: number) {
  const points = goldenMatrix(`clip_${name}_f16.npy`);
  const truth = goldenLabels(`clip_${name}_labels.npy`);
  const kernels = await onnxKernels();
  const context = { rng: new Rng(seed), kernels, optimizer: threadedLayoutOptimizer() };
  const fitted = await new UmapReducer({ neighbors: 15 }).fit({ points }, context);
  const scores = async (minClusterSize: number) => {
    const { labels } = await hdbscan(fitted.layout, { minClusterSize });
    const members = [...truth.keys()].filter((i) => truth[i]! >= 0);
    const of = (values: Int32Array) => members.map((i) => values[i]!);
    return {
      members: adjustedMutualInformation(of(labels), of(truth)),
      all: adjustedMutualInformation(labels, truth),
    };
  };
  const heldout = goldenMatrix(`clip_${name}_heldout_f16.npy`);
  const neighbors = await nearestNeighbors(points, { k: 15, queries: heldout, kernels: referenceKernels });
  const placed = await fitted.transform({ points: heldout, neighbors }, context);
  const model = await hdbscan(fitted.layout, { minClusterSize: 30 });
  const accuracy = accuracyOnMembers(
    { clusters: model.labels, truth },
    { clusters: model.predict(placed).labels, truth: goldenLabels(`clip_${name}_heldout_labels.npy`) },
  );
  return { 15: await scores(15), 30: await scores(30), heldout: accuracy };
}

function goldenLabels(name: string): Int32Array {
  return Int32Array.from(goldenMatrix(name).data);
}

interface Labelled {
  readonly clusters: Int32Array;
  readonly truth: Int32Array;
}

/** Share of true members among new points whose cluster has their group as its commonest. */
function accuracyOnMembers(fitted: Labelled, fresh: Labelled): number {
  const counts = new Map<number, Map<number, number>>();
  fitted.clusters.forEach((cluster, i) => {
    const groups = counts.get(cluster) ?? new Map<number, number>();
    counts.set(cluster, groups.set(fitted.truth[i]!, (groups.get(fitted.truth[i]!) ?? 0) + 1));
  });
  const commonest = (cluster: number): number | undefined =>
    cluster === -1 ? undefined : [...(counts.get(cluster) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0];
  const members = [...fresh.truth.keys()].filter((i) => fresh.truth[i]! >= 0);
  return members.filter((i) => commonest(fresh.clusters[i]!) === fresh.truth[i]).length / members.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
}
