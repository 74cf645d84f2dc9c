import type { Matrix } from "../math/matrix.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { boruvkaSpanningTree } from "./boruvka.ts";
import { squaredCoreDistances } from "./core-distances.ts";
import { buildKdTree } from "./kd-tree.ts";
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
  const coreDistances = new Float64Array(points.rows);
  const predictionCoreDistances = new Float64Array(points.rows);
  if (points.rows < 2) {
    return { coreDistances, predictionCoreDistances, singleLinkageTree: emptyDendrogram() };
  }
  const pacer = new WorkPacer(work);
  const tree = buildKdTree(points);
  const neighbors = Math.min(minSamples, points.rows - 1);
  const squared = await squaredCoreDistances(tree, neighbors, pacer, CORE_DISTANCE_SHARE);
  const spanningTree = await boruvkaSpanningTree(tree, squared.outer, pacer, CORE_DISTANCE_SHARE);
  tree.order.forEach((point, position) => {
    coreDistances[point] = Math.sqrt(squared.outer[position]!);
    predictionCoreDistances[point] = Math.sqrt(squared.inner[position]!);
  });
  return { coreDistances, predictionCoreDistances, singleLinkageTree: singleLinkageTree(spanningTree) };
}

function emptyDendrogram(): SingleLinkageTree {
  const none = new Int32Array(0);
  return { left: none, right: none, distance: new Float64Array(0), size: none };
}
