import type { Neighbors } from "../neighbors/neighbors.ts";
import { type FuzzyGraphOptions, fuzzyGraph, type SparseGraph } from "./fuzzy-graph.ts";

/** Fuzzy graphs that several layouts of the same neighbours share. A graph is kept as long as its neighbours are. */
export class FuzzyGraphs {
  private readonly known = new WeakMap<Neighbors, Map<string, SparseGraph>>();

  /** The graph of these very neighbours, made when first asked for. */
  of(neighbors: Neighbors, { localConnectivity, setOperationMixRatio }: FuzzyGraphOptions): SparseGraph {
    const graphs = this.known.get(neighbors) ?? new Map<string, SparseGraph>();
    this.known.set(neighbors, graphs);
    const name = `${localConnectivity} ${setOperationMixRatio}`;
    const graph = graphs.get(name) ?? fuzzyGraph(neighbors, { localConnectivity, setOperationMixRatio });
    graphs.set(name, graph);
    return graph;
  }
}
