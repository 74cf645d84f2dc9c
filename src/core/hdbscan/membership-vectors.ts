import type { Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { type ClusterTree, clusterTree } from "./cluster-tree.ts";
import { ExemplarCloseness } from "./exemplar-closeness.ts";
import { labelsOfClusters } from "./label.ts";
import { MergeHeights } from "./merge-heights.ts";
import {
  fittedOutlierShares,
  newPointOutlierShares,
  probabilityInSomeCluster,
  SMALLEST_LAMBDA,
} from "./outlier-shares.ts";
import { type PointPlaces, pointPlaces } from "./point-places.ts";
import type { PredictionData } from "./predict.ts";
import { assertComparable, ReachableNeighbor } from "./reachable-neighbor.ts";

const CHUNK = 256;

/** How much each point belongs to each cluster. */
export interface MembershipVectors {
  /** 0 to 1, points x clusters, row-major; a row adds up to the probability that the point is in any cluster. */
  readonly data: Float64Array;
  readonly rows: number;
  readonly cols: number;
}

/** Receives how much a point belongs to each cluster, 0 to 1; the array is used again for the next point. */
export type MembershipVisitor = (point: number, strengths: Float64Array) => void;

/**
 * Soft clustering as hdbscan 0.8.43: the closeness of a point to the exemplars of each cluster, times how little it is an
 * outlier of each (how deep in the tree it meets the cluster), scaled to the probability that it is in any cluster.
 *
 * In float64, as small shares carry meaning here. Deviation: where a place holds several points, lambdas are infinite and
 * the reference answers NaN; here the limit counts.
 */
export class SoftClustering {
  private readonly data: PredictionData;
  private readonly clusters: ClusterTree;
  private readonly places: PointPlaces;
  private readonly heights: MergeHeights;
  private readonly closeness: ExemplarCloseness;
  /** Lambda at which each selected cluster ends. */
  private readonly deaths: Float64Array;
  private neighbor: ReachableNeighbor | undefined;

  constructor(data: PredictionData, exemplars: readonly Int32Array[]) {
    const clusters = clusterTree(data.condensedTree);
    const labelOfCluster = labelsOfClusters(clusters, data.selectedClusters);
    this.data = data;
    this.clusters = clusters;
    this.places = pointPlaces(data.condensedTree);
    this.heights = new MergeHeights(clusters, data.selectedClusters, labelOfCluster);
    this.closeness = new ExemplarCloseness(data.points, exemplars);
    this.deaths = Float64Array.from(data.selectedClusters, (cluster) => clusters.death[cluster]!);
  }

  /** Of all fitted points: `all_points_membership_vectors`. */
  async ofFittedPoints(work: WorkOptions): Promise<MembershipVectors> {
    const { rows } = this.data.points;
    const cols = this.data.selectedClusters.length;
    const data = new Float64Array(rows * cols);
    const all = Int32Array.from({ length: rows }, (_, point) => point);
    await this.visitFittedPoints(all, (point, strengths) => data.set(strengths, point * cols), work);
    return { data, rows, cols };
  }

  /** Of some fitted points, one after the other: takes memory for one. */
  async visitFittedPoints(chosen: Int32Array, visit: MembershipVisitor, work: WorkOptions): Promise<void> {
    const { clusters, places, data } = this;
    const { length } = data.selectedClusters;
    const [heights, outlierShares] = [new Float64Array(length), new Float64Array(length)];
    const weigh = (point: number, shares: Float64Array): number => {
      const cluster = places.clusters[point]!;
      const lambda = places.lambdas[point]!;
      this.heights.fillHeights(cluster, lambda, heights);
      fittedOutlierShares(heights, clusters.death[cluster]!, outlierShares);
      for (let label = 0; label < length; label++) shares[label] = shares[label]! * outlierShares[label]!;
      return probabilityInSomeCluster(heights, lambda, this.deaths, 0);
    };
    await this.rowByRow(data.points, chosen, work, weigh, visit);
  }

  /**
   * Of new points, each judged on its own: `membership_vector`.
   * @throws InputError when the dimensions differ from the fitted points' or a value is not finite
   */
  async ofNewPoints(points: Matrix, work: WorkOptions): Promise<MembershipVectors> {
    const { clusters, places } = this;
    assertComparable(points, this.data.points);
    const { length } = this.data.selectedClusters;
    if (length === 0) return { data: new Float64Array(0), rows: points.rows, cols: 0 };
    this.neighbor ??= new ReachableNeighbor(
      this.data.points,
      this.data.predictionCoreDistances,
      this.data.options.minSamples,
    );
    const { neighbor } = this;
    const coords = Float64Array.from(points.data);
    const [heights, outlierShares] = [new Float64Array(length), new Float64Array(length)];
    const data = new Float64Array(points.rows * length);
    const all = Int32Array.from({ length: points.rows }, (_, point) => point);
    const weigh = (point: number, shares: Float64Array): number => {
      neighbor.find(coords, point * points.cols);
      const cluster = places.clusters[neighbor.index]!;
      const lambda = Math.min(neighbor.lambda, places.lambdas[neighbor.index]!);
      // The reference rounds lambda for this part only.
      this.heights.fillHeights(cluster, Math.fround(lambda), heights);
      newPointOutlierShares(heights, clusters.death[cluster]!, outlierShares);
      for (let label = 0; label < length; label++) {
        shares[label] = Math.sqrt(shares[label]!) * outlierShares[label]! * outlierShares[label]!;
      }
      this.heights.fillHeights(cluster, lambda, heights);
      return probabilityInSomeCluster(heights, lambda, this.deaths, SMALLEST_LAMBDA);
    };
    await this.rowByRow(points, all, work, weigh, (point, strengths) => data.set(strengths, point * length));
    return { data, rows: points.rows, cols: length };
  }

  /** @param weigh turns a point's shares of closeness to weights, and gives what they are to add up to */
  private async rowByRow(
    points: Matrix,
    chosen: Int32Array,
    work: WorkOptions,
    weigh: (point: number, shares: Float64Array) => number,
    visit: MembershipVisitor,
  ): Promise<void> {
    const cols = this.data.selectedClusters.length;
    const pacer = new WorkPacer(work);
    const shares = new Float64Array(cols);
    for (let i = 0; i < chosen.length; i++) {
      if (i % CHUNK === 0) await pacer.pause(i / chosen.length);
      const point = chosen[i]!;
      this.closeness.fillShares(points.data, point * points.cols, shares);
      const probability = weigh(point, shares);
      let sum = 0;
      for (let label = 0; label < cols; label++) sum += shares[label]!;
      for (let label = 0; label < cols; label++) shares[label] = (shares[label]! / sum) * probability;
      visit(point, shares);
    }
    pacer.finish();
  }
}
