import { InputError } from "../errors.ts";
import type { ClusterCut, FittedClusterer } from "../stages.ts";
import type { NamelessDraft } from "./describe.ts";
import type { RecutOptions } from "./edit-request.ts";
import type { Grouping } from "./grouping.ts";
import { matchGroups } from "./match-concepts.ts";

/** A cut and where its labels go. */
export interface PlannedCut {
  readonly cut: ClusterCut;
  readonly owners: readonly number[];
  readonly drafts: readonly NamelessDraft[];
}

/** From this overlap on a concept is what it was, so that it keeps a name made of words, too. */
const SAME_CONCEPT = 0.5;

/** Rounds in which a number of groups is sought that gives, with the pinned concepts, the number asked for. */
const MOST_ROUNDS = 12;

/**
 * Works out a recut: the labels of the new cut, less the pictures that stay where they are, matched to the concepts there were.
 *
 * @throws InputError (`BAD_OPTION`) when there is no such cut, saying how many concepts there can be
 */
export function planCut(grouping: Grouping, options: RecutOptions): PlannedCut {
  const { clusterer } = grouping.base;
  if (clusterer.recut === undefined) {
    throw new InputError("The concepts cannot be recut", {
      expected: "a clusterer that keeps a hierarchy, as HDBSCAN does",
      found: clusterer.kind,
    });
  }
  const cut: ClusterCut = {
    minClusterSize: options.minConceptSize,
    clusterSelectionMethod: options.method,
    clusterSelectionEpsilon: options.epsilon,
  };
  if (options.concepts === undefined)
    return ownersOfCut(grouping, clusterer.recut(definedCut(cut)), definedCut(cut));
  if (options.epsilon !== undefined) {
    throw new InputError("A number of concepts and an epsilon exclude each other", {}, "BAD_OPTION");
  }
  return exactCut(grouping, clusterer, cut, options.concepts);
}

/** Tries numbers of groups until, with what stays as it is, there are as many concepts as asked for. */
function exactCut(
  grouping: Grouping,
  clusterer: FittedClusterer,
  cut: ClusterCut,
  wanted: number,
): PlannedCut {
  requireCount(wanted);
  const kept = pinnedIds(grouping).size;
  let clusterCount = Math.max(2, wanted - kept);
  let found = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const counted = countedCut(clusterer, cut, clusterCount, wanted);
    const planned = ownersOfCut(grouping, counted.clusterer, counted.cut);
    found = planned.drafts.length + kept;
    if (found === wanted) return planned;
    const next = Math.max(2, clusterCount + wanted - found);
    if (next === clusterCount) break;
    clusterCount = next;
  }
  throw new InputError(
    `There cannot be exactly ${wanted} concepts`,
    {
      expected: "a number that the pinned concepts leave room for",
      found: `${found} concepts at the nearest`,
      hint: "Concepts that were merged, split, made by hand or pinned stay as they are: unpin some, or ask for more.",
    },
    "BAD_OPTION",
  );
}

/** A cut into so many groups; where the size is left open, with the largest smallest size that allows it. */
function countedCut(
  clusterer: FittedClusterer,
  cut: ClusterCut,
  clusterCount: number,
  wanted: number,
): { readonly cut: ClusterCut; readonly clusterer: FittedClusterer } {
  const attempt = (minClusterSize: number | undefined) => {
    const counted = definedCut({ ...cut, clusterCount, minClusterSize });
    try {
      return { cut: counted, clusterer: clusterer.recut!(counted) };
    } catch (error) {
      if (error instanceof InputError && error.code === "BAD_OPTION") return null;
      throw error;
    }
  };
  const first = attempt(cut.minClusterSize);
  if (first !== null) return first;
  if (cut.minClusterSize !== undefined || attempt(2) === null) {
    const size = cut.minClusterSize ?? 2;
    throw tooMany(clusterer, wanted, size);
  }
  let [works, fails] = [2, largestSize(clusterer)];
  while (fails - works > 1) {
    const middle = (works + fails) >> 1;
    if (attempt(middle) === null) fails = middle;
    else works = middle;
  }
  return attempt(works)!;
}

/** A group of this many leaves no room for a second. */
function largestSize({ labels }: FittedClusterer): number {
  return Math.max(3, (labels.length >> 1) + 1);
}

function tooMany(clusterer: FittedClusterer, wanted: number, size: number): InputError {
  const tree = clusterer.condensedTree?.(size);
  const most = tree === undefined || tree.clusters < 3 ? 0 : (tree.clusters + 1) / 2;
  return new InputError(
    `There cannot be ${wanted} concepts`,
    {
      expected: most < 2 ? "pictures that fall into groups" : `from 2 to ${most}`,
      found: `a tree of ${Math.max(1, most)} groups of at least ${size} pictures`,
      hint: size > 2 ? "A lower minimum size gives more." : "The pictures do not tell more groups apart.",
    },
    "BAD_OPTION",
  );
}

function requireCount(wanted: number): void {
  if (Number.isInteger(wanted) && wanted >= 2) return;
  throw new InputError(
    "The number of concepts is out of range",
    { expected: "a whole number of at least 2", found: String(wanted) },
    "BAD_OPTION",
  );
}

/** Leaves out what is undefined: JSON has no such thing. */
function definedCut(cut: ClusterCut): ClusterCut {
  return Object.fromEntries(Object.entries(cut).filter(([, value]) => value !== undefined));
}

/** Which label goes to which concept: to a pinned one that has most of it, else to one that keeps its id, else to a new one. */
function ownersOfCut(grouping: Grouping, clusterer: FittedClusterer, cut: ClusterCut): PlannedCut {
  const { concepts, byHand, entries } = grouping;
  const pinned = pinnedIds(grouping);
  const owners = pinnedOwners(concepts, clusterer, pinned);
  const free = clusterer.labels.map((label, row) => {
    const stays = label === -1 || byHand[row] === 1 || pinned.has(concepts[row]!);
    return stays || owners[label] !== -1 ? -1 : label;
  });
  const unpinned = concepts.map((id) => (pinned.has(id) ? -1 : id));
  const matches = new Map(matchGroups(unpinned, free).map((match) => [match.after, match]));
  const filled = new Set(free);
  const drafts: NamelessDraft[] = [];
  let fresh = grouping.nextId;
  for (let label = 0; label < clusterer.clusterCount; label++) {
    if (!filled.has(label)) continue;
    const match = matches.get(label);
    const concept = match?.before ?? fresh++;
    owners[label] = concept;
    const before = entries.get(concept);
    const keeps = before !== undefined && (before.renamed || match!.jaccard >= SAME_CONCEPT);
    drafts.push({ concept, keptName: keeps ? before.name : null, renamed: keeps && before.renamed });
  }
  return { cut, owners, drafts };
}

function pinnedIds({ entries }: Grouping): ReadonlySet<number> {
  return new Set([...entries].filter(([, { pinned }]) => pinned).map(([id]) => id));
}

/** For each label the pinned concept that most of its pictures are in, else -1. */
function pinnedOwners(
  concepts: Int32Array,
  { labels, clusterCount }: FittedClusterer,
  pinned: ReadonlySet<number>,
): number[] {
  const sizes = new Int32Array(clusterCount);
  const counts = Array.from({ length: clusterCount }, () => new Map<number, number>());
  labels.forEach((label, row) => {
    if (label === -1) return;
    sizes[label]!++;
    const concept = concepts[row]!;
    if (pinned.has(concept)) counts[label]!.set(concept, (counts[label]!.get(concept) ?? 0) + 1);
  });
  return counts.map((map, label) => {
    const majority = [...map].find(([, count]) => 2 * count > sizes[label]!);
    return majority?.[0] ?? -1;
  });
}
