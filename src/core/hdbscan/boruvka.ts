import { DisjointSet } from "../math/disjoint-set.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { CoreDistances } from "./core-distances.ts";
import { ForeignNeighbors } from "./foreign-neighbors.ts";
import { type KdTree, squaredDistance } from "./kd-tree.ts";
import { LightestEdges } from "./lightest-edges.ts";

/** Points searched from between two pauses. */
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
 * @param progressStart fraction of the whole work that is done already
 */
export async function boruvkaSpanningTree(
  tree: KdTree,
  coreDistances: CoreDistances,
  pacer: WorkPacer,
  progressStart: number,
): Promise<SpanningTree> {
  const forest = new BoruvkaForest(tree, coreDistances.squared);
  const search = new ForeignNeighbors(tree, coreDistances.squared, forest.lightest);
  const chunks = nodesOfSize(tree, CHUNK);
  const none = new Uint8Array(tree.rows);
  let settled = forest.connectNeighbors(coreDistances);
  while (forest.edgeCount < tree.rows - 1) {
    const done = 1 - Math.log(tree.rows - forest.edgeCount) / Math.log(tree.rows);
    search.beginRound(forest.component, settled);
    for (const chunk of chunks) {
      await pacer.pause(progressStart + (1 - progressStart) * done);
      search.searchFrom(chunk);
    }
    forest.joinComponents();
    forest.offerNeighbors(coreDistances);
    settled = none;
  }
  return forest.sortedEdges();
}

/** The forest that Boruvka's rounds grow to a tree. Points go by position, distances are squared. */
class BoruvkaForest {
  edgeCount = 0;
  /** The lightest edge out of each component. */
  readonly lightest: LightestEdges;
  /** Root of each point's component, as of the round's begin. */
  readonly component: Int32Array;
  private readonly tree: KdTree;
  private readonly core: Float64Array;
  private readonly sets: DisjointSet;
  private readonly edgeFrom: Int32Array;
  private readonly edgeTo: Int32Array;
  private readonly edgeWeight: Float64Array;
  private readonly edgeLength: Float64Array;

  constructor(tree: KdTree, core: Float64Array) {
    const { rows } = tree;
    this.tree = tree;
    this.core = core;
    this.lightest = new LightestEdges(rows);
    this.lightest.clear();
    this.component = Int32Array.from({ length: rows }, (_, point) => point);
    this.sets = new DisjointSet(rows);
    const edges = Math.max(0, rows - 1);
    this.edgeFrom = new Int32Array(edges);
    this.edgeTo = new Int32Array(edges);
    this.edgeWeight = new Float64Array(edges);
    this.edgeLength = new Float64Array(edges);
  }

  /**
   * The first round, as far as the nearest neighbours know: an edge to a neighbour that is no sparser weighs as little as
   * any edge of the point can, its core distance, and all points that near are among the neighbours.
   *
   * @returns 1 for each point whose lightest edge that is
   */
  connectNeighbors({ neighbors, width }: CoreDistances): Uint8Array {
    const { tree, core, lightest } = this;
    const settled = new Uint8Array(tree.rows);
    for (let point = 0; point < tree.rows; point++) {
      const ownCore = core[point]!;
      for (let i = point * width; i < (point + 1) * width; i++) {
        const other = neighbors[i]!;
        const length = squaredDistance(tree, other, tree.coords, point * tree.dims);
        lightest.offer(point, Math.max(ownCore, core[other]!), length, point, other);
        if (core[other]! <= ownCore) settled[point] = 1;
      }
    }
    return settled;
  }

  /** Edges to near neighbours in other components: not always the lightest, but they spare the search much. */
  offerNeighbors({ neighbors, width }: CoreDistances): void {
    const { tree, core, lightest, component } = this;
    for (let point = 0; point < tree.rows; point++) {
      const own = component[point]!;
      for (let i = point * width; i < (point + 1) * width; i++) {
        const other = neighbors[i]!;
        if (component[other] === own) continue;
        const length = squaredDistance(tree, other, tree.coords, point * tree.dims);
        const weight = Math.max(length, core[point]!, core[other]!);
        lightest.offer(own, weight, length, point, other);
        lightest.offer(component[other]!, weight, length, other, point);
      }
    }
  }

  /** Joins each component with the one its lightest edge leads to, and begins a new round. */
  joinComponents(): void {
    const { sets, component, lightest, tree } = this;
    for (let root = 0; root < component.length; root++) {
      if (component[root] !== root || lightest.to[root] === -1) continue;
      const from = lightest.from[root]!;
      const to = lightest.to[root]!;
      const [fromRoot, toRoot] = [sets.find(from), sets.find(to)];
      // Equally heavy and long edges could close a ring: the last of them is dropped.
      if (fromRoot === toRoot) continue;
      sets.union(fromRoot, toRoot);
      const a = tree.order[from]!;
      const b = tree.order[to]!;
      this.edgeFrom[this.edgeCount] = Math.min(a, b);
      this.edgeTo[this.edgeCount] = Math.max(a, b);
      this.edgeWeight[this.edgeCount] = lightest.weight[root]!;
      this.edgeLength[this.edgeCount++] = lightest.length[root]!;
    }
    for (let point = 0; point < component.length; point++) component[point] = sets.find(point);
    lightest.clear();
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
}

/** Nodes of at most `size` points that hold each point once, in the order of the tree. */
function nodesOfSize(tree: KdTree, size: number): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < tree.nodeCount; ) {
    const isSmall = tree.rights[node] === 0 || tree.ends[node]! - tree.starts[node]! <= size;
    if (isSmall) nodes.push(node);
    node = isSmall ? afterSubtree(tree, node) : node + 1;
  }
  return nodes;
}

/** The number after those of the nodes below `node`. */
function afterSubtree(tree: KdTree, node: number): number {
  let last = node;
  while (tree.rights[last] !== 0) last = tree.rights[last]!;
  return last + 1;
}
