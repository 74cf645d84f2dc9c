import type { ByteMatrix, DenseKernels } from "../math/kernels.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { rowsOf, takeByteRows } from "./byte-rows.ts";

/** Rounds of Lloyd's algorithm: centroids need not be final to tell near from far. */
const ROUNDS = 6;
const SAMPLE_PER_CENTROID = 32;
/** Rows, and centroids, whose products are made at a time. */
const BLOCK_ROWS = 1024;

/** Some rows in groups around centroids. */
export interface Grouping {
  /** The group of each row. */
  readonly groups: Int32Array;
  readonly sizes: Int32Array;
  /** Means of the rows of each group, rounded to bytes: groups x cols. */
  readonly centroids: ByteMatrix;
  /** Squared lengths of the means before rounding. */
  readonly squaredMeans: Float64Array;
}

/**
 * k-means (Lloyd 1982) on a sample, then each row goes to its nearest centroid. Sums are of integers: the same on every host.
 *
 * @param count groups to form, at most the number of rows; some may end up empty
 */
export async function kMeans(
  rows: ByteMatrix,
  count: number,
  kernels: DenseKernels,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Grouping> {
  const chosen = sampleOf(rows.rows, Math.min(rows.rows, SAMPLE_PER_CENTROID * count), rng);
  const sample = takeByteRows(rows, chosen);
  let centroids = rowsOf(sample, 0, count);
  const share = sample.rows === rows.rows ? 0.85 : 0.5;
  for (let round = 0; round < ROUNDS; round++) {
    const part = pacer.part((share * round) / ROUNDS, (share * (round + 1)) / ROUNDS);
    const groups = await nearestCentroids(sample, centroids, kernels, part);
    centroids = groupRows(sample, groups, centroids).centroids;
  }
  const groups = await nearestCentroids(rows, centroids, kernels, pacer.part(share, 1));
  return groupRows(rows, groups, centroids);
}

/** Different integers below `bound`, in random order. */
function sampleOf(bound: number, count: number, rng: Rng): Int32Array {
  const all = Int32Array.from({ length: bound }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const other = i + rng.below(bound - i);
    const value = all[other]!;
    all[other] = all[i]!;
    all[i] = value;
  }
  return all.slice(0, count);
}

async function nearestCentroids(
  rows: ByteMatrix,
  centroids: ByteMatrix,
  kernels: DenseKernels,
  pacer: WorkPacer,
): Promise<Int32Array> {
  const nearest = new Int32Array(rows.rows);
  const best = new Int32Array(rows.rows).fill(-(2 ** 31));
  const bias = halfSquaredLengths(centroids);
  const products = new Int32Array(Math.min(BLOCK_ROWS, rows.rows) * Math.min(BLOCK_ROWS, centroids.rows));
  for (let first = 0; first < centroids.rows; first += BLOCK_ROWS) {
    const block = kernels.byteBlock(rowsOf(centroids, first, Math.min(first + BLOCK_ROWS, centroids.rows)));
    for (let start = 0; start < rows.rows; start += BLOCK_ROWS) {
      await pacer.pause((first + (start / rows.rows) * BLOCK_ROWS) / centroids.rows);
      const queries = rowsOf(rows, start, Math.min(start + BLOCK_ROWS, rows.rows));
      await block.productsInto(products, queries);
      for (let i = 0; i < queries.rows; i++) {
        for (let c = 0; c < block.rows; c++) {
          const score = products[i * block.rows + c]! - bias[first + c]!;
          if (score <= best[start + i]!) continue;
          best[start + i] = score;
          nearest[start + i] = first + c;
        }
      }
    }
  }
  return nearest;
}

function halfSquaredLengths({ data, rows, cols }: ByteMatrix): Int32Array {
  const halves = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = i * cols; j < (i + 1) * cols; j++) sum += (data[j]! - 128) ** 2;
    halves[i] = sum >> 1;
  }
  return halves;
}

/** @param centroids those of groups that are empty stay */
function groupRows(rows: ByteMatrix, groups: Int32Array, centroids: ByteMatrix): Grouping {
  const { cols } = rows;
  const sums = new Float64Array(centroids.data.length);
  const sizes = new Int32Array(centroids.rows);
  for (let i = 0; i < rows.rows; i++) {
    const target = groups[i]! * cols;
    sizes[groups[i]!]!++;
    for (let j = 0; j < cols; j++) sums[target + j] = sums[target + j]! + (rows.data[i * cols + j]! - 128);
  }
  const data = centroids.data.slice();
  const squaredMeans = new Float64Array(centroids.rows);
  for (let g = 0; g < centroids.rows; g++) {
    if (sizes[g] === 0) continue;
    for (let j = g * cols; j < (g + 1) * cols; j++) {
      const mean = sums[j]! / sizes[g]!;
      data[j] = Math.round(mean) + 128;
      squaredMeans[g]! += mean * mean;
    }
  }
  return { groups, sizes, centroids: { data, rows: centroids.rows, cols }, squaredMeans };
}
