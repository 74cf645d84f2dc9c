import type { Neighbors } from "../neighbors/neighbors.ts";
import { portableExp, portableLog } from "./portable-math.ts";

export interface SmoothKnnDistances {
  /** For each row the distance up to which neighbours count as fully connected. */
  readonly rhos: Float32Array;
  /** For each row the scale on which its neighbours' strengths fall off. */
  readonly sigmas: Float32Array;
}

export interface SmoothKnnOptions {
  /** Nearest neighbours assumed fully connected; need not be whole. Default 1. */
  readonly localConnectivity?: number | undefined;
  /**
   * What sigma may not fall far below where rho is 0: the mean distance of `"all"` rows, as umap-learn has
   * it (the default), or of the `"row"` alone, so that no row depends on its companions.
   */
  readonly meanOver?: "all" | "row" | undefined;
}

const MAX_BISECTIONS = 64;
const TOLERANCE = 1e-5;
/** Sigma is at least this part of the mean distance. */
const MIN_SCALE = 1e-3;

/**
 * For each row the rho and sigma of its neighbour distances, such that the strengths
 * exp(-max(0, d - rho) / sigma) of all neighbours but the first sum to log2(k) (McInnes, Healy and Melville
 * 2018, algorithm 3; umap-learn 0.5.3, `smooth_knn_dist`).
 */
export function smoothKnnDistances(neighbors: Neighbors, options: SmoothKnnOptions = {}): SmoothKnnDistances {
  const { localConnectivity = 1, meanOver = "all" } = options;
  const { rows, k, distances } = neighbors;
  const rhos = new Float32Array(rows);
  const sigmas = new Float32Array(rows);
  const target = k > 0 ? portableLog(k) / portableLog(2) : 0;
  const meanOfAll = mean(distances);
  for (let i = 0; i < rows; i++) {
    const row = distances.subarray(i * k, (i + 1) * k);
    const rho = Math.fround(localDistance(row, localConnectivity));
    const scale = rho > 0 || meanOver === "row" ? mean(row) : meanOfAll;
    rhos[i] = rho;
    sigmas[i] = Math.max(bisectSigma(row, rho, target), MIN_SCALE * scale);
  }
  return { rhos, sigmas };
}

/** The distance of the `localConnectivity`-th neighbour not at distance 0, between two neighbours if not whole. */
function localDistance(row: Float32Array, localConnectivity: number): number {
  let zeros = 0;
  while (zeros < row.length && row[zeros]! <= 0) zeros++;
  const count = row.length - zeros;
  if (count === 0) return 0;
  if (count < localConnectivity) return row[row.length - 1]!;
  const index = Math.floor(localConnectivity);
  const fraction = localConnectivity - index;
  const above = index < count ? row[zeros + index]! : row[zeros + count - 1]!;
  if (index === 0) return fraction * above;
  const below = row[zeros + index - 1]!;
  return fraction > TOLERANCE ? below + fraction * (above - below) : below;
}

function bisectSigma(row: Float32Array, rho: number, target: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let sigma = 1;
  for (let step = 0; step < MAX_BISECTIONS; step++) {
    let sum = 0;
    for (let j = 1; j < row.length; j++) {
      const excess = Math.fround(row[j]! - rho);
      sum += excess > 0 ? portableExp(-excess / sigma) : 1;
    }
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = sigma;
    else low = sigma;
    sigma = high === Number.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
  }
  return sigma;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}
