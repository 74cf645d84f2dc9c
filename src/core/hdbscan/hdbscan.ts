import { assertFinite, type Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { boruvkaSpanningTree } from "./boruvka.ts";
import { clusterTree } from "./cluster-tree.ts";
import { type CondensedTree, condenseTree } from "./condense.ts";
import { squaredCoreDistances } from "./core-distances.ts";
import { clusterExemplars } from "./exemplars.ts";
import { buildKdTree } from "./kd-tree.ts";
import { labelPoints } from "./label.ts";
import { type HdbscanOptions, type ResolvedHdbscanOptions, resolveOptions } from "./options.ts";
import { outlierScores } from "./outlier-scores.ts";
import { type HdbscanPrediction, HdbscanPredictor } from "./predict.ts";
import { selectClusters } from "./select.ts";
import { type SingleLinkageTree, singleLinkageTree } from "./single-linkage.ts";
import { clusterStabilities } from "./stability.ts";

/** Share of the time that the core distances take, for the progress. */
const CORE_DISTANCE_SHARE = 0.4;

/** The hierarchy over all points, from which clusterings with any options but another `minSamples` can be cut. */
export interface DensityHierarchy {
  /** Distance of each point to its `minSamples`-th neighbour. */
  readonly coreDistances: Float64Array;
  /** Distance of each point to the neighbour before that: what `predict` goes by, as the reference does. */
  readonly predictionCoreDistances: Float64Array;
  readonly singleLinkageTree: SingleLinkageTree;
}

/** A density-based clustering with the hierarchy it was cut from. */
export interface HdbscanModel extends DensityHierarchy {
  readonly options: ResolvedHdbscanOptions;
  readonly clusterCount: number;
  /** One a point, 0 to `clusterCount` - 1, or -1 for noise. Numbered as the clusters in the condensed tree. */
  readonly labels: Int32Array;
  /** Strength of each point's membership in its cluster, 0 to 1; 0 for noise. */
  readonly probabilities: Float64Array;
  /** GLOSH score of each point, 0 to 1; near 1 for outliers. */
  readonly outlierScores: Float64Array;
  /** How long each cluster lasts over density levels, usually 0 to 1; more is steadier. */
  readonly persistence: Float64Array;
  /** Numbers of the selected clusters in the condensed tree, 0 for its root: one a label. */
  readonly selectedClusters: Int32Array;
  /** For each cluster its most typical points, ascending. */
  readonly exemplars: readonly Int32Array[];
  readonly condensedTree: CondensedTree;
  /**
   * Labels of new points, each judged on its own.
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  predict(points: Matrix): HdbscanPrediction;
}

/**
 * HDBSCAN* by Euclidean distance (Campello, Moulavi and Sander 2013; McInnes and Healy 2017), exact, in float64. Follows
 * hdbscan 0.8.43 with an exact spanning tree; deviations are noted at each step. Nothing depends on chance, and on points
 * without equal distances nothing but the numbering depends on their order.
 *
 * Fewer points than `minClusterSize`, and points all at one place, are noise unless `allowSingleCluster` is set. No points
 * at all give an empty model; a single point is noise.
 *
 * @param points points x dimensions, finite; kept, not copied, for `predict`
 * @throws InputError for values that are not finite (`BAD_INPUT`) and options out of range (`BAD_OPTION`)
 */
export async function hdbscan(
  points: Matrix,
  options: HdbscanOptions = {},
  work: WorkOptions = {},
): Promise<HdbscanModel> {
  const resolved = resolveOptions(options);
  assertFinite(points, "The points to cluster");
  const hierarchy = await densityHierarchy(points, resolved.minSamples, work);
  const model = cutHierarchy(points, hierarchy, resolved);
  work.onProgress?.(1);
  return model;
}

/** The costly part: core distances, spanning tree and dendrogram. Independent of all options but `minSamples`. */
export async function densityHierarchy(
  points: Matrix,
  minSamples: number,
  work: WorkOptions = {},
): Promise<DensityHierarchy> {
  work.signal?.throwIfAborted();
  const coreDistances = new Float64Array(points.rows);
  const predictionCoreDistances = new Float64Array(points.rows);
  if (points.rows < 2) {
    return { coreDistances, predictionCoreDistances, singleLinkageTree: emptyDendrogram() };
  }
  const pacer = new WorkPacer(work);
  const tree = buildKdTree(points);
  const neighbors = Math.min(minSamples, points.rows - 1);
  const squared = await squaredCoreDistances(tree, neighbors, pacer, CORE_DISTANCE_SHARE);
  const spanningTree = await boruvkaSpanningTree(tree, squared.outer, pacer, CORE_DISTANCE_SHARE);
  tree.order.forEach((point, position) => {
    coreDistances[point] = Math.sqrt(squared.outer[position]!);
    predictionCoreDistances[point] = Math.sqrt(squared.inner[position]!);
  });
  return { coreDistances, predictionCoreDistances, singleLinkageTree: singleLinkageTree(spanningTree) };
}

/** The quick part: condensed tree, clusters and what is known of each point. */
export function cutHierarchy(
  points: Matrix,
  hierarchy: DensityHierarchy,
  options: ResolvedHdbscanOptions,
): HdbscanModel {
  const condensedTree = condenseTree(hierarchy.singleLinkageTree, points.rows, options.minClusterSize);
  const clusters = clusterTree(condensedTree);
  const selection = selectClusters(clusters, clusterStabilities(condensedTree, clusters), options);
  const selectedClusters = selection.selected;
  const predictor = new HdbscanPredictor({
    points,
    predictionCoreDistances: hierarchy.predictionCoreDistances,
    condensedTree,
    selectedClusters,
    options,
  });
  return {
    options,
    clusterCount: selectedClusters.length,
    ...labelPoints(condensedTree, clusters, selection, options),
    outlierScores: outlierScores(condensedTree, clusters),
    selectedClusters,
    exemplars: clusterExemplars(condensedTree, clusters, selectedClusters),
    ...hierarchy,
    condensedTree,
    predict: (newPoints) => predictor.predict(newPoints),
  };
}

function emptyDendrogram(): SingleLinkageTree {
  const none = new Int32Array(0);
  return { left: none, right: none, distance: new Float64Array(0), size: none };
}
