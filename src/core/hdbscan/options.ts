import { InputError } from "../errors.ts";
import type { WorkOptions } from "../stages.ts";

/** How clusters are picked from the condensed tree: excess of mass, or its leaves (finer, more even). */
export type ClusterSelectionMethod = "eom" | "leaf";

/** What decides which clusters are cut from a hierarchy that is there. */
export interface ClusterSelectionOptions {
  /** Fewest points that count as a cluster, at least 2. Default 5, as in the reference. */
  readonly minClusterSize?: number | undefined;
  /** Default `"eom"`. */
  readonly clusterSelectionMethod?: ClusterSelectionMethod | undefined;
  /** Clusters that split below this distance stay together (Malzer and Baum 2020); at least 0. Default 0: off. */
  readonly clusterSelectionEpsilon?: number | undefined;
  /** Whether all points may be found to be one cluster. Default false. */
  readonly allowSingleCluster?: boolean | undefined;
  /** Clusters with more points are split further or dropped (`"eom"` only); at least 1. Default Infinity: no limit. */
  readonly maxClusterSize?: number | undefined;
}

/** What decides a clustering. */
export interface HdbscanParameters extends ClusterSelectionOptions {
  /**
   * The neighbour, the point itself not counted, whose distance is a point's core distance; at least 1, cut
   * to points - 1. More makes more noise. Default `minClusterSize`.
   */
  readonly minSamples?: number | undefined;
}

/** The parameters, and `signal` and `onProgress`. */
export interface HdbscanOptions extends HdbscanParameters, WorkOptions {}

/** What `relabel` may change; what is left out stays as it was in the model. */
export interface RelabelOptions extends ClusterSelectionOptions {
  /**
   * Exactly so many clusters, from 2 (or 1 with `allowSingleCluster`) to the model's `maxClusterCount` for this
   * `minClusterSize`; see `selectClusterCount`. Neither `clusterSelectionEpsilon` nor `maxClusterSize` goes with it: those of
   * the model are switched off.
   */
  readonly clusterCount?: number | undefined;
}

/** Parameters with every default filled in; `maxClusterSize` is Infinity for no limit. */
export interface ResolvedHdbscanOptions {
  readonly minClusterSize: number;
  readonly minSamples: number;
  readonly clusterSelectionMethod: ClusterSelectionMethod;
  readonly clusterSelectionEpsilon: number;
  readonly allowSingleCluster: boolean;
  readonly maxClusterSize: number;
}

/** @throws InputError (`BAD_OPTION`) naming the option that is out of range */
export function resolveOptions(options: HdbscanParameters): ResolvedHdbscanOptions {
  const minClusterSize = options.minClusterSize ?? 5;
  const resolved: ResolvedHdbscanOptions = {
    minClusterSize,
    minSamples: options.minSamples ?? minClusterSize,
    clusterSelectionMethod: options.clusterSelectionMethod ?? "eom",
    clusterSelectionEpsilon: options.clusterSelectionEpsilon ?? 0,
    allowSingleCluster: options.allowSingleCluster ?? false,
    maxClusterSize: options.maxClusterSize ?? Number.POSITIVE_INFINITY,
  };
  requireInteger("minClusterSize", resolved.minClusterSize, 2);
  requireInteger("minSamples", resolved.minSamples, 1);
  if (resolved.maxClusterSize !== Number.POSITIVE_INFINITY) {
    requireInteger("maxClusterSize", resolved.maxClusterSize, 1);
  }
  const { clusterSelectionMethod: method, clusterSelectionEpsilon: epsilon } = resolved;
  if (method !== "eom" && method !== "leaf") reject("clusterSelectionMethod", '"eom" or "leaf"', method);
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    reject("clusterSelectionEpsilon", "a finite number from 0", epsilon);
  }
  if (typeof resolved.allowSingleCluster !== "boolean") {
    reject("allowSingleCluster", "true or false", resolved.allowSingleCluster);
  }
  return resolved;
}

/**
 * The options of a model with some of them changed.
 * @throws InputError (`BAD_OPTION`) naming the option that is out of range or does not go with `clusterCount`
 */
export function relabelledOptions(
  model: ResolvedHdbscanOptions,
  changes: RelabelOptions,
): ResolvedHdbscanOptions {
  const { clusterCount } = changes;
  if (clusterCount !== undefined) {
    for (const name of ["clusterSelectionEpsilon", "maxClusterSize"] as const) {
      if (changes[name] !== undefined) reject(name, "nothing beside clusterCount", changes[name]);
    }
  }
  const counted = clusterCount !== undefined;
  const resolved = resolveOptions({
    minClusterSize: changes.minClusterSize ?? model.minClusterSize,
    minSamples: model.minSamples,
    clusterSelectionMethod: changes.clusterSelectionMethod ?? model.clusterSelectionMethod,
    clusterSelectionEpsilon: counted ? 0 : (changes.clusterSelectionEpsilon ?? model.clusterSelectionEpsilon),
    allowSingleCluster: changes.allowSingleCluster ?? model.allowSingleCluster,
    maxClusterSize: counted ? undefined : (changes.maxClusterSize ?? model.maxClusterSize),
  });
  if (counted) requireInteger("clusterCount", clusterCount, resolved.allowSingleCluster ? 1 : 2);
  return resolved;
}

function requireInteger(name: string, value: number, least: number): void {
  // Sizes and counts are held in 32-bit arrays.
  if (!Number.isInteger(value) || value < least || value > 0x7fffffff) {
    reject(name, `an integer from ${least}`, value);
  }
}

function reject(name: string, expected: string, found: unknown): never {
  throw new InputError(
    `HDBSCAN option ${name} is out of range`,
    { expected, found: String(found) },
    "BAD_OPTION",
  );
}
