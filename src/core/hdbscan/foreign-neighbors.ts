import { type KdTree, squaredBoxDistance, squaredDistance } from "./kd-tree.ts";
import type { LightestEdges } from "./lightest-edges.ts";

/** Two entries a level of each of the two trees at most, and no tree has 64 levels. */
const STACK_SIZE = 256;

/**
 * Finds the lightest edges out of all components at once, by a walk over pairs of nodes of the tree (dual-tree Boruvka:
 * March, Ram and Gray 2010, section 4). A pair is passed over where both nodes lie in one component, or where every edge
 * between them is heavier than what the components of the first node have already.
 */
export class ForeignNeighbors {
  private readonly tree: KdTree;
  private readonly core: Float64Array;
  private readonly edges: LightestEdges;
  /** Smallest core distance in each node. */
  private readonly nodeCore: Float64Array;
  /** The component of all points in a node, -1 where they differ. */
  private readonly nodeComponent: Int32Array;
  /** What the edges of the components in a node weigh at most. */
  private readonly nodeWeight: Float64Array;
  private readonly parents: Int32Array;
  private component: Int32Array = new Int32Array(0);
  private settled: Uint8Array = new Uint8Array(0);
  private readonly queries: Int32Array = new Int32Array(STACK_SIZE);
  private readonly references: Int32Array = new Int32Array(STACK_SIZE);
  private readonly distances: Float64Array = new Float64Array(STACK_SIZE);
  private top = 0;

  /**
   * @param core squared core distances by position
   * @param edges what is known and found
   */
  constructor(tree: KdTree, core: Float64Array, edges: LightestEdges) {
    this.tree = tree;
    this.core = core;
    this.edges = edges;
    this.nodeCore = nodeMinima(tree, core);
    this.nodeComponent = new Int32Array(tree.nodeCount);
    this.nodeWeight = new Float64Array(tree.nodeCount);
    this.parents = nodeParents(tree);
  }

  /**
   * @param component root of each point's component
   * @param settled 1 for points whose lightest edge is known
   */
  beginRound(component: Int32Array, settled: Uint8Array): void {
    this.component = component;
    this.settled = settled;
    const { tree, nodeComponent, nodeWeight } = this;
    // Children come after their parent, so one pass backwards sees them first.
    for (let node = tree.nodeCount - 1; node >= 0; node--) {
      const right = tree.rights[node]!;
      if (right === 0) {
        this.beginLeaf(node);
        continue;
      }
      nodeComponent[node] = nodeComponent[node + 1] === nodeComponent[right] ? nodeComponent[right]! : -1;
      nodeWeight[node] = Math.max(nodeWeight[node + 1]!, nodeWeight[right]!);
    }
  }

  /** Improves the edges of all components that have points in `node`. */
  searchFrom(node: number): void {
    const { tree, queries, references, distances } = this;
    const { rights, starts, ends } = tree;
    queries[0] = node;
    references[0] = 0;
    distances[0] = 0;
    for (this.top = 1; this.top > 0; ) {
      const query = queries[--this.top]!;
      const reference = references[this.top]!;
      if (this.isTooHeavy(query, reference, distances[this.top]!)) continue;
      const queryRight = rights[query]!;
      const referenceRight = rights[reference]!;
      if (queryRight === 0 && referenceRight === 0) {
        this.searchLeaves(query, reference);
        this.lowerWeights(query);
      } else if (
        referenceRight === 0 ||
        (queryRight !== 0 && ends[query]! - starts[query]! > ends[reference]! - starts[reference]!)
      ) {
        this.pushNearerLast(query + 1, reference, queryRight, reference);
      } else {
        this.pushNearerLast(query, reference + 1, query, referenceRight);
      }
    }
  }

  /** Of two pairs of nodes the nearer goes on top of the stack. */
  private pushNearerLast(queryA: number, referenceA: number, queryB: number, referenceB: number): void {
    const distanceA = squaredBoxesDistance(this.tree, queryA, referenceA);
    const distanceB = squaredBoxesDistance(this.tree, queryB, referenceB);
    if (distanceA <= distanceB) {
      this.push(queryB, referenceB, distanceB);
      this.push(queryA, referenceA, distanceA);
    } else {
      this.push(queryA, referenceA, distanceA);
      this.push(queryB, referenceB, distanceB);
    }
  }

  private push(query: number, reference: number, distance: number): void {
    this.queries[this.top] = query;
    this.references[this.top] = reference;
    this.distances[this.top++] = distance;
  }

  private beginLeaf(node: number): void {
    const { tree, component } = this;
    let common = component[tree.starts[node]!]!;
    for (let point = tree.starts[node]! + 1; point < tree.ends[node]!; point++) {
      if (component[point] !== common) common = -1;
    }
    this.nodeComponent[node] = common;
    this.nodeWeight[node] = this.heaviest(node);
  }

  /** Whether no edge between the nodes can be lighter than what the first one's components have. */
  private isTooHeavy(query: number, reference: number, distance: number): boolean {
    const { nodeComponent, nodeCore, edges } = this;
    const own = nodeComponent[query]!;
    const floor = Math.max(distance, nodeCore[query]!, nodeCore[reference]!);
    if (floor > this.nodeWeight[query]!) return true;
    if (own === -1) return false;
    if (own === nodeComponent[reference]) return true;
    const weight = edges.weight[own]!;
    return floor > weight || (floor === weight && distance >= edges.length[own]!);
  }

  /** After the edges of a leaf's components have become lighter. */
  private lowerWeights(leaf: number): void {
    const { nodeWeight, parents, tree } = this;
    let weight = this.heaviest(leaf);
    for (let node = leaf; weight < nodeWeight[node]!; ) {
      nodeWeight[node] = weight;
      if (node === 0) return;
      node = parents[node]!;
      weight = Math.max(nodeWeight[node + 1]!, nodeWeight[tree.rights[node]!]!);
    }
  }

  private heaviest(leaf: number): number {
    const { tree, component, settled, edges } = this;
    let weight = Number.NEGATIVE_INFINITY;
    for (let point = tree.starts[leaf]!; point < tree.ends[leaf]!; point++) {
      const own = edges.weight[component[point]!]!;
      if (settled[point] === 0 && own > weight) weight = own;
    }
    return weight;
  }

  private searchLeaves(query: number, reference: number): void {
    const { tree, core, component, settled, edges } = this;
    const only = this.nodeComponent[reference]!;
    const leastCore = this.nodeCore[reference]!;
    for (let point = tree.starts[query]!; point < tree.ends[query]!; point++) {
      const own = component[point]!;
      if (own === only || settled[point] === 1) continue;
      const ownCore = Math.max(core[point]!, leastCore);
      const weight = edges.weight[own]!;
      if (ownCore > weight) continue;
      const distance = squaredBoxDistance(tree, reference, tree.coords, point * tree.dims);
      if (distance > weight || (distance >= edges.length[own]! && ownCore >= weight)) continue;
      this.searchPoint(point, reference);
    }
  }

  private searchPoint(point: number, reference: number): void {
    const { tree, core, component, edges } = this;
    const own = component[point]!;
    const ownCore = core[point]!;
    const offset = point * tree.dims;
    const end = tree.ends[reference]!;
    let weight = edges.weight[own]!;
    for (let other = tree.starts[reference]!; other < end; other++) {
      const otherCore = core[other]!;
      if (otherCore > weight || component[other] === own) continue;
      const length = squaredDistance(tree, other, tree.coords, offset);
      const heavy = Math.max(length, ownCore, otherCore);
      if (heavy > weight) continue;
      edges.offer(own, heavy, length, point, other);
      // It leads out of the other component as well.
      edges.offer(component[other]!, heavy, length, other, point);
      weight = edges.weight[own]!;
    }
  }
}

/**
 * Squared distance between the boxes of two nodes: never more than the computed one between points within them, as
 * rounding is monotone.
 */
function squaredBoxesDistance(tree: KdTree, a: number, b: number): number {
  const { dims, lower, upper } = tree;
  let sum = 0;
  for (let j = 0, boxA = a * dims, boxB = b * dims; j < dims; j++, boxA++, boxB++) {
    let gap = lower[boxA]! - upper[boxB]!;
    if (gap < 0) gap = lower[boxB]! - upper[boxA]!;
    if (gap > 0) sum += gap * gap;
  }
  return sum;
}

/** The node each one is a child of, 0 for the root. */
function nodeParents(tree: KdTree): Int32Array {
  const parents = new Int32Array(tree.nodeCount);
  for (let node = 0; node < tree.nodeCount; node++) {
    const right = tree.rights[node]!;
    if (right === 0) continue;
    parents[node + 1] = node;
    parents[right] = node;
  }
  return parents;
}

function nodeMinima(tree: KdTree, values: Float64Array): Float64Array {
  const minima = new Float64Array(tree.nodeCount);
  for (let node = tree.nodeCount - 1; node >= 0; node--) {
    const right = tree.rights[node]!;
    if (right !== 0) {
      minima[node] = Math.min(minima[node + 1]!, minima[right]!);
      continue;
    }
    let least = Number.POSITIVE_INFINITY;
    for (let point = tree.starts[node]!; point < tree.ends[node]!; point++)
      least = Math.min(least, values[point]!);
    minima[node] = least;
  }
  return minima;
}
