import { conceptSimilarity } from "../compare/concept-similarity.ts";
import { treeParts } from "../edits/tree-parts.ts";
import { InputError } from "../errors.ts";
import { DisjointSet } from "../math/disjoint-set.ts";
import { dot, type Matrix, normalizedRows, row } from "../math/matrix.ts";
import type { FittedModel } from "../model.ts";
import type { FittedClusterer } from "../stages.ts";

/** How a model's concepts go together at one level of the hierarchy. */
export interface ConceptLevel {
  readonly count: number;
  /** For each place in the model's list of concepts its group, 0 to count - 1. */
  readonly groupOf: Int32Array;
}

/** Each level has about a third of the groups below it: two or three children are taken in at a glance. */
const FEWER = 3;

/** What makes concepts belong together. */
export type HierarchyBasis = "tree" | "similarity";

export interface HierarchyOptions {
  /** Groups at each level above the concepts, fewer and fewer; default a third of those below, down to 2. */
  readonly levels?: readonly number[] | undefined;
  /**
   * `"tree"`, the default: which groups of images are first apart as density rises, by the tree that the concepts were cut from;
   * `"similarity"`: which concepts are alike, by average linkage of their vectors. The tree is what the clusters come from, but
   * where groups thin out evenly it splits off one after the other from one large rest; similarity gives more even groups.
   */
  readonly by?: HierarchyBasis | undefined;
}

/**
 * Groups of concepts, fewer and fewer, each made of whole groups of the level below. In the tree a concept goes where most of its
 * images go, and a group where most of the images of its concepts do, so that the levels nest whatever people made of the
 * concepts. A concept that the tree does not know, since a name or examples claimed its images before the clustering, goes with the
 * one it is most like.
 *
 * @returns from the bottom up; levels that would join nothing, or that the tree does not have, are left out
 * @throws InputError (`BAD_OPTION`) for levels that are not whole numbers of at least 2, fewer and fewer
 */
export function conceptLevels(model: FittedModel, options: HierarchyOptions = {}): ConceptLevel[] {
  const { concepts } = model;
  checkCounts(options.levels);
  if (concepts.length < 3) return [];
  const join = options.by === "similarity" ? joinerBySimilarity(model) : joinerByTree(model);
  const levels: ConceptLevel[] = [];
  let below: ConceptLevel = {
    count: concepts.length,
    groupOf: Int32Array.from(concepts, (_, place) => place),
  };
  for (const count of options.levels ?? defaultCounts(concepts.length)) {
    const next = count < below.count ? join(below, count) : null;
    if (next === null || next.count < 2 || next.count >= below.count) continue;
    levels.push(next);
    below = next;
  }
  return levels;
}

/** Makes a level of about so many groups out of the one below; null where there is none. */
type Joiner = (below: ConceptLevel, count: number) => ConceptLevel | null;

function joinerBySimilarity(model: FittedModel): Joiner {
  const { dendrogram } = conceptSimilarity(model);
  return (_below, count) => {
    const sets = new DisjointSet(dendrogram.leaves);
    const leafOf = (node: number): number => {
      let inner = node;
      while (inner >= dendrogram.leaves) inner = dendrogram.children[2 * (inner - dendrogram.leaves)]!;
      return inner;
    };
    for (let merge = 0; merge < dendrogram.leaves - count; merge++) {
      const [a, b] = [dendrogram.children[2 * merge]!, dendrogram.children[2 * merge + 1]!];
      sets.union(sets.find(leafOf(a)), sets.find(leafOf(b)));
    }
    return numbered(Int32Array.from({ length: dendrogram.leaves }, (_, leaf) => sets.find(leaf)));
  };
}

function joinerByTree(model: FittedModel): Joiner {
  const { clusterer, parameters } = model;
  const all = Int32Array.from(model.images.concepts, (_, image) => image);
  const size = parameters.minConceptSize;
  const tree = clusterer.condensedTree?.(size);
  return (below, count) => {
    const labels =
      tree === undefined
        ? cutLabels(clusterer, count)
        : treeParts(tree, all, count, Math.min(size, all.length));
    return labels === null ? null : joined(model, below, labels);
  };
}

/** By the clusters' stability, for clusterers that show no tree; null where they cannot make so few. */
function cutLabels(clusterer: FittedClusterer, count: number): Int32Array | null {
  try {
    return clusterer.recut?.({ clusterCount: count }).labels ?? null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Groups numbered from 0 in the order of their first concepts. */
function numbered(groups: Int32Array): ConceptLevel {
  const numbers = new Map<number, number>();
  for (const group of groups) if (!numbers.has(group)) numbers.set(group, numbers.size);
  return { count: numbers.size, groupOf: groups.map((group) => numbers.get(group)!) };
}

function defaultCounts(concepts: number): number[] {
  const counts: number[] = [];
  for (let count = Math.round(concepts / FEWER); count >= 2; count = Math.round(count / FEWER)) {
    counts.push(count);
  }
  return counts;
}

/**
 * The groups below, each under the label that most of its images have; one without any, under that of the concept most like one of
 * its own.
 */
function joined(model: FittedModel, below: ConceptLevel, labels: Int32Array): ConceptLevel {
  const groupOfConcept = new Map(model.concepts.map(({ id }, place) => [id, below.groupOf[place]!]));
  const counts = Array.from({ length: below.count }, () => new Map<number, number>());
  model.images.concepts.forEach((concept, image) => {
    const label = labels[image]!;
    if (concept === -1 || label === -1) return;
    const perLabel = counts[groupOfConcept.get(concept)!]!;
    perLabel.set(label, (perLabel.get(label) ?? 0) + 1);
  });
  const voted = counts.map((perLabel) => {
    const [most] = [...perLabel].sort(([a, x], [b, y]) => y - x || a - b);
    return most?.[0] ?? -1;
  });
  const unitVectors = normalizedRows(model.conceptVectors);
  const labelOf = voted.map((label, group) =>
    label === -1 ? labelOfLike(unitVectors, below, voted, group) : label,
  );
  return numbered(below.groupOf.map((group) => labelOf[group]!));
}

/** The label of the group with the concept most like one of a group's own; where no group has a label, one of its own below 0. */
function labelOfLike(
  unitVectors: Matrix,
  { groupOf }: ConceptLevel,
  labels: readonly number[],
  group: number,
): number {
  let best = { likeness: Number.NEGATIVE_INFINITY, label: -1 - group };
  for (let own = 0; own < groupOf.length; own++) {
    if (groupOf[own] !== group) continue;
    for (let other = 0; other < groupOf.length; other++) {
      const label = labels[groupOf[other]!]!;
      if (label === -1) continue;
      const likeness = dot(row(unitVectors, own), row(unitVectors, other));
      if (likeness > best.likeness) best = { likeness, label };
    }
  }
  return best.label;
}

function checkCounts(counts: readonly number[] | undefined): void {
  const fits = counts?.every(
    (count, i) => Number.isInteger(count) && count >= 2 && (i === 0 || count < counts[i - 1]!),
  );
  if (fits === false) {
    throw new InputError(
      "The levels of the hierarchy are out of range",
      { expected: "whole numbers of at least 2, fewer and fewer", found: counts!.join(", ") },
      "BAD_OPTION",
    );
  }
}
