import { FormatError } from "../errors.ts";
import type { CondensedTree } from "./condense.ts";
import type { SingleLinkageTree } from "./single-linkage.ts";

/** @throws FormatError unless every value is from `least` to `most`; NaN never is */
export function requireRange(
  name: string,
  values: Int32Array | Float64Array,
  least: number,
  most: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= least && value <= most)) {
      throw new FormatError(`The clustering's array ${name} is damaged`, {
        expected: `values from ${least} to ${most}`,
        found: `${value} at ${i}`,
      });
    }
  }
}

/** @throws FormatError unless each value is greater than the one before */
export function requireAscending(name: string, values: Int32Array): void {
  for (let i = 1; i < values.length; i++) {
    if (values[i]! <= values[i - 1]!) reject(`The clustering's array ${name} is not ascending`, i);
  }
}

/** @throws FormatError unless the rows join each node once, later rows at greater distances */
export function requireLinkage(linkage: SingleLinkageTree, points: number): void {
  const { left, right, distance, size } = linkage;
  requireRange("linkageDistance", distance, 0, Number.MAX_VALUE);
  const used = new Uint8Array(Math.max(0, 2 * points - 1));
  const sizeOf = (node: number): number => (node < points ? 1 : size[node - points]!);
  for (let row = 0; row < left.length; row++) {
    for (const node of [left[row]!, right[row]!]) {
      // Only nodes of earlier rows: that rules out circles.
      if (node < 0 || node >= points + row || used[node] === 1)
        reject("The single linkage tree is no tree", row);
      used[node] = 1;
    }
    if (size[row] !== sizeOf(left[row]!) + sizeOf(right[row]!))
      reject("The single linkage sizes do not add up", row);
    if (row > 0 && distance[row]! < distance[row - 1]!) reject("The single linkage distances fall", row);
  }
}

/** @throws FormatError unless every point and cluster leaves one cluster, and clusters split in two */
export function requireCondensedTree(condensed: CondensedTree): void {
  const { points, clusters, parent, child, lambda, size } = condensed;
  if (clusters < 1 || (points < 2 && parent.length > 0)) {
    throw new FormatError("The condensed tree does not have a row for each point", {
      expected: `${points} rows at least`,
      found: `${parent.length} rows`,
    });
  }
  requireRange("treeParent", parent, points, points + clusters - 1);
  requireRange("treeChild", child, 0, points + clusters - 1);
  // Distances are finite, so nothing leaves at 0.
  requireRange("treeLambda", lambda, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  const seen = new Uint8Array(points + clusters);
  const splits = new Uint8Array(clusters);
  for (let row = 0; row < child.length; row++) {
    const node = child[row]!;
    const isCluster = node >= points;
    // Parents have lower numbers: that rules out circles.
    if (seen[node] === 1 || node === points || (isCluster && node <= parent[row]!)) {
      reject("The condensed tree is no tree", row);
    }
    seen[node] = 1;
    if (isCluster && ++splits[parent[row]! - points]! > 2) reject("A cluster splits into more than two", row);
    if (isCluster ? size[row]! < 2 || size[row]! > points : size[row] !== 1) {
      reject("The condensed tree has an impossible size", row);
    }
  }
  const halfSplit = splits.indexOf(1);
  if (halfSplit !== -1) reject("A cluster splits into one", halfSplit);
}

/** @throws FormatError when a selected cluster lies within another; the tree must have been checked */
export function requireSeparate(condensed: CondensedTree, selected: Int32Array): void {
  const covered = new Uint8Array(condensed.clusters);
  for (const cluster of selected) covered[cluster] = 1;
  const parents = new Int32Array(condensed.clusters).fill(-1);
  for (let row = 0; row < condensed.child.length; row++) {
    const cluster = condensed.child[row]! - condensed.points;
    if (cluster >= 0) parents[cluster] = condensed.parent[row]! - condensed.points;
  }
  const isSelected = covered.slice();
  for (let cluster = 1; cluster < condensed.clusters; cluster++) {
    if (covered[parents[cluster]!] !== 1) continue;
    if (isSelected[cluster] === 1) reject("A selected cluster lies within another", cluster);
    covered[cluster] = 1;
  }
}

function reject(summary: string, place: number): never {
  throw new FormatError(summary, {
    found: `a fault at ${place}`,
    hint: "The saved model is damaged: fit it again.",
  });
}
