import { BoundedHeap } from "../math/bounded-heap.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { findNearest, type KdTree, searchStack } from "./kd-tree.ts";

const CHUNK = 512;
/** Neighbours that are kept at most over all points: 128 MB. */
const MOST_NEIGHBORS = 2 ** 25;

/** By position in the tree; distances are squared. */
export interface CoreDistances {
  /** To the `minSamples`-th neighbour, the point itself not counted. */
  readonly squared: Float64Array;
  /** To the neighbour before that; 0 where `minSamples` is 1. */
  readonly squaredInner: Float64Array;
  /** Positions of the `width` nearest other points of each, in no order, row-major. */
  readonly neighbors: Int32Array;
  /** `minSamples`, or 0 where so many would take too much memory. */
  readonly width: number;
}

/**
 * Core distances (Campello, Moulavi and Sander 2013, definition 3.1). The paper counts a point as its own first neighbour,
 * hdbscan 0.8.43 does not for clustering (`squared`) but does for prediction (`squaredInner`).
 *
 * @param minSamples 1 to points - 1
 * @param progressEnd fraction of the whole work that is done at the end of this step
 */
export async function coreDistances(
  tree: KdTree,
  minSamples: number,
  pacer: WorkPacer,
  progressEnd: number,
): Promise<CoreDistances> {
  const squared = new Float64Array(tree.rows);
  const squaredInner = new Float64Array(tree.rows);
  const width = tree.rows * minSamples <= MOST_NEIGHBORS ? minSamples : 0;
  const neighbors = new Int32Array(tree.rows * width);
  const positions = new Int32Array(tree.rows);
  tree.order.forEach((point, position) => {
    positions[point] = position;
  });
  const heap = new BoundedHeap(minSamples + 1);
  const stack = searchStack();
  for (let start = 0; start < tree.rows; start += CHUNK) {
    await pacer.pause((progressEnd * start) / tree.rows);
    const end = Math.min(start + CHUNK, tree.rows);
    for (let position = start; position < end; position++) {
      findNearest(tree, tree.coords, position * tree.dims, heap, stack);
      // The largest of a max-heap is its root, the second largest one of the root's children.
      squared[position] = heap.keys[0]!;
      squaredInner[position] = minSamples === 1 ? heap.keys[1]! : Math.max(heap.keys[1]!, heap.keys[2]!);
      const self = tree.order[position]!;
      for (let i = 0, place = position * width; i < heap.size && width > 0; i++) {
        if (heap.ids[i] !== self && place < (position + 1) * width)
          neighbors[place++] = positions[heap.ids[i]!]!;
      }
    }
  }
  return { squared, squaredInner, neighbors, width };
}
