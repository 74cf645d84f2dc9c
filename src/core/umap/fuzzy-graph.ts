import type { Neighbors } from "../neighbors/neighbors.ts";
import { portableExp } from "./portable-math.ts";
import { type SmoothKnnDistances, smoothKnnDistances } from "./smooth-knn-distances.ts";

/** A weighted graph as compressed sparse rows, columns ascending within a row. */
export interface SparseGraph {
  readonly size: number;
  /** Row `i` owns entries `offsets[i]` to `offsets[i + 1] - 1`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  /** Above 0, at most 1. */
  readonly weights: Float32Array;
}

export interface FuzzyGraphOptions {
  /** Nearest neighbours assumed fully connected; default 1. */
  readonly localConnectivity?: number | undefined;
  /** 1 joins the two directions of an edge by fuzzy union, 0 by intersection; between, a mix. Default 1. */
  readonly setOperationMixRatio?: number | undefined;
}

/**
 * The fuzzy simplicial set of the points: strengths of the directed k-NN edges, the two directions joined
 * (McInnes, Healy and Melville 2018, algorithms 1 and 2; umap-learn 0.5.3, `fuzzy_simplicial_set`).
 *
 * @param neighbors of the points among themselves, each point in its own row
 */
export function fuzzyGraph(neighbors: Neighbors, options: FuzzyGraphOptions = {}): SparseGraph {
  const { localConnectivity = 1, setOperationMixRatio = 1 } = options;
  const strengths = membershipStrengths(neighbors, smoothKnnDistances(neighbors, { localConnectivity }));
  for (let i = 0; i < strengths.length; i++) {
    if (neighbors.indices[i] === Math.floor(i / neighbors.k)) strengths[i] = 0;
  }
  const incoming = transposed(directedGraph(neighbors, strengths));
  return joined(transposed(incoming), incoming, setOperationMixRatio);
}

/**
 * How strongly each row belongs with each of its neighbours: 1 up to rho, then falling off on the scale of sigma.
 *
 * @returns rows x k, 0 to 1
 */
export function membershipStrengths(
  neighbors: Neighbors,
  { rhos, sigmas }: SmoothKnnDistances,
): Float32Array {
  const { rows, k, distances } = neighbors;
  const strengths = new Float32Array(rows * k);
  for (let i = 0; i < rows; i++) {
    for (let slot = i * k; slot < (i + 1) * k; slot++) {
      const excess = Math.fround(distances[slot]! - rhos[i]!);
      strengths[slot] = excess <= 0 || sigmas[i] === 0 ? 1 : portableExp(-excess / sigmas[i]!);
    }
  }
  return strengths;
}

function directedGraph({ rows, k, indices }: Neighbors, weights: Float32Array): SparseGraph {
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * k);
  return { size: rows, offsets, columns: indices, weights };
}

/** By counting sort, which also leaves the columns ascending. Drops entries of weight 0. */
function transposed({ size, offsets, columns, weights }: SparseGraph): SparseGraph {
  const starts = new Int32Array(size + 1);
  for (let e = 0; e < columns.length; e++) {
    if (weights[e]! > 0) starts[columns[e]! + 1]!++;
  }
  for (let i = 0; i < size; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const rows = new Int32Array(starts[size]!);
  const values = new Float32Array(starts[size]!);
  for (let i = 0; i < size; i++) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) {
      if (weights[e]! <= 0) continue;
      const slot = next[columns[e]!]!++;
      rows[slot] = i;
      values[slot] = weights[e]!;
    }
  }
  return { size, offsets: starts, columns: rows, weights: values };
}

/** Merges the sorted rows of both directions; a missing edge has strength 0. */
function joined(outgoing: SparseGraph, incoming: SparseGraph, mixRatio: number): SparseGraph {
  const { size } = outgoing;
  const offsets = new Int32Array(size + 1);
  const columns = new Int32Array(outgoing.columns.length + incoming.columns.length);
  const weights = new Float32Array(columns.length);
  let count = 0;
  for (let i = 0; i < size; i++) {
    let out = outgoing.offsets[i]!;
    let into = incoming.offsets[i]!;
    const outEnd = outgoing.offsets[i + 1]!;
    const intoEnd = incoming.offsets[i + 1]!;
    while (out < outEnd || into < intoEnd) {
      const outColumn = out < outEnd ? outgoing.columns[out]! : size;
      const intoColumn = into < intoEnd ? incoming.columns[into]! : size;
      const column = Math.min(outColumn, intoColumn);
      const there = outColumn === column ? outgoing.weights[out++]! : 0;
      const back = intoColumn === column ? incoming.weights[into++]! : 0;
      const both = there * back;
      const weight = Math.fround(mixRatio * (there + back - both) + (1 - mixRatio) * both);
      if (weight > 0) {
        columns[count] = column;
        weights[count++] = weight;
      }
    }
    offsets[i + 1] = count;
  }
  return { size, offsets, columns: columns.slice(0, count), weights: weights.slice(0, count) };
}
