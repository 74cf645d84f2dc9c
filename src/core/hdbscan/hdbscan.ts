import { assertFinite, type Matrix } from "../math/matrix.ts";
import { densityHierarchy } from "./density-hierarchy.ts";
import { cutHierarchy, type HdbscanModel } from "./hdbscan-model.ts";
import { type HdbscanOptions, resolveOptions } from "./options.ts";

/**
 * HDBSCAN* by Euclidean distance (Campello, Moulavi and Sander 2013; McInnes and Healy 2017), exact, in float64. Follows
 * hdbscan 0.8.43 with an exact spanning tree; deviations are noted at each step. Nothing depends on chance, and on points
 * without equal distances nothing but the numbering depends on their order.
 *
 * Fewer points than `minClusterSize`, and points all at one place, are noise unless `allowSingleCluster` is set. No points
 * at all give an empty model; a single point is noise.
 *
 * @param points points x dimensions, finite; kept, not copied, for `predict` and `membershipVectors`
 * @throws InputError for values that are not finite (`BAD_INPUT`) and options out of range (`BAD_OPTION`)
 * @throws the reason of `signal` once it is aborted
 */
export async function hdbscan(points: Matrix, options: HdbscanOptions = {}): Promise<HdbscanModel> {
  const { signal, onProgress, ...parameters } = options;
  const resolved = resolveOptions(parameters);
  assertFinite(points, "The points to cluster");
  const hierarchy = await densityHierarchy(points, resolved.minSamples, { signal, onProgress });
  const model = cutHierarchy(points, hierarchy, resolved);
  onProgress?.(1);
  return model;
}
