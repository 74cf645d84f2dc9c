import { buildKdTree, findNearest, searchStack } from "../hdbscan/kd-tree.ts";
import { BoundedHeap } from "../math/bounded-heap.ts";
import type { Matrix } from "../math/matrix.ts";

/** For points that came later the fitted ones that are nearest. */
export interface Anchors {
  /** Rows of the fitted points; of equally near ones the lowest. */
  readonly rows: Int32Array;
  /** 1 where the two lie at one place: the later point is a copy. */
  readonly isCopy: Uint8Array;
}

/**
 * @param added points x dimensions
 * @param fitted of the same dimensions; at least one where there are added ones
 */
export function anchorsOf(added: Matrix, fitted: Matrix): Anchors {
  const rows = new Int32Array(added.rows);
  const isCopy = new Uint8Array(added.rows);
  if (added.rows === 0) return { rows, isCopy };
  const tree = buildKdTree(fitted);
  const [heap, stack] = [new BoundedHeap(1), searchStack()];
  const coords = Float64Array.from(added.data);
  for (let i = 0; i < added.rows; i++) {
    findNearest(tree, coords, i * added.cols, heap, stack);
    rows[i] = heap.ids[0]!;
    isCopy[i] = heap.keys[0] === 0 ? 1 : 0;
  }
  return { rows, isCopy };
}
