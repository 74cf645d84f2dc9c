import type { ByteMatrix, DenseKernels } from "../math/kernels.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { takeByteRows } from "./byte-rows.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import { type Grouping, kMeans } from "./k-means.ts";

/** Points in parts of near ones, tight parts first. */
export interface Partition {
  readonly count: number;
  /** The points, part by part. */
  readonly order: Int32Array;
  /** Part `p` owns `order[offsets[p]]` to `order[offsets[p + 1] - 1]`, at least one point. */
  readonly offsets: Int32Array;
  /** Means of the parts, rounded to bytes: count x cols. */
  readonly centroids: ByteMatrix;
  /** Root of the mean squared distance from the mean, in steps. */
  readonly radii: Float64Array;
  /** Mean of the biases of a part's points. */
  readonly meanBias: Float64Array;
}

/** @param count of parts, at most the number of points; fewer where some would be empty */
export async function partition(
  vectors: ByteVectors,
  count: number,
  kernels: DenseKernels,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Partition> {
  const grouping = await kMeans(vectors.codes, count, kernels, rng, pacer);
  const meanSquares = groupMeanSquares(grouping, vectors.lengths);
  const radii = meanSquares.map((square, g) => Math.sqrt(Math.max(square - grouping.squaredMeans[g]!, 0)));
  const byRadius = Int32Array.from({ length: count }, (_, g) => g)
    .filter((g) => grouping.sizes[g]! > 0)
    .sort((a, b) => radii[a]! - radii[b]! || a - b);
  const offsets = new Int32Array(byRadius.length + 1);
  const next = new Int32Array(count);
  byRadius.forEach((g, part) => {
    next[g] = offsets[part]!;
    offsets[part + 1] = offsets[part]! + grouping.sizes[g]!;
  });
  const order = new Int32Array(grouping.groups.length);
  for (let i = 0; i < order.length; i++) order[next[grouping.groups[i]!]!++] = i;
  return {
    count: byRadius.length,
    order,
    offsets,
    centroids: takeByteRows(grouping.centroids, byRadius),
    radii: Float64Array.from(byRadius, (g) => radii[g]!),
    meanBias: Float64Array.from(byRadius, (g) => -meanSquares[g]! / 2),
  };
}

function groupMeanSquares({ groups, sizes }: Grouping, lengths: Float64Array): Float64Array {
  const squares = new Float64Array(sizes.length);
  for (let i = 0; i < groups.length; i++) squares[groups[i]!]! += lengths[i]! ** 2;
  return squares.map((sum, g) => sum / Math.max(sizes[g]!, 1));
}
