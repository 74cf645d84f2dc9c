import { InputError } from "../errors.ts";
import { type CondensedTree, condenseTree } from "../hdbscan/condense.ts";
import { densityHierarchy } from "../hdbscan/density-hierarchy.ts";
import { unknownPoints } from "../hdbscan/spread-tree.ts";
import { type Matrix, takeRows } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import type { ModelParameters } from "../model.ts";
import type { WorkOptions } from "../stages.ts";
import type { Grouping } from "./grouping.ts";
import { kMeans, means, nearestCentres } from "./k-means.ts";
import { treeParts } from "./tree-parts.ts";

/** The random stream of splits: fits use 0 to 4. */
const SPLIT_STREAM = 5;

/** Neighbours that density is judged by in a tree of one concept's own pictures, as in the fit. */
const MIN_SAMPLES = 5;

/**
 * Divides a concept: along the tree of the clustering where that has parts for it, with ever smaller parts; else, when a number is
 * asked for, by k-means in the space that was clustered. Pictures between the parts go to the nearest. A concept that the tree does
 * not know, since a name or examples claimed its pictures before the clustering, is divided along a tree of its pictures alone.
 *
 * @param into number of parts; undefined for the two of the tree
 * @returns rows of the images in each part, the largest part first
 * @throws InputError when the concept cannot be split so
 */
export async function planParts(
  grouping: Grouping,
  concept: number,
  into: number | undefined,
  work: WorkOptions,
): Promise<Int32Array[]> {
  grouping.entry(concept);
  const count = into ?? 2;
  const rows = rowsOf(grouping.concepts, concept);
  if (!(Number.isInteger(count) && count >= 2 && count <= rows.length)) {
    throw new InputError(
      `Concept ${concept} cannot be split so`,
      { expected: `2 to ${rows.length} parts, as it has ${rows.length} pictures`, found: String(count) },
      "BAD_OPTION",
    );
  }
  const points = takeRows(grouping.base.reducer.layout, rows);
  const tree = await treeOf(grouping, rows, points, work);
  const parts = tree === null ? null : partsOfTree(tree, points, count, grouping.base.parameters);
  if (parts === null && into === undefined) {
    throw new InputError(`Concept ${concept} has no parts in the tree`, {
      hint: "Say into how many parts to split it (--into 2): they are then made by k-means.",
    });
  }
  const groups = parts ?? kMeans(points, count, new Rng(grouping.base.parameters.seed).fork(SPLIT_STREAM));
  const lists = Array.from({ length: count }, (_, part) => rows.filter((_row, i) => groups[i] === part));
  if (lists.some((list) => list.length === 0)) {
    throw new InputError(`Concept ${concept} has fewer than ${count} different pictures`);
  }
  return lists.sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

function rowsOf(concepts: Int32Array, concept: number): Int32Array {
  const rows: number[] = [];
  concepts.forEach((id, row) => {
    if (id === concept) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** A tree in which some pictures lie. */
interface PartedTree {
  readonly condensed: (minClusterSize: number) => CondensedTree;
  /** The pictures as points of the tree. */
  readonly points: Int32Array;
}

/** The kept tree, or where it does not know most of the pictures, one of their own; null where the clusterer keeps none. */
async function treeOf(
  { base: { clusterer, parameters } }: Grouping,
  rows: Int32Array,
  points: Matrix,
  work: WorkOptions,
): Promise<PartedTree | null> {
  if (clusterer.condensedTree === undefined) return null;
  const unknown = unknownPoints(clusterer.condensedTree(parameters.minConceptSize));
  if (2 * rows.reduce((count, row) => count + unknown[row]!, 0) <= rows.length) {
    return { condensed: (size) => clusterer.condensedTree!(size), points: rows };
  }
  const minSamples = Math.min(MIN_SAMPLES, parameters.minConceptSize);
  const { singleLinkageTree } = await densityHierarchy(points, minSamples, work);
  return {
    condensed: (size) => condenseTree(singleLinkageTree, points.rows, size),
    points: Int32Array.from(rows.keys()),
  };
}

/** Halves the smallest part until the tree has enough of them. */
function partsOfTree(
  tree: PartedTree,
  points: Matrix,
  count: number,
  { minConceptSize }: Pick<ModelParameters, "minConceptSize">,
): Int32Array | null {
  for (let size = minConceptSize; size >= 2; size >>= 1) {
    const parts = treeParts(tree.condensed(size), tree.points, count, size);
    if (parts !== null) return joinStragglers(points, parts, count);
  }
  return null;
}

function joinStragglers(points: Matrix, parts: Int32Array, count: number): Int32Array {
  const none = Array.from({ length: count }, () => new Float64Array(points.cols));
  const nearest = nearestCentres(points, means(points, parts, none));
  return parts.map((part, i) => (part === -1 ? nearest[i]! : part));
}
