import type { ByteBlock, ByteMatrix, DenseKernels } from "../math/kernels.ts";
import { rowsOf } from "./byte-rows.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import type { Partition } from "./partition.ts";

const BLOCK_CENTROIDS = 1024;

/**
 * Tells how much a part promises a point. The mean score of the part's points is known from their centroid; how far the best
 * of them lie above it goes with the part's radius and the point's length. The `shortfall` says how many of these units
 * are missing from the mean to the score of the point's k-th neighbour so far: the smaller, the more likely the part holds
 * a nearer one.
 */
export class ProbeRule {
  private readonly vectors: ByteVectors;
  private readonly partition: Partition;
  private readonly centroids: readonly ByteBlock[];

  constructor(vectors: ByteVectors, partition: Partition, kernels: DenseKernels) {
    this.vectors = vectors;
    this.partition = partition;
    const { centroids } = partition;
    this.centroids = Array.from({ length: Math.ceil(centroids.rows / BLOCK_CENTROIDS) }, (_, b) =>
      kernels.byteBlock(
        rowsOf(centroids, b * BLOCK_CENTROIDS, Math.min((b + 1) * BLOCK_CENTROIDS, centroids.rows)),
      ),
    );
  }

  /**
   * @param target row-major, points x parts
   * @param codes of the points, in their order
   * @param needed score of the k-th neighbour of each point so far, -Infinity where there are fewer
   */
  async shortfallsInto(
    target: Float32Array,
    codes: ByteMatrix,
    points: Int32Array,
    needed: Float64Array,
  ): Promise<void> {
    const { bias, lengths } = this.vectors;
    const { count, radii, meanBias } = this.partition;
    let first = 0;
    for (const block of this.centroids) {
      const products = new Int32Array(codes.rows * block.rows);
      await block.productsInto(products, codes);
      for (let i = 0; i < points.length; i++) {
        const point = points[i]!;
        const missing = needed[i]! - bias[point]!;
        for (let c = 0; c < block.rows; c++) {
          const part = first + c;
          const mean = products[i * block.rows + c]! + meanBias[part]!;
          target[i * count + part] = (missing - mean) / (lengths[point]! * radii[part]! + 1);
        }
      }
      first += block.rows;
    }
  }
}
