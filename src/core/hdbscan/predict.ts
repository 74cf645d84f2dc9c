import { InputError } from "../errors.ts";
import { BoundedHeap } from "../math/bounded-heap.ts";
import { assertFinite, type Matrix } from "../math/matrix.ts";
import { type ClusterTree, clusterTree } from "./cluster-tree.ts";
import type { CondensedTree } from "./condense.ts";
import { buildKdTree, findNearest, type KdTree, searchStack } from "./kd-tree.ts";
import { labelsOfClusters, membershipStrength } from "./label.ts";
import type { ResolvedHdbscanOptions } from "./options.ts";
import { rootThreshold } from "./select.ts";

/** Labels (-1 is noise) and strengths of membership, 0 to 1, one a point. */
export interface HdbscanPrediction {
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
}

/** What prediction needs of a fitted model. */
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
 * as itself. Each is judged on its own. Of equally near fitted points the nearer in plain distance counts, then the lower
 * index.
 *
 * The reference's core distances here are those of the neighbour before the `minSamples`-th, which is followed.
 * Deviations: a selected root takes new points as it took the fitted ones (`rootThreshold`); new points at one place
 * with a cluster of infinite lambda have strength 1, not 0; models too small for the reference answer noise.
 */
export class HdbscanPredictor {
  private readonly data: PredictionData;
  private readonly clusters: ClusterTree;
  private readonly labelOfCluster: Int32Array;
  /** Cluster number that each fitted point leaves, and at which lambda. */
  private readonly clusterOfPoint: Int32Array;
  private readonly lambdaOfPoint: Float64Array;
  /** Built on first use: a model that is only looked at needs none. */
  private tree: KdTree | undefined;

  constructor(data: PredictionData) {
    const { condensedTree: condensed } = data;
    this.data = data;
    this.clusters = clusterTree(condensed);
    this.labelOfCluster = labelsOfClusters(this.clusters, data.selectedClusters);
    this.clusterOfPoint = new Int32Array(condensed.points);
    this.lambdaOfPoint = new Float64Array(condensed.points);
    for (let row = 0; row < condensed.child.length; row++) {
      const point = condensed.child[row]!;
      if (point >= condensed.points) continue;
      this.clusterOfPoint[point] = condensed.parent[row]! - condensed.points;
      this.lambdaOfPoint[point] = condensed.lambda[row]!;
    }
  }

  /**
   * @param points new points x dimensions
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  predict(points: Matrix): HdbscanPrediction {
    const fitted = this.data.points;
    if (points.cols !== fitted.cols) {
      throw new InputError("The points do not have the dimensions of the fitted ones", {
        expected: `${fitted.cols} columns`,
        found: `${points.cols} columns`,
      });
    }
    assertFinite(points, "The points to predict");
    const labels = new Int32Array(points.rows).fill(-1);
    const probabilities = new Float64Array(points.rows);
    if (this.data.selectedClusters.length === 0) return { labels, probabilities };
    this.tree ??= buildKdTree(fitted);
    const coords = Float64Array.from(points.data);
    const heap = new BoundedHeap(Math.min(2 * this.data.options.minSamples, fitted.rows));
    const stack = searchStack();
    for (let point = 0; point < points.rows; point++) {
      findNearest(this.tree, coords, point * points.cols, heap, stack);
      heap.sort();
      this.assign(point, heap, labels, probabilities);
    }
    return { labels, probabilities };
  }

  private assign(point: number, heap: BoundedHeap, labels: Int32Array, probabilities: Float64Array): void {
    const { clusters, data } = this;
    const own = Math.sqrt(heap.keys[Math.min(data.options.minSamples, heap.size - 1)]!);
    let nearest = -1;
    let reach = Number.POSITIVE_INFINITY;
    for (let i = 0; i < heap.size; i++) {
      const candidate = heap.ids[i]!;
      const distance = Math.max(Math.sqrt(heap.keys[i]!), own, data.predictionCoreDistances[candidate]!);
      if (distance < reach) {
        reach = distance;
        nearest = candidate;
      }
    }
    const lambda = 1 / reach;
    let cluster = this.clusterOfPoint[nearest]!;
    if (this.lambdaOfPoint[nearest]! > lambda) {
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
