import type { Matrix } from "../math/matrix.ts";
import type { WorkOptions } from "../stages.ts";
import { clusterTree } from "./cluster-tree.ts";
import { type CondensedTree, condenseTree } from "./condense.ts";
import type { DensityHierarchy } from "./density-hierarchy.ts";
import { clusterExemplars } from "./exemplars.ts";
import { type FlatClustering, labelPoints } from "./label.ts";
import { type MembershipVectors, type MembershipVisitor, SoftClustering } from "./membership-vectors.ts";
import { type RelabelOptions, type ResolvedHdbscanOptions, relabelledOptions } from "./options.ts";
import { outlierScores } from "./outlier-scores.ts";
import { type HdbscanPrediction, HdbscanPredictor } from "./predict.ts";
import { selectClusters } from "./select.ts";
import { leafCount, selectClusterCount } from "./select-count.ts";
import { clusterStabilities } from "./stability.ts";

/** A density-based clustering with the hierarchy it was cut from. */
export interface HdbscanModel extends DensityHierarchy, FlatClustering {
  readonly options: ResolvedHdbscanOptions;
  readonly clusterCount: number;
  /** The most clusters that `relabel` can give with this `minClusterSize`. */
  readonly maxClusterCount: number;
  /** GLOSH score of each point, 0 to 1; near 1 for outliers. Computed when first read. */
  readonly outlierScores: Float64Array;
  /** Numbers of the selected clusters in the condensed tree, 0 for its root: one a label. */
  readonly selectedClusters: Int32Array;
  /** For each cluster its most typical points, ascending. Computed when first read. */
  readonly exemplars: readonly Int32Array[];
  readonly condensedTree: CondensedTree;
  /**
   * Labels of new points, each judged on its own.
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  predict(points: Matrix): HdbscanPrediction;
  /**
   * Soft clustering: how much each point belongs to each cluster.
   * @param points new points x dimensions, each judged on its own; the fitted ones where left out
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  membershipVectors(points?: Matrix, work?: WorkOptions): Promise<MembershipVectors>;
  /**
   * `membershipVectors` of some fitted points, one after the other: takes memory for one point, not for all.
   * @param visit its array is used again for the next point
   */
  visitMemberships(points: Int32Array, visit: MembershipVisitor, options?: VisitOptions): Promise<void>;
  /**
   * Another clustering from the same single linkage tree, in milliseconds: the points are not looked at. Shares the
   * hierarchy with this model, which stays as it is.
   * @throws InputError (`BAD_OPTION`) for options out of range, and for a `clusterCount` above the most there can be
   */
  relabel(options: RelabelOptions): HdbscanModel;
}

export interface VisitOptions extends WorkOptions {
  /**
   * Exemplars of a cluster that distances are taken to, at least 1, picked evenly where there are more: time grows with their
   * number times that of the points. Default all, as in the reference.
   */
  readonly exemplarsPerCluster?: number | undefined;
}

/** What a model is made of; the rest follows from it. */
export interface HdbscanModelParts {
  /** points x dimensions */
  readonly points: Matrix;
  readonly hierarchy: DensityHierarchy;
  readonly options: ResolvedHdbscanOptions;
  readonly condensedTree: CondensedTree;
  readonly selectedClusters: Int32Array;
  readonly clustering: FlatClustering;
  /** Where they are known already. */
  readonly outlierScores?: Float64Array | undefined;
  readonly exemplars?: readonly Int32Array[] | undefined;
}

/**
 * The quick part of the work: condensed tree, clusters and labels.
 * @param clusterCount exactly so many clusters, see `selectClusterCount`; where left out, as the options have it
 * @throws InputError when there cannot be so many clusters
 */
export function cutHierarchy(
  points: Matrix,
  hierarchy: DensityHierarchy,
  options: ResolvedHdbscanOptions,
  clusterCount?: number,
): HdbscanModel {
  const condensedTree = condenseTree(hierarchy.singleLinkageTree, points.rows, options.minClusterSize);
  const clusters = clusterTree(condensedTree);
  const stabilities = clusterStabilities(condensedTree, clusters);
  const base = selectClusters(clusters, stabilities, options);
  const selection =
    clusterCount === undefined ? base : selectClusterCount(clusters, base, stabilities, clusterCount);
  const clustering = labelPoints(condensedTree, clusters, selection, options);
  const selectedClusters = selection.selected;
  return hdbscanModel({ points, hierarchy, options, condensedTree, selectedClusters, clustering });
}

/** Shares the arrays of the parts. */
export function hdbscanModel(parts: HdbscanModelParts): HdbscanModel {
  const { points, hierarchy, options, condensedTree, selectedClusters, clustering } = parts;
  const { coreDistances, predictionCoreDistances, singleLinkageTree } = hierarchy;
  const predictionData = { points, predictionCoreDistances, condensedTree, selectedClusters, options };
  const clusters = once(() => clusterTree(condensedTree));
  const scores = once(() => parts.outlierScores ?? outlierScores(condensedTree, clusters()));
  const exemplars = once(
    () => parts.exemplars ?? clusterExemplars(condensedTree, clusters(), selectedClusters),
  );
  const predictor = once(() => new HdbscanPredictor(predictionData));
  const soft = once(() => new SoftClustering(predictionData, exemplars()));
  const { labels, probabilities, persistence } = clustering;
  return {
    options,
    clusterCount: selectedClusters.length,
    maxClusterCount: Math.max(selectedClusters.length, leafCount(condensedTree.clusters)),
    labels,
    probabilities,
    persistence,
    selectedClusters,
    condensedTree,
    coreDistances,
    predictionCoreDistances,
    singleLinkageTree,
    get outlierScores() {
      return scores();
    },
    get exemplars() {
      return exemplars();
    },
    predict: (newPoints) => predictor().predict(newPoints),
    membershipVectors: (newPoints, work = {}) =>
      newPoints === undefined ? soft().ofFittedPoints(work) : soft().ofNewPoints(newPoints, work),
    visitMemberships: (chosen, visit, options = {}) => {
      const { exemplarsPerCluster: most = Infinity } = options;
      const isThinned = exemplars().some(({ length }) => length > most);
      const clustering = isThinned
        ? new SoftClustering(predictionData, thinnedOut(exemplars(), most))
        : soft();
      return clustering.visitFittedPoints(chosen, visit, options);
    },
    relabel: (changes) =>
      cutHierarchy(points, hierarchy, relabelledOptions(options, changes), changes.clusterCount),
  };
}

function thinnedOut(exemplars: readonly Int32Array[], most: number): Int32Array[] {
  return exemplars.map((rows) =>
    rows.length <= most
      ? rows
      : Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!),
  );
}

/** Computes a value when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let value: { readonly computed: T } | undefined;
  return () => {
    value ??= { computed: compute() };
    return value.computed;
  };
}
