import type { BoundedHeap } from "../math/bounded-heap.ts";
import type { Matrix } from "../math/matrix.ts";

const LEAF_SIZE = 12;
/** Deeper than any tree over 2^31 points, which halves them at every node. */
const STACK_SIZE = 64;

/**
 * A kd-tree (Bentley 1975; Friedman, Bentley and Finkel 1977) that splits at the median of the widest
 * dimension. Points lie in "positions", the order of the leaves; nodes are numbered in preorder, so the
 * left child of `node` is `node + 1`. Equal coordinates are ordered by point index: the tree depends on
 * nothing but the points, and halves even identical ones.
 */
export interface KdTree {
  readonly rows: number;
  readonly dims: number;
  /** Position -> index of the point. */
  readonly order: Int32Array;
  /** Coordinates in float64, row-major, positions x dims. */
  readonly coords: Float64Array;
  readonly nodeCount: number;
  /** First position of each node. */
  readonly starts: Int32Array;
  /** One past the last position of each node. */
  readonly ends: Int32Array;
  /** Right child of each node, 0 for a leaf. */
  readonly rights: Int32Array;
  /** Lower corner of each node's bounding box, row-major, nodes x dims. */
  readonly lower: Float64Array;
  /** Upper corner of each node's bounding box. */
  readonly upper: Float64Array;
  /** Lowest point index in each node. */
  readonly lowestIndex: Int32Array;
}

/** Nodes still to visit in a search with their squared distances; made once, used for many searches. */
export interface SearchStack {
  readonly nodes: Int32Array;
  readonly distances: Float64Array;
}

export function searchStack(): SearchStack {
  return { nodes: new Int32Array(STACK_SIZE), distances: new Float64Array(STACK_SIZE) };
}

/** @param points rows x dims, finite, at least one row; copied in float64 */
export function buildKdTree(points: Matrix): KdTree {
  const { rows, cols: dims } = points;
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const capacity = 4 * Math.ceil(rows / LEAF_SIZE) + 1;
  const tree = {
    rows,
    dims,
    order,
    coords: new Float64Array(rows * dims),
    nodeCount: 0,
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    rights: new Int32Array(capacity),
    lower: new Float64Array(capacity * dims),
    upper: new Float64Array(capacity * dims),
    lowestIndex: new Int32Array(capacity),
  };
  const addNode = (start: number, end: number): void => {
    const node = tree.nodeCount++;
    tree.starts[node] = start;
    tree.ends[node] = end;
    measureNode(tree, points.data, node);
    if (end - start <= LEAF_SIZE) return;
    const middle = (start + end) >> 1;
    partitionAt(order, points.data, dims, widestDimension(tree, node), start, end - 1, middle);
    addNode(start, middle);
    tree.rights[node] = tree.nodeCount;
    addNode(middle, end);
  };
  addNode(0, rows);
  for (let position = 0; position < rows; position++) {
    const source = order[position]! * dims;
    for (let j = 0; j < dims; j++) tree.coords[position * dims + j] = points.data[source + j]!;
  }
  return tree;
}

/** Bounding box and lowest index of a node, from the points themselves. */
function measureNode(tree: KdTree, data: Float32Array, node: number): void {
  const { dims, order, lower, upper } = tree;
  const box = node * dims;
  lower.fill(Number.POSITIVE_INFINITY, box, box + dims);
  upper.fill(Number.NEGATIVE_INFINITY, box, box + dims);
  let lowest = order[tree.starts[node]!]!;
  for (let position = tree.starts[node]!; position < tree.ends[node]!; position++) {
    const index = order[position]!;
    if (index < lowest) lowest = index;
    for (let j = 0; j < dims; j++) {
      const value = data[index * dims + j]!;
      if (value < lower[box + j]!) lower[box + j] = value;
      if (value > upper[box + j]!) upper[box + j] = value;
    }
  }
  tree.lowestIndex[node] = lowest;
}

function widestDimension(tree: KdTree, node: number): number {
  let widest = 0;
  let width = -1;
  for (let j = 0; j < tree.dims; j++) {
    const extent = tree.upper[node * tree.dims + j]! - tree.lower[node * tree.dims + j]!;
    if (extent > width) {
      width = extent;
      widest = j;
    }
  }
  return widest;
}

/** Hoare's selection: reorders `order[first..last]` so that position `middle` holds what sorting would put there. */
function partitionAt(
  order: Int32Array,
  data: Float32Array,
  dims: number,
  dimension: number,
  first: number,
  last: number,
  middle: number,
): void {
  let low = first;
  let high = last;
  while (low < high) {
    const pivotIndex = order[(low + high) >> 1]!;
    // Points without dimensions are all alike: 0 stands for the coordinate they lack.
    const pivot = data[pivotIndex * dims + dimension] ?? 0;
    let left = low;
    let right = high;
    while (left <= right) {
      while (isBefore(data[order[left]! * dims + dimension] ?? 0, order[left]!, pivot, pivotIndex)) left++;
      while (isBefore(pivot, pivotIndex, data[order[right]! * dims + dimension] ?? 0, order[right]!)) right--;
      if (left > right) break;
      const swapped = order[left]!;
      order[left++] = order[right]!;
      order[right--] = swapped;
    }
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else return;
  }
}

function isBefore(a: number, indexA: number, b: number, indexB: number): boolean {
  return a < b || (a === b && indexA < indexB);
}

/**
 * Squared distance from a point to the box of a node. Rounding is monotone and the terms are summed in the order
 * of `squaredDistance`, so it never exceeds the computed distance to a point within the box.
 */
export function squaredBoxDistance(tree: KdTree, node: number, coords: Float64Array, offset: number): number {
  const { dims, lower, upper } = tree;
  const box = node * dims;
  let sum = 0;
  for (let j = 0; j < dims; j++) {
    const value = coords[offset + j]!;
    let gap = lower[box + j]! - value;
    if (gap < 0) gap = value - upper[box + j]!;
    if (gap > 0) sum += gap * gap;
  }
  return sum;
}

/** Squared distance between the point at `offset` of `coords` and the point at a position of the tree. */
export function squaredDistance(
  tree: KdTree,
  position: number,
  coords: Float64Array,
  offset: number,
): number {
  const { dims } = tree;
  const start = position * dims;
  let sum = 0;
  for (let j = 0; j < dims; j++) {
    const difference = tree.coords[start + j]! - coords[offset + j]!;
    sum += difference * difference;
  }
  return sum;
}

/**
 * Fills `heap` (cleared first, left unsorted) with the squared distances and indices of the points nearest to the one
 * at `offset` of `coords`. Of equally distant points those of lower index win.
 */
export function findNearest(
  tree: KdTree,
  coords: Float64Array,
  offset: number,
  heap: BoundedHeap,
  stack: SearchStack,
): void {
  const { nodes, distances } = stack;
  heap.clear();
  nodes[0] = 0;
  distances[0] = squaredBoxDistance(tree, 0, coords, offset);
  let top = 1;
  while (top > 0) {
    const node = nodes[--top]!;
    const bound = heap.bound();
    const distance = distances[top]!;
    if (distance > bound || (distance === bound && tree.lowestIndex[node]! > heap.ids[0]!)) continue;
    const right = tree.rights[node]!;
    if (right === 0) {
      for (let position = tree.starts[node]!; position < tree.ends[node]!; position++) {
        heap.push(squaredDistance(tree, position, coords, offset), tree.order[position]!);
      }
      continue;
    }
    const left = node + 1;
    const leftDistance = squaredBoxDistance(tree, left, coords, offset);
    const rightDistance = squaredBoxDistance(tree, right, coords, offset);
    // The nearer child goes on top; of equally near ones that with the lowest index, which settles ties early.
    const leftFirst =
      leftDistance < rightDistance ||
      (leftDistance === rightDistance && tree.lowestIndex[left]! < tree.lowestIndex[right]!);
    nodes[top] = leftFirst ? right : left;
    distances[top++] = leftFirst ? rightDistance : leftDistance;
    nodes[top] = leftFirst ? left : right;
    distances[top++] = leftFirst ? leftDistance : rightDistance;
  }
}
