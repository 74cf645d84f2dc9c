import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { BlockOperator } from "./block-operator.ts";
import { type ConnectedComponents, connectedComponents } from "./connected-components.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import { GUARD_VECTORS, leadingEigenvectors } from "./leading-eigenvectors.ts";
import { sparseOperator } from "./sparse-operator.ts";

/** A start need not be exact: closer eigenvectors cost twice the time and change nothing in the quality of layouts. */
const TOLERANCE = 0.01;

/** Eigenvectors that are still further off than this after all iterations are not worth starting from. */
const ACCEPTED_RESIDUAL = 0.02;

/**
 * Places vertices by the first non-trivial eigenvectors of the graph's normalised Laplacian (McInnes, Healy and
 * Melville 2018, algorithm 4; umap-learn 0.5.3, `spectral_layout`). Connected components are laid out one
 * by one and set apart; where there are more than two a dimension, on a grid (the reference embeds their
 * centroids instead).
 *
 * @returns size x dimensions, row-major; undefined when the eigenvectors do not converge
 */
export async function spectralInit(
  graph: SparseGraph,
  dimensions: number,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Float64Array | undefined> {
  const components = connectedComponents(graph);
  if (components.count === 1) return componentLayout(graph, dimensions, rng, pacer);
  const { centres, radius } = componentCentres(components.count, dimensions);
  const layout = new Float64Array(graph.size * dimensions);
  const members = membersByComponent(components);
  const positions = positionsOf(members, graph.size);
  let placed = 0;
  for (let c = 0; c < components.count; c++) {
    const part = pacer.part(placed / graph.size, (placed + members[c]!.length) / graph.size);
    const own = await componentLayout(subgraph(graph, members[c]!, positions), dimensions, rng, part);
    if (own === undefined) return undefined;
    const extent = own.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const scale = extent > 0 ? radius / extent : 0;
    members[c]!.forEach((vertex, i) => {
      for (let d = 0; d < dimensions; d++) {
        layout[vertex * dimensions + d] = centres[c * dimensions + d]! + scale * own[i * dimensions + d]!;
      }
    });
    placed += members[c]!.length;
  }
  return layout;
}

/** A connected graph's eigenvectors; random places where it has too few vertices for that. */
async function componentLayout(
  graph: SparseGraph,
  dimensions: number,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Float64Array | undefined> {
  if (graph.size <= dimensions + 1) {
    return Float64Array.from({ length: graph.size * dimensions }, () => 2 * rng.uniform() - 1);
  }
  const operator = laplacianOperator(graph, dimensions + GUARD_VECTORS);
  const { vectors, residual } = await leadingEigenvectors(operator, dimensions, {
    rng,
    pacer,
    tolerance: TOLERANCE,
  });
  return residual <= ACCEPTED_RESIDUAL ? Float64Array.from(vectors) : undefined;
}

/**
 * D^-1/2 W D^-1/2, which is 1 minus the normalised Laplacian, so that its largest eigenvalues are wanted; the trivial
 * eigenvector D^1/2 1 is known.
 */
function laplacianOperator({ size, offsets, columns, weights }: SparseGraph, vectors: number): BlockOperator {
  const roots = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    let degree = 0;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) degree += weights[e]!;
    roots[i] = Math.sqrt(degree);
    total += degree;
  }
  const scaled = new Float32Array(weights.length);
  for (let i = 0; i < size; i++) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++)
      scaled[e] = weights[e]! / (roots[i]! * roots[columns[e]!]!);
  }
  const known = Float32Array.from(roots, (root) => root / Math.sqrt(total));
  return sparseOperator({ size, offsets, columns, weights: scaled }, { vectors, lowerBound: -1, known });
}

/** Where components go, and how far each may reach without touching the next. */
function componentCentres(count: number, dimensions: number): { centres: Float64Array; radius: number } {
  const centres = new Float64Array(count * dimensions);
  if (count <= 2 * dimensions) {
    const half = Math.ceil(count / 2);
    for (let c = 0; c < count; c++) centres[c * dimensions + (c % half)] = c < half ? 1 : -1;
    return { centres, radius: Math.SQRT1_2 };
  }
  let side = 1;
  while (side ** dimensions < count) side++;
  for (let c = 0; c < count; c++) {
    let rest = c;
    for (let d = 0; d < dimensions; d++) {
      centres[c * dimensions + d] = rest % side;
      rest = Math.floor(rest / side);
    }
  }
  return { centres, radius: 0.5 };
}

/** The vertices of each component, ascending. */
function membersByComponent({ count, labels }: ConnectedComponents): Int32Array[] {
  const sizes = new Int32Array(count);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]!]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  for (let i = 0; i < labels.length; i++) members[labels[i]!]![sizes[labels[i]!]!++] = i;
  return members;
}

/** Where each vertex stands among the members of its component. */
function positionsOf(members: readonly Int32Array[], size: number): Int32Array {
  const positions = new Int32Array(size);
  for (const vertices of members) {
    for (let i = 0; i < vertices.length; i++) positions[vertices[i]!] = i;
  }
  return positions;
}

/** @param members all vertices of a component, ascending */
function subgraph(graph: SparseGraph, members: Int32Array, positions: Int32Array): SparseGraph {
  const offsets = new Int32Array(members.length + 1);
  for (let i = 0; i < members.length; i++) {
    const vertex = members[i]!;
    offsets[i + 1] = offsets[i]! + graph.offsets[vertex + 1]! - graph.offsets[vertex]!;
  }
  const columns = new Int32Array(offsets[members.length]!);
  const weights = new Float32Array(columns.length);
  for (let i = 0; i < members.length; i++) {
    const start = graph.offsets[members[i]!]!;
    const end = graph.offsets[members[i]! + 1]!;
    weights.set(graph.weights.subarray(start, end), offsets[i]);
    for (let e = start; e < end; e++) columns[offsets[i]! + e - start] = positions[graph.columns[e]!]!;
  }
  return { size: members.length, offsets, columns, weights };
}
