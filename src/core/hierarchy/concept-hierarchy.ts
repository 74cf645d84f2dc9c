import { wordsByCosine } from "../concepts/cosine-words.ts";
import { EXEMPLARS_PER_CONCEPT } from "../concepts/exemplars.ts";
import { maximalMarginalRelevance } from "../concepts/mmr.ts";
import { conceptNames } from "../concepts/names.ts";
import { nameFrom } from "../edits/edit-text.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, normalizedRows, row, takeRows, zeros } from "../math/matrix.ts";
import type { Concept, FittedModel, ScoredWord } from "../model.ts";
import { type ConceptLevel, conceptLevels, type HierarchyOptions } from "./concept-levels.ts";

const WORDS_PER_PARENT = 10;

/** A concept, or a concept of concepts. */
export interface HierarchyNode {
  /** A concept's own id; of others a number that no concept ever had, which changes with every edit. */
  readonly id: number;
  /** 0 for concepts, more further up. */
  readonly level: number;
  /** -1 at the top. */
  readonly parent: number;
  /** Ids of what it is made of, largest first; none for concepts. */
  readonly children: readonly number[];
  readonly name: string;
  /** Best first, by cosine; those of a concept are its own. */
  readonly words: readonly ScoredWord[];
  /** Number of images. */
  readonly size: number;
  /** Rows of the images that picture it, most telling first. */
  readonly exemplars: Int32Array;
}

/** Concepts of concepts. */
export interface ConceptHierarchy {
  /** By level from the top, largest first; every concept is among them. */
  readonly nodes: readonly HierarchyNode[];
  /** Groups at each level, the concepts themselves first. */
  readonly levels: readonly number[];
}

/**
 * The hierarchy of a model's concepts, cut at several levels: see `conceptLevels`. Each group is
 * described as concepts are: the mean of its concepts' vectors by size finds its words; exemplars are picked from theirs by MMR.
 *
 * @returns the concepts alone where the clusterer has no tree
 * @throws InputError (`BAD_OPTION`) for levels that are not whole numbers of at least 2, fewer and fewer
 */
export async function conceptHierarchy(
  model: FittedModel,
  options: HierarchyOptions & { readonly kernels: DenseKernels },
): Promise<ConceptHierarchy> {
  const levels = conceptLevels(model, options);
  const groups = levels.flatMap((level, i) => groupsOfLevel(level, i + 1));
  const vectors = groupVectors(model, groups);
  const words =
    model.vocabulary === null
      ? groups.map(() => [])
      : await wordsByCosine(vectors, model.vocabulary, { count: WORDS_PER_PARENT, kernels: options.kernels });
  const nodes = nodesOf(model, levels, groups, { vectors, words });
  return {
    nodes: nodes.sort((a, b) => b.level - a.level || b.size - a.size || a.id - b.id),
    levels: [model.concepts.length, ...levels.map(({ count }) => count)],
  };
}

/** The groups and the concepts with who belongs to whom. */
function nodesOf(
  model: FittedModel,
  levels: readonly ConceptLevel[],
  groups: readonly Group[],
  described: { readonly vectors: Matrix; readonly words: readonly (readonly ScoredWord[])[] },
): HierarchyNode[] {
  const { concepts } = model;
  const names = groupNames(model, groups, described.words);
  const firstId = firstFreeId(model);
  const idOf = new Map(groups.map(({ key }, i) => [key, firstId + i]));
  const parentOf = (level: number, place: number): number => {
    const group = levels[level]?.groupOf[place];
    return group === undefined ? -1 : idOf.get(keyOf(level + 1, group))!;
  };
  const sizeOf = (places: readonly number[]): number =>
    places.reduce((sum, place) => sum + concepts[place]!.size, 0);
  // Concepts are largest first, and groups in the order of their first concept: sorting by size is all that is left to do.
  const children = (group: Group): readonly number[] => {
    if (group.level === 1) return group.concepts.map((place) => concepts[place]!.id);
    return groups
      .filter(({ level, concepts: [first] }) => level === group.level - 1 && group.concepts.includes(first!))
      .sort((a, b) => sizeOf(b.concepts) - sizeOf(a.concepts))
      .map(({ key }) => idOf.get(key)!);
  };
  const parents = groups.map(
    (group, i): HierarchyNode => ({
      id: firstId + i,
      level: group.level,
      parent: parentOf(group.level, group.concepts[0]!),
      children: children(group),
      name: names[i]!,
      words: described.words[i]!,
      size: sizeOf(group.concepts),
      exemplars: groupExemplars(model, group, row(described.vectors, i)),
    }),
  );
  return [...parents, ...concepts.map((concept, place) => leafOf(concept, parentOf(0, place)))];
}

/** Concepts that go together at a level. */
interface Group {
  readonly key: string;
  readonly level: number;
  /** Places in the model's list, ascending: largest first. */
  readonly concepts: readonly number[];
}

function keyOf(level: number, group: number): string {
  return `${level}:${group}`;
}

function groupsOfLevel({ count, groupOf }: ConceptLevel, level: number): Group[] {
  return Array.from({ length: count }, (_, group) => ({
    key: keyOf(level, group),
    level,
    concepts: [...groupOf.keys()].filter((place) => groupOf[place] === group),
  }));
}

function leafOf({ id, name, words, size, exemplars }: Concept, parent: number): HierarchyNode {
  return { id, level: 0, parent, children: [], name, words, size, exemplars };
}

/** An id above all that edits ever gave. */
function firstFreeId({ concepts, shaping }: FittedModel): number {
  const ids = [...concepts, ...(shaping?.base.concepts ?? [])].map(({ id }) => id);
  const given = (shaping?.edits ?? []).flatMap((edit) => {
    if (edit.kind === "recut") return edit.concepts.map(({ concept }) => concept);
    if (edit.kind === "split") return edit.parts.map(({ draft }) => draft.concept);
    if (edit.kind === "carry") return [edit.next - 1];
    return edit.kind === "move" && typeof edit.to === "object" && edit.to !== null ? [edit.to.concept] : [];
  });
  return [...ids, ...given].reduce((next, id) => Math.max(next, id + 1), 0);
}

/** groups x dimensions: means of their concepts' vectors, each as often as it has images. */
function groupVectors({ concepts, conceptVectors }: FittedModel, groups: readonly Group[]): Matrix {
  const vectors = zeros(groups.length, conceptVectors.cols);
  groups.forEach((group, i) => {
    const sum = new Float64Array(conceptVectors.cols);
    let total = 0;
    for (const place of group.concepts) {
      const { size } = concepts[place]!;
      const vector = row(conceptVectors, place);
      for (let j = 0; j < sum.length; j++) sum[j] = sum[j]! + size * vector[j]!;
      total += size;
    }
    row(vectors, i).set(sum.map((value) => value / total));
  });
  return vectors;
}

function groupExemplars(model: FittedModel, group: Group, vector: Float32Array): Int32Array {
  const rows = group.concepts.flatMap((place) => [...model.concepts[place]!.exemplars]);
  const picks = maximalMarginalRelevance(vector, normalizedRows(takeRows(model.imageVectors, rows)), {
    count: EXEMPLARS_PER_CONCEPT,
    diversity: model.parameters.diversity,
  });
  return picks.map((pick) => rows[pick]!);
}

/** Its best word; where a concept or another group is called so, what it is made of. */
function groupNames(
  { concepts }: FittedModel,
  groups: readonly Group[],
  words: readonly (readonly ScoredWord[])[],
): string[] {
  const taken = new Set(concepts.map(({ name }) => name));
  const proposals = conceptNames(words);
  return groups.map((group, i) => {
    const largest = group.concepts.slice(0, 2).map((place) => concepts[place]!.name);
    const more = group.concepts.length - largest.length;
    const joined = nameFrom(`${largest.join(" + ")}${more > 0 ? ` + ${more} more` : ""}`);
    const proposal = words[i]!.length === 0 ? joined : nameFrom(proposals[i]!);
    const name = proposal === "" || taken.has(proposal) ? joined : proposal;
    const free = taken.has(name) ? `${name} (level ${group.level}.${i})` : name;
    taken.add(free);
    return free;
  });
}
