import { InputError } from "../errors.ts";
import { dot, type Matrix, row } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { WorkOptions } from "../stages.ts";

/** Groups of pictures that are copies of each other, or nearly. */
export interface DuplicateGroups {
  /** Largest cosine distance between a picture and the one in the middle of its group. */
  readonly threshold: number;
  /** For each row the one in the middle of its group: itself where it has no duplicates. */
  readonly middleOf: Int32Array;
  /** Groups of two and more, largest first, then by their middle; the middle first, then the others ascending. */
  readonly groups: readonly Int32Array[];
}

export interface DuplicateOptions extends WorkOptions {
  /** Cosine distance, 0 to 2; default `duplicateThreshold`. */
  readonly threshold?: number | undefined;
}

/** Of the distance that two pictures of the collection usually have. See docs/duplicates.md for what it was measured on. */
const SHARE_OF_MEDIAN = 0.03;
/** The cone in which the vectors of CLIP-like models lie is narrow, but not narrower than rounding. */
const LEAST_THRESHOLD = 1e-6;
const SAMPLED_PAIRS = 4096;

/**
 * The distance up to which two pictures count as near-duplicates, for any embedding model: three hundredths of the median cosine
 * distance between two pictures of the collection. Models differ in how wide they spread pictures, so that one number
 * cannot serve all; what a re-encoded copy moves is small against that spread in each.
 *
 * @param vectors images x dimensions, rows of length 1
 */
export function duplicateThreshold(vectors: Matrix): number {
  const rng = new Rng(0);
  const distances: number[] = [];
  for (let pair = 0; pair < SAMPLED_PAIRS && vectors.rows > 1; pair++) {
    const first = rng.below(vectors.rows);
    const other = (first + 1 + rng.below(vectors.rows - 1)) % vectors.rows;
    distances.push(distanceBetween(vectors, first, other));
  }
  const median = distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
  return Math.max(LEAST_THRESHOLD, SHARE_OF_MEDIAN * median);
}

/**
 * Groups near-duplicates by the neighbours that a fit has anyway. Pictures within the threshold are linked; from the picture with
 * the most links on, each takes in what it can reach by links and what lies within the threshold of itself. So a group may be
 * larger than a list of neighbours, yet a chain of pictures, each like the next, does not become one group: all are within the
 * threshold of the middle. Memory and time grow with rows x neighbours, never with pairs.
 *
 * @param vectors images x dimensions, rows of length 1
 * @param neighbors by cosine, each row's own first, as `nearestNeighbors` gives them
 */
export async function nearDuplicates(
  vectors: Matrix,
  neighbors: Neighbors,
  options: DuplicateOptions = {},
): Promise<DuplicateGroups> {
  const threshold = options.threshold ?? duplicateThreshold(vectors);
  const links = linksWithin(neighbors, threshold);
  const pacer = new WorkPacer(options);
  const middleOf = new Int32Array(vectors.rows).fill(-1);
  const groups: Int32Array[] = [];
  let done = 0;
  for (const middle of byLinks(links)) {
    await pacer.pause(done++ / vectors.rows);
    if (middleOf[middle] !== -1) continue;
    const members = takeInto(middleOf, middle, vectors, links, threshold);
    if (members.length > 1) groups.push(Int32Array.from([middle, ...members.slice(1).sort((a, b) => a - b)]));
  }
  pacer.finish();
  groups.sort((a, b) => b.length - a.length || a[0]! - b[0]!);
  return { threshold, middleOf, groups };
}

/** Links in both directions: row `i` is linked with `targets[offsets[i]]` to `targets[offsets[i + 1] - 1]`. */
interface Links {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

function linksWithin({ indices, distances, rows, k }: Neighbors, threshold: number): Links {
  const offsets = new Int32Array(rows + 1);
  const isLink = (slot: number, from: number): boolean =>
    distances[slot]! <= threshold && indices[slot] !== from;
  const eachLink = (take: (from: number, to: number) => void): void => {
    for (let slot = 0; slot < rows * k; slot++) {
      const from = Math.floor(slot / k);
      if (isLink(slot, from)) take(from, indices[slot]!);
    }
  };
  // A link may be in one list only: the other's list can be full of nearer ones. Found twice it is kept twice, which is harmless.
  eachLink((from, to) => {
    offsets[from + 1] = offsets[from + 1]! + 1;
    offsets[to + 1] = offsets[to + 1]! + 1;
  });
  for (let i = 0; i < rows; i++) offsets[i + 1] = offsets[i + 1]! + offsets[i]!;
  const targets = new Int32Array(offsets[rows]!);
  const next = offsets.slice();
  eachLink((from, to) => {
    targets[next[from]!++] = to;
    targets[next[to]!++] = from;
  });
  return { offsets, targets };
}

/** Rows with links, most links first, ties ascending; then those without. */
function byLinks({ offsets }: Links): Int32Array {
  const rows = Int32Array.from({ length: offsets.length - 1 }, (_, row) => row);
  const count = (row: number): number => offsets[row + 1]! - offsets[row]!;
  return rows.sort((a, b) => count(b) - count(a) || a - b);
}

/** Gives to `middle` all free rows it can reach within the threshold. @returns them, itself first */
function takeInto(
  middleOf: Int32Array,
  middle: number,
  vectors: Matrix,
  { offsets, targets }: Links,
  threshold: number,
): number[] {
  const members = [middle];
  middleOf[middle] = middle;
  for (let at = 0; at < members.length; at++) {
    const member = members[at]!;
    for (let slot = offsets[member]!; slot < offsets[member + 1]!; slot++) {
      const candidate = targets[slot]!;
      if (middleOf[candidate] !== -1 || distanceBetween(vectors, middle, candidate) > threshold) continue;
      middleOf[candidate] = middle;
      members.push(candidate);
    }
  }
  return members;
}

function distanceBetween(vectors: Matrix, a: number, b: number): number {
  return 1 - dot(row(vectors, a), row(vectors, b));
}

/** @throws InputError (BAD_OPTION) for a threshold that is no cosine distance */
export function checkDuplicateThreshold(threshold: number | undefined): void {
  if (threshold === undefined || (threshold >= 0 && threshold <= 2)) return;
  const details = { expected: "a cosine distance from 0 to 2", found: String(threshold) };
  throw new InputError("The threshold of duplicates is out of range", details, "BAD_OPTION");
}
