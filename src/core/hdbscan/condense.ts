import type { SingleLinkageTree } from "./single-linkage.ts";

/**
 * The hierarchy of clusters, one row for each point or cluster that leaves a cluster. Nodes below `points` are the
 * points; `points` is the root; clusters further down have higher numbers than those they come from.
 */
export interface CondensedTree {
  /** Number of points. */
  readonly points: number;
  /** Clusters, the root included. */
  readonly clusters: number;
  /** The cluster that `child` leaves. */
  readonly parent: Int32Array;
  readonly child: Int32Array;
  /** 1 / distance at which it leaves; Infinity where the distance is 0. */
  readonly lambda: Float64Array;
  /** Points of `child`, 1 for a point. */
  readonly size: Int32Array;
}

/**
 * Walks down the dendrogram and keeps only the splits into two clusters of at least `minClusterSize` points; smaller
 * parts fall out as points (Campello, Moulavi and Sander 2013, section 3.3; McInnes and Healy 2017, section III.D).
 * Deviation from hdbscan 0.8.43: points at one and the same place are never split among clusters.
 *
 * @param points number of points, that of the tree's rows plus 1 (or 0)
 */
export function condenseTree(tree: SingleLinkageTree, points: number, minClusterSize: number): CondensedTree {
  return points < 2 ? emptyTree(points) : new Condenser(tree, points, minClusterSize).run();
}

function emptyTree(points: number): CondensedTree {
  const none = new Int32Array(0);
  return { points, clusters: 1, parent: none, child: none, lambda: new Float64Array(0), size: none };
}

class Condenser {
  private readonly tree: SingleLinkageTree;
  private readonly points: number;
  private readonly minClusterSize: number;
  private readonly parent: Int32Array;
  private readonly child: Int32Array;
  private readonly lambda: Float64Array;
  private readonly size: Int32Array;
  private readonly stack: Int32Array;
  private rows = 0;
  private clusters = 1;

  constructor(tree: SingleLinkageTree, points: number, minClusterSize: number) {
    // Every point leaves once, every cluster but the root once, and each of these has at least 2 points.
    const capacity = 2 * points;
    this.tree = tree;
    this.points = points;
    this.minClusterSize = minClusterSize;
    this.parent = new Int32Array(capacity);
    this.child = new Int32Array(capacity);
    this.lambda = new Float64Array(capacity);
    this.size = new Int32Array(capacity);
    this.stack = new Int32Array(points);
  }

  run(): CondensedTree {
    const { tree, points, minClusterSize } = this;
    const queue = new Int32Array(points);
    const clusterOf = new Int32Array(2 * points - 1);
    queue[0] = 2 * points - 2;
    clusterOf[queue[0]] = points;
    for (let head = 0, tail = 1; head < tail; head++) {
      const node = queue[head]!;
      const cluster = clusterOf[node]!;
      const distance = tree.distance[node - points]!;
      const lambda = 1 / distance;
      const left = tree.left[node - points]!;
      const right = tree.right[node - points]!;
      const leftStays = distance > 0 && this.sizeOf(left) >= minClusterSize;
      const rightStays = distance > 0 && this.sizeOf(right) >= minClusterSize;
      const splits = leftStays && rightStays;
      if (leftStays) {
        clusterOf[left] = splits ? this.addCluster(cluster, left, lambda) : cluster;
        queue[tail++] = left;
      } else {
        this.dropPoints(cluster, left, lambda);
      }
      if (rightStays) {
        clusterOf[right] = splits ? this.addCluster(cluster, right, lambda) : cluster;
        queue[tail++] = right;
      } else {
        this.dropPoints(cluster, right, lambda);
      }
    }
    return {
      points,
      clusters: this.clusters,
      parent: this.parent.slice(0, this.rows),
      child: this.child.slice(0, this.rows),
      lambda: this.lambda.slice(0, this.rows),
      size: this.size.slice(0, this.rows),
    };
  }

  private sizeOf(node: number): number {
    return node < this.points ? 1 : this.tree.size[node - this.points]!;
  }

  private addCluster(parent: number, node: number, lambda: number): number {
    const cluster = this.points + this.clusters++;
    this.addRow(parent, cluster, lambda, this.sizeOf(node));
    return cluster;
  }

  /** A row for each point below `node`. */
  private dropPoints(cluster: number, node: number, lambda: number): void {
    const { tree, points, stack } = this;
    stack[0] = node;
    for (let top = 1; top > 0; ) {
      const next = stack[--top]!;
      if (next < points) {
        this.addRow(cluster, next, lambda, 1);
      } else {
        stack[top++] = tree.right[next - points]!;
        stack[top++] = tree.left[next - points]!;
      }
    }
  }

  private addRow(parent: number, child: number, lambda: number, size: number): void {
    this.parent[this.rows] = parent;
    this.child[this.rows] = child;
    this.lambda[this.rows] = lambda;
    this.size[this.rows++] = size;
  }
}
