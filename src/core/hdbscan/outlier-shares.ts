import { portableExp } from "../umap/portable-math.ts";

/** What hdbscan 0.8.43 adds to lambdas, or puts in their place, to divide by no zero. */
export const SMALLEST_LAMBDA = 1e-8;

/**
 * How little a fitted point is an outlier of each cluster, as shares that add up to 1: the softmax of exp(-death / height)
 * (`all_points_outlier_membership_vector` of hdbscan 0.8.43).
 *
 * @param heights lambda at which the point and each cluster meet, above 0, Infinity at a place of several points
 * @param death of the cluster the point leaves, no less than any height
 * @param shares one a cluster, filled
 */
export function fittedOutlierShares(heights: Float64Array, death: number, shares: Float64Array): void {
  for (let label = 0; label < heights.length; label++) {
    const height = heights[label]!;
    const ratio = height === Number.POSITIVE_INFINITY ? 1 : (death + SMALLEST_LAMBDA) / height;
    shares[label] = portableExp(-ratio);
  }
  softmaxInPlace(shares);
}

/**
 * The same for a new point: the softmax of death / (death - height) (`outlier_membership_vector` of hdbscan 0.8.43, which
 * differs from that for fitted points). Deviation: the reference rounds the point's lambda to float32 first.
 */
export function newPointOutlierShares(heights: Float64Array, death: number, shares: Float64Array): void {
  for (let label = 0; label < heights.length; label++) {
    const height = heights[label]!;
    shares[label] =
      death === Number.POSITIVE_INFINITY
        ? height === death
          ? Number.MAX_VALUE
          : 1
        : death / (height < death ? death - height : SMALLEST_LAMBDA);
  }
  softmaxInPlace(shares);
}

/**
 * Probability that a point is in any cluster: the height at which it meets the one it meets deepest, the first of equal
 * ones, over the lambda at which that one ends (`prob_in_some_cluster` of hdbscan 0.8.43).
 *
 * @param pointLambda at which the point leaves
 * @param deaths lambda at which each cluster ends
 * @param margin added to the latter
 */
export function probabilityInSomeCluster(
  heights: Float64Array,
  pointLambda: number,
  deaths: Float64Array,
  margin: number,
): number {
  let deepest = 0;
  for (let label = 1; label < heights.length; label++)
    if (heights[label]! > heights[deepest]!) deepest = label;
  const height = heights[deepest]!;
  return height === Number.POSITIVE_INFINITY
    ? 1
    : height / (Math.max(pointLambda, deaths[deepest]!) + margin);
}

function softmaxInPlace(scores: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > highest) highest = scores[i]!;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = portableExp(scores[i]! - highest);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! / sum;
}
