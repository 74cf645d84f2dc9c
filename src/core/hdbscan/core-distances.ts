import { BoundedHeap } from "../math/bounded-heap.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { findNearest, type KdTree, searchStack } from "./kd-tree.ts";

const CHUNK = 512;

/** Squared distances by position in the tree. */
export interface SquaredCoreDistances {
  /** To the `minSamples`-th neighbour, the point itself not counted. */
  readonly outer: Float64Array;
  /** To the neighbour before that; 0 where `minSamples` is 1. */
  readonly inner: Float64Array;
}

/**
 * Core distances (Campello, Moulavi and Sander 2013, definition 3.1). The paper counts a point as its own first neighbour,
 * hdbscan 0.8.43 does not for clustering (`outer`) but does for prediction (`inner`).
 *
 * @param minSamples 1 to points - 1
 * @param progressEnd fraction of the whole work that is done at the end of this step
 */
export async function squaredCoreDistances(
  tree: KdTree,
  minSamples: number,
  pacer: WorkPacer,
  progressEnd: number,
): Promise<SquaredCoreDistances> {
  const outer = new Float64Array(tree.rows);
  const inner = new Float64Array(tree.rows);
  const heap = new BoundedHeap(minSamples + 1);
  const stack = searchStack();
  for (let start = 0; start < tree.rows; start += CHUNK) {
    await pacer.pause((progressEnd * start) / tree.rows);
    const end = Math.min(start + CHUNK, tree.rows);
    for (let position = start; position < end; position++) {
      findNearest(tree, tree.coords, position * tree.dims, heap, stack);
      // The largest of a max-heap is its root, the second largest one of the root's children.
      outer[position] = heap.keys[0]!;
      inner[position] = minSamples === 1 ? heap.keys[1]! : Math.max(heap.keys[1]!, heap.keys[2]!);
    }
  }
  return { outer, inner };
}
