import type { Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { boruvkaSpanningTree } from "./boruvka.ts";
import { coreDistances } from "./core-distances.ts";
import { buildKdTree, type KdTree } from "./kd-tree.ts";
import { type SingleLinkageTree, singleLinkageTree } from "./single-linkage.ts";

/** Share of the time that the core distances take, for the progress. */
const CORE_DISTANCE_SHARE = 0.4;

/** The hierarchy over all points, from which clusterings with any options but another `minSamples` can be cut. */
export interface DensityHierarchy {
  /** Distance of each point to its `minSamples`-th neighbour. */
  readonly coreDistances: Float64Array;
  /** Distance of each point to the neighbour before that: what `predict` goes by, as the reference does. */
  readonly predictionCoreDistances: Float64Array;
  readonly singleLinkageTree: SingleLinkageTree;
}

/** The costly part: core distances, spanning tree and dendrogram. Independent of all options but `minSamples`. */
export async function densityHierarchy(
  points: Matrix,
  minSamples: number,
  work: WorkOptions = {},
): Promise<DensityHierarchy> {
  work.signal?.throwIfAborted();
  if (points.rows < 2) return trivialHierarchy(points.rows);
  const pacer = new WorkPacer(work);
  const tree = buildKdTree(points);
  const neighbors = Math.min(minSamples, points.rows - 1);
  const cores = await coreDistances(tree, neighbors, pacer, CORE_DISTANCE_SHARE);
  const spanningTree = await boruvkaSpanningTree(tree, cores, pacer, CORE_DISTANCE_SHARE);
  return {
    coreDistances: distancesByPoint(tree, cores.squared),
    predictionCoreDistances: distancesByPoint(tree, cores.squaredInner),
    singleLinkageTree: singleLinkageTree(spanningTree),
  };
}

function distancesByPoint(tree: KdTree, squared: Float64Array): Float64Array {
  const distances = new Float64Array(tree.rows);
  tree.order.forEach((point, position) => {
    distances[point] = Math.sqrt(squared[position]!);
  });
  return distances;
}

/** No point, or one, which has no neighbour. */
function trivialHierarchy(points: number): DensityHierarchy {
  const none = new Int32Array(0);
  return {
    coreDistances: new Float64Array(points),
    predictionCoreDistances: new Float64Array(points),
    singleLinkageTree: { left: none, right: none, distance: new Float64Array(0), size: none },
  };
}
