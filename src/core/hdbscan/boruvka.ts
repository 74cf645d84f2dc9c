import { DisjointSet } from "../math/disjoint-set.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import {
  type KdTree,
  type SearchStack,
  searchStack,
  squaredBoxDistance,
  squaredDistance,
} from "./kd-tree.ts";

const CHUNK = 512;

/** Edges of a minimum spanning tree in ascending order, points - 1 of them. */
export interface SpanningTree {
  /** The end with the lower point index. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Mutual reachability distance of the two ends. */
  readonly distances: Float64Array;
}

/**
 * The exact minimum spanning tree of the mutual reachability graph by Boruvka's algorithm on a kd-tree (March, Ram and
 * Gray 2010; McInnes and Healy 2017, section IV.B). The mutual reachability distance of two points is the largest of
 * their distance and their core distances (Campello, Moulavi and Sander 2013, definition 3.3).
 *
 * All edges within a core distance weigh the same, so ties are the rule: of equally heavy edges the one between the
 * nearer points counts as lighter. On points without equal distances this makes the tree unique, whatever their order.
 *
 * @param squaredCore squared core distances by position
 * @param progressStart fraction of the whole work that is done already
 */
export async function boruvkaSpanningTree(
  tree: KdTree,
  squaredCore: Float64Array,
  pacer: WorkPacer,
  progressStart: number,
): Promise<SpanningTree> {
  const forest = new BoruvkaForest(tree, squaredCore);
  while (forest.edgeCount < tree.rows - 1) {
    const done = 1 - Math.log(tree.rows - forest.edgeCount) / Math.log(tree.rows);
    forest.beginRound();
    for (let start = 0; start < tree.rows; start += CHUNK) {
      await pacer.pause(progressStart + (1 - progressStart) * done);
      forest.searchFrom(start, Math.min(start + CHUNK, tree.rows));
    }
    forest.joinComponents();
  }
  return forest.sortedEdges();
}

/** The forest that Boruvka's rounds grow to a tree. Points go by position, distances are squared. */
class BoruvkaForest {
  edgeCount = 0;
  private readonly tree: KdTree;
  private readonly core: Float64Array;
  private readonly stack: SearchStack = searchStack();
  private readonly sets: DisjointSet;
  /** Root of each point's component, as of the round's begin. */
  private readonly component: Int32Array;
  /** The component of all points in a node, -1 where they differ. */
  private readonly nodeComponent: Int32Array;
  /** Smallest core distance in each node. */
  private readonly nodeCore: Float64Array;
  /** What the lightest edge of a point out of its component weighs at least: never falls, as components only grow. */
  private readonly leastWeight: Float64Array;
  private readonly leastLength: Float64Array;
  /** The other end of that edge where it is known, else -1. */
  private readonly neighbor: Int32Array;
  /** The lightest edge out of each component that was found this round, by root. */
  private readonly bestWeight: Float64Array;
  private readonly bestLength: Float64Array;
  private readonly bestFrom: Int32Array;
  private readonly bestTo: Int32Array;
  private readonly edgeFrom: Int32Array;
  private readonly edgeTo: Int32Array;
  private readonly edgeWeight: Float64Array;
  private readonly edgeLength: Float64Array;

  constructor(tree: KdTree, squaredCore: Float64Array) {
    const { rows } = tree;
    this.tree = tree;
    this.core = squaredCore;
    this.sets = new DisjointSet(rows);
    this.component = new Int32Array(rows);
    this.nodeComponent = new Int32Array(tree.nodeCount);
    this.nodeCore = nodeMinima(tree, squaredCore);
    this.leastWeight = squaredCore.slice();
    this.leastLength = new Float64Array(rows);
    this.neighbor = new Int32Array(rows).fill(-1);
    this.bestWeight = new Float64Array(rows);
    this.bestLength = new Float64Array(rows);
    this.bestFrom = new Int32Array(rows);
    this.bestTo = new Int32Array(rows);
    const edges = Math.max(0, rows - 1);
    this.edgeFrom = new Int32Array(edges);
    this.edgeTo = new Int32Array(edges);
    this.edgeWeight = new Float64Array(edges);
    this.edgeLength = new Float64Array(edges);
  }

  /** Starts from the edges of earlier rounds that still lead out of their component. */
  beginRound(): void {
    const { component, neighbor } = this;
    for (let point = 0; point < component.length; point++) component[point] = this.sets.find(point);
    this.markNodes();
    this.bestWeight.fill(Number.POSITIVE_INFINITY);
    this.bestLength.fill(Number.POSITIVE_INFINITY);
    this.bestTo.fill(-1);
    for (let point = 0; point < component.length; point++) {
      const other = neighbor[point]!;
      if (other === -1) continue;
      if (component[other] === component[point]) {
        neighbor[point] = -1;
      } else if (this.mayImprove(point)) {
        this.keepBest(point);
      }
    }
  }

  /** Searches for each point whose lightest edge is not known, unless it must be too heavy to matter. */
  searchFrom(start: number, end: number): void {
    for (let point = start; point < end; point++) {
      if (this.neighbor[point] === -1 && this.mayImprove(point)) this.search(point);
    }
  }

  /** Joins each component with the one its lightest edge leads to. */
  joinComponents(): void {
    const { sets, component, bestTo, bestFrom } = this;
    for (let root = 0; root < component.length; root++) {
      if (component[root] !== root || bestTo[root] === -1) continue;
      const from = sets.find(bestFrom[root]!);
      const to = sets.find(bestTo[root]!);
      // Equally heavy and long edges could close a ring: the last of them is dropped.
      if (from === to) continue;
      sets.union(from, to);
      const a = this.tree.order[bestFrom[root]!]!;
      const b = this.tree.order[bestTo[root]!]!;
      this.edgeFrom[this.edgeCount] = Math.min(a, b);
      this.edgeTo[this.edgeCount] = Math.max(a, b);
      this.edgeWeight[this.edgeCount] = this.bestWeight[root]!;
      this.edgeLength[this.edgeCount++] = this.bestLength[root]!;
    }
  }

  /** By weight, then length, then the ends. */
  sortedEdges(): SpanningTree {
    const { edgeWeight, edgeLength, edgeFrom, edgeTo } = this;
    const order = Int32Array.from(edgeWeight, (_, i) => i).sort(
      (a, b) =>
        edgeWeight[a]! - edgeWeight[b]! ||
        edgeLength[a]! - edgeLength[b]! ||
        edgeFrom[a]! - edgeFrom[b]! ||
        edgeTo[a]! - edgeTo[b]!,
    );
    return {
      from: order.map((edge) => edgeFrom[edge]!),
      to: order.map((edge) => edgeTo[edge]!),
      distances: Float64Array.from(order, (edge) => Math.sqrt(edgeWeight[edge]!)),
    };
  }

  private mayImprove(point: number): boolean {
    const root = this.component[point]!;
    const weight = this.leastWeight[point]!;
    const best = this.bestWeight[root]!;
    return weight < best || (weight === best && this.leastLength[point]! < this.bestLength[root]!);
  }

  private keepBest(point: number): void {
    const root = this.component[point]!;
    this.bestWeight[root] = this.leastWeight[point]!;
    this.bestLength[root] = this.leastLength[point]!;
    this.bestFrom[root] = point;
    this.bestTo[root] = this.neighbor[point]!;
  }

  /** Children come after their parent, so one pass backwards sees them first. */
  private markNodes(): void {
    const { tree, component, nodeComponent } = this;
    for (let node = tree.nodeCount - 1; node >= 0; node--) {
      const right = tree.rights[node]!;
      if (right !== 0) {
        nodeComponent[node] = nodeComponent[node + 1] === nodeComponent[right] ? nodeComponent[right]! : -1;
        continue;
      }
      let common = component[tree.starts[node]!]!;
      for (let point = tree.starts[node]! + 1; point < tree.ends[node]!; point++) {
        if (component[point] !== common) common = -1;
      }
      nodeComponent[node] = common;
    }
  }

  /** The lightest edge of `point` out of its component that is lighter than the component's best so far. */
  private search(point: number): void {
    const { tree, core, component, nodeComponent, nodeCore } = this;
    const { nodes, distances } = this.stack;
    const own = component[point]!;
    const ownCore = core[point]!;
    const offset = point * tree.dims;
    let weight = this.bestWeight[own]!;
    let length = this.bestLength[own]!;
    nodes[0] = 0;
    distances[0] = 0;
    let top = 1;
    while (top > 0) {
      const node = nodes[--top]!;
      const distance = distances[top]!;
      const floor = largest(distance, ownCore, nodeCore[node]!);
      if (floor > weight || (floor === weight && distance >= length)) continue;
      const right = tree.rights[node]!;
      if (right === 0) {
        for (let other = tree.starts[node]!; other < tree.ends[node]!; other++) {
          if (component[other] === own || core[other]! > weight) continue;
          const otherLength = squaredDistance(tree, other, tree.coords, offset);
          const otherWeight = largest(otherLength, ownCore, core[other]!);
          if (otherWeight < weight || (otherWeight === weight && otherLength < length)) {
            weight = otherWeight;
            length = otherLength;
            this.neighbor[point] = other;
          }
        }
        continue;
      }
      const left = node + 1;
      const leftDistance = squaredBoxDistance(tree, left, tree.coords, offset);
      const rightDistance = squaredBoxDistance(tree, right, tree.coords, offset);
      const leftFirst = leftDistance <= rightDistance;
      const far = leftFirst ? right : left;
      const near = leftFirst ? left : right;
      if (nodeComponent[far] !== own) {
        nodes[top] = far;
        distances[top++] = leftFirst ? rightDistance : leftDistance;
      }
      if (nodeComponent[near] !== own) {
        nodes[top] = near;
        distances[top++] = leftFirst ? leftDistance : rightDistance;
      }
    }
    // Whether found or not: no edge of this point is lighter than what the search ended with.
    this.leastWeight[point] = weight;
    this.leastLength[point] = length;
    if (this.neighbor[point] !== -1) this.keepBest(point);
  }
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

function largest(a: number, b: number, c: number): number {
  return Math.max(Math.max(a, b), c);
}
