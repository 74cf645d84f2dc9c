import { InputError } from "../errors.ts";

/** How clusters are picked from the condensed tree: excess of mass, or its leaves (finer, more even). */
export type ClusterSelectionMethod = "eom" | "leaf";

export interface HdbscanOptions {
  /** Fewest points that count as a cluster, at least 2. Default 5, as in the reference. */
  readonly minClusterSize?: number | undefined;
  /**
   * The neighbour, the point itself not counted, whose distance is a point's core distance; at least 1, cut
   * to points - 1. More makes more noise. Default `minClusterSize`.
   */
  readonly minSamples?: number | undefined;
  /** Default `"eom"`. */
  readonly clusterSelectionMethod?: ClusterSelectionMethod | undefined;
  /** Clusters that split below this distance stay together (Malzer and Baum 2020); at least 0. Default 0: off. */
  readonly clusterSelectionEpsilon?: number | undefined;
  /** Whether all points may be found to be one cluster. Default false. */
  readonly allowSingleCluster?: boolean | undefined;
  /** Clusters with more points are split further or dropped (`"eom"` only); at least 1. Default: no limit. */
  readonly maxClusterSize?: number | undefined;
}

/** Options with every default filled in; `maxClusterSize` is Infinity for no limit. */
export interface ResolvedHdbscanOptions {
  readonly minClusterSize: number;
  readonly minSamples: number;
  readonly clusterSelectionMethod: ClusterSelectionMethod;
  readonly clusterSelectionEpsilon: number;
  readonly allowSingleCluster: boolean;
  readonly maxClusterSize: number;
}

/** @throws InputError (`BAD_OPTION`) naming the option that is out of range */
export function resolveOptions(options: HdbscanOptions): ResolvedHdbscanOptions {
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
