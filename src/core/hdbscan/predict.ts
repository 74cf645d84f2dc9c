import type { Matrix } from "../math/matrix.ts";
import { type ClusterTree, clusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";
import { labelsOfClusters, membershipStrength } from "./label.ts";
import type { ResolvedHdbscanOptions } from "./options.ts";
import { type PointPlaces, pointPlaces } from "./point-places.ts";
import { assertComparable, ReachableNeighbor } from "./reachable-neighbor.ts";
import { rootThreshold } from "./select.ts";

/** Labels (-1 is noise) and strengths of membership, 0 to 1, one a point. */
export interface HdbscanPrediction {
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
}

/** What judging new points needs of a fitted model. */
export interface PredictionData {
  readonly points: Matrix;
  /** By point. */
  readonly predictionCoreDistances: Float64Array;
  readonly condensedTree: CondensedTree;
  readonly selectedClusters: Int32Array;
  readonly options: ResolvedHdbscanOptions;
}

/**
 * Assigns new points to the clusters of a fitted model without changing it, as `approximate_predict` of hdbscan 0.8.43:
 * a point goes where its nearest fitted point in mutual reachability is, or up the tree to the cluster that is as sparse
 * as itself. Each is judged on its own.
 *
 * Deviations: a selected root takes new points as it took the fitted ones (`rootThreshold`); new points at one place
 * with a cluster of infinite lambda have strength 1, not 0; models too small for the reference answer noise.
 */
export class HdbscanPredictor {
  private readonly data: PredictionData;
  private readonly clusters: ClusterTree;
  private readonly labelOfCluster: Int32Array;
  private readonly places: PointPlaces;
  /** Made on first use: without clusters there may be no fitted point to search. */
  private neighbor: ReachableNeighbor | undefined;

  constructor(data: PredictionData) {
    this.data = data;
    this.clusters = clusterTree(data.condensedTree);
    this.labelOfCluster = labelsOfClusters(this.clusters, data.selectedClusters);
    this.places = pointPlaces(data.condensedTree);
  }

  /**
   * @param points new points x dimensions
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  predict(points: Matrix): HdbscanPrediction {
    const { points: fitted, predictionCoreDistances, selectedClusters, options } = this.data;
    assertComparable(points, fitted);
    const labels = new Int32Array(points.rows).fill(-1);
    const probabilities = new Float64Array(points.rows);
    if (selectedClusters.length === 0) return { labels, probabilities };
    this.neighbor ??= new ReachableNeighbor(fitted, predictionCoreDistances, options.minSamples);
    const coords = Float64Array.from(points.data);
    for (let point = 0; point < points.rows; point++) {
      this.neighbor.find(coords, point * points.cols);
      this.assign(point, this.neighbor, labels, probabilities);
    }
    return { labels, probabilities };
  }

  private assign(
    point: number,
    { index, lambda }: ReachableNeighbor,
    labels: Int32Array,
    probabilities: Float64Array,
  ): void {
    const { clusters, data, places } = this;
    let cluster = places.clusters[index]!;
    if (places.lambdas[index]! > lambda) {
      while (cluster > 0 && clusters.birth[cluster]! >= lambda) cluster = clusters.parent[cluster]!;
    }
    const label = this.labelOfCluster[cluster]!;
    if (label === -1) return;
    const selected = data.selectedClusters[label]!;
    if (selected === 0 && lambda < rootThreshold(clusters, data.options)) return;
    labels[point] = label;
    probabilities[point] = membershipStrength(lambda, clusters.death[selected]!);
  }
}
