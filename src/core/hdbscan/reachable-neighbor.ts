import { InputError } from "../errors.ts";
import { BoundedHeap } from "../math/bounded-heap.ts";
import { assertFinite, type Matrix } from "../math/matrix.ts";
import { buildKdTree, findNearest, type KdTree, type SearchStack, searchStack } from "./kd-tree.ts";

/**
 * Finds the fitted point that is nearest to a new one in mutual reachability, as hdbscan 0.8.43: among the
 * 2 x `minSamples` nearest in plain distance. Of equally near ones the nearer in plain distance counts, then the lower
 * index. The core distance of the new point is that to its `minSamples`-th neighbour, counted from 0; those of the fitted
 * ones are to the neighbour before the `minSamples`-th, which is the reference's inconsistency and is followed.
 */
export class ReachableNeighbor {
  /** What the last search found: the index of the fitted point, */
  index = -1;
  /** and 1 / the distance to it; Infinity at distance 0. */
  lambda = 0;
  private readonly tree: KdTree;
  private readonly coreDistances: Float64Array;
  private readonly minSamples: number;
  private readonly heap: BoundedHeap;
  private readonly stack: SearchStack = searchStack();

  /** @param coreDistances of the fitted points, of which there must be one at least */
  constructor(fitted: Matrix, coreDistances: Float64Array, minSamples: number) {
    this.tree = buildKdTree(fitted);
    this.coreDistances = coreDistances;
    this.minSamples = minSamples;
    this.heap = new BoundedHeap(Math.min(2 * minSamples, fitted.rows));
  }

  /** Sets `index` and `lambda` for the point at `offset` of `coords`. */
  find(coords: Float64Array, offset: number): void {
    const { heap } = this;
    findNearest(this.tree, coords, offset, heap, this.stack);
    heap.sort();
    const own = Math.sqrt(heap.keys[Math.min(this.minSamples, heap.size - 1)]!);
    let reach = Number.POSITIVE_INFINITY;
    for (let i = 0; i < heap.size; i++) {
      const candidate = heap.ids[i]!;
      const distance = Math.max(Math.sqrt(heap.keys[i]!), own, this.coreDistances[candidate]!);
      if (distance < reach) {
        reach = distance;
        this.index = candidate;
      }
    }
    this.lambda = 1 / reach;
  }
}

/** @throws InputError when the dimensions of new points differ from the fitted ones' or a value is not finite */
export function assertComparable(points: Matrix, fitted: Matrix): void {
  if (points.cols !== fitted.cols) {
    throw new InputError("The points do not have the dimensions of the fitted ones", {
      expected: `${fitted.cols} columns`,
      found: `${points.cols} columns`,
    });
  }
  assertFinite(points, "The points to predict");
}
