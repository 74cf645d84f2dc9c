import type { Matrix } from "../math/matrix.ts";

/**
 * How close a point is to the exemplars of each cluster, as shares that add up to 1: those of 1 / the distance to the
 * nearest exemplar (`dist_membership_vector` of hdbscan 0.8.43). An exemplar's own cluster has all but nothing left over.
 */
export class ExemplarCloseness {
  private readonly dims: number;
  /** Coordinates of all exemplars, cluster after cluster, row-major. */
  private readonly coords: Float64Array;
  /** First exemplar of each cluster, and at the end their number. */
  private readonly starts: Int32Array;

  constructor(points: Matrix, exemplars: readonly Int32Array[]) {
    const { cols: dims, data } = points;
    this.dims = dims;
    this.starts = new Int32Array(exemplars.length + 1);
    exemplars.forEach((indices, label) => {
      this.starts[label + 1] = this.starts[label]! + indices.length;
    });
    this.coords = new Float64Array(this.starts[exemplars.length]! * dims);
    let place = 0;
    for (const indices of exemplars) {
      for (const index of indices) {
        for (let j = 0; j < dims; j++) this.coords[place++] = data[index * dims + j]!;
      }
    }
  }

  /** @param shares one a cluster, filled for the point at `offset` of `data` */
  fillShares(data: Float32Array, offset: number, shares: Float64Array): void {
    let sum = 0;
    let atExemplar = 0;
    for (let label = 0; label < shares.length; label++) {
      shares[label] = Math.sqrt(this.squaredDistance(label, data, offset));
      if (shares[label] === 0) atExemplar++;
      else sum += 1 / shares[label]!;
    }
    // The reference takes 1 / 0 for the largest float over the number of clusters; here in the same proportion.
    const scale = atExemplar === 0 ? sum : (Number.MAX_VALUE / shares.length) * atExemplar;
    for (let label = 0; label < shares.length; label++) {
      shares[label] = shares[label] === 0 ? 1 / atExemplar : 1 / shares[label]! / scale;
    }
  }

  /** To the nearest exemplar of a cluster. */
  private squaredDistance(label: number, data: Float32Array, offset: number): number {
    const { coords, dims } = this;
    let least = Number.POSITIVE_INFINITY;
    for (let exemplar = this.starts[label]!; exemplar < this.starts[label + 1]!; exemplar++) {
      let sum = 0;
      for (let j = 0; j < dims; j++) {
        const difference = coords[exemplar * dims + j]! - data[offset + j]!;
        sum += difference * difference;
      }
      if (sum < least) least = sum;
    }
    return least;
  }
}
