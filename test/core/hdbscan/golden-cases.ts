import type { HdbscanOptions } from "../../../src/core/hdbscan/options.ts";
import type { SingleLinkageTree } from "../../../src/core/hdbscan/single-linkage.ts";
import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";
import { goldenJson, goldenMatrix } from "../../support/golden.ts";

/** One clustering by hdbscan 0.8.43; see test/golden/README.md. */
export interface GoldenCase {
  readonly name: string;
  /** Whether edges of equal weight were taken as hdbscan takes them, or the shorter first; see test/golden/more/README.md. */
  readonly ties: "shipped" | "resolved";
  readonly options: HdbscanOptions;
  readonly labels: number[];
  readonly probabilities: number[];
  readonly persistence: number[];
  /** NaN where the reference divides infinity by infinity. */
  readonly outlierScores: number[];
  readonly linkage: SingleLinkageTree;
  readonly spanningTreeWeight: number;
  readonly condensed: { parent: number[]; child: number[]; lambda_val: number[]; child_size: number[] };
  readonly exemplars: number[][];
  readonly prediction: { labels: number[]; strengths: number[] } | undefined;
  /** Points x clusters. */
  readonly membership: number[][] | undefined;
  readonly heldoutMembership: number[][] | undefined;
}

export interface GoldenSet {
  readonly points: Matrix;
  readonly heldout: Matrix;
  readonly cases: GoldenCase[];
}

/** Sets without equal distances. */
export const GENERIC_SETS: string[] = [
  "moons",
  "blobs",
  "umap5d_2000",
  "umap5d_hard_2000",
  "umap5d_10000",
  "umap5d_hard_10000",
];

/** Sets whose spanning tree is not unique, and sets too small to cluster. */
export const DEGENERATE_SETS: string[] = ["chain", "duplicates", "grid", "identical", "tiny", "three"];

export function goldenSet(name: string): GoldenSet {
  const isLayout = name.startsWith("umap");
  const prefix = isLayout ? name : `hdbscan_${name}`;
  const json = goldenJson(`hdbscan_${name}.json.gz`);
  return {
    points: goldenMatrix(`${prefix}${isLayout ? "" : "_X"}.npy`),
    heldout: goldenMatrix(`${prefix}_heldout.npy`),
    cases: json.cases.map(goldenCase),
  };
}

/** Of test/golden/more, without equal distances. */
export const MORE_GENERIC_SETS: string[] = ["moons", "uneven", "line", "wide", "layout5d"];

/** Of test/golden/more: sets whose spanning tree is not unique, and one too small to cluster. */
export const MORE_DEGENERATE_SETS: string[] = ["chain", "duplicates", "grid", "heaps", "few"];

/** A set of test/golden/more. */
export function moreGoldenSet(name: string): GoldenSet {
  const json = goldenJson(`more/${name}.json.gz`);
  return {
    points: matrixOf(json.points),
    heldout: matrixOf(json.heldout),
    cases: json.cases.map(goldenCase),
  };
}

function matrixOf(rows: number[][]): Matrix {
  return matrix(Float32Array.from(rows.flat()), rows.length, rows[0]!.length);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of the golden files is what the README says
function goldenCase(found: any): GoldenCase {
  const p = found.params;
  const linkage = found.single_linkage;
  return {
    name: [p.min_cluster_size, p.min_samples, p.cluster_selection_method, p.cluster_selection_epsilon]
      .concat(p.allow_single_cluster ? "single" : [])
      .join(" "),
    ties: found.ties ?? "shipped",
    options: {
      minClusterSize: p.min_cluster_size,
      minSamples: p.min_samples ?? undefined,
      clusterSelectionMethod: p.cluster_selection_method,
      clusterSelectionEpsilon: p.cluster_selection_epsilon,
      allowSingleCluster: p.allow_single_cluster,
    },
    labels: found.labels,
    probabilities: found.probabilities.map(toNumber),
    persistence: found.cluster_persistence.map(toNumber),
    outlierScores: found.outlier_scores.map(toNumber),
    linkage: {
      left: Int32Array.from(linkage.left),
      right: Int32Array.from(linkage.right),
      distance: Float64Array.from(linkage.distance),
      size: Int32Array.from(linkage.size),
    },
    spanningTreeWeight: found.mst_total_weight,
    condensed: { ...found.condensed_tree, lambda_val: found.condensed_tree.lambda_val.map(toNumber) },
    exemplars: found.exemplar_indices,
    prediction: found.approximate_predict,
    membership: found.all_points_membership_vectors,
    heldoutMembership: found.membership_vector_heldout,
  };
}

function toNumber(value: number | string | null): number {
  return value === null ? Number.NaN : Number(value);
}
