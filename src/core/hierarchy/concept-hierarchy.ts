import { unlikeWords, WORD_CANDIDATES } from "../concepts/concept-words.ts";
import { wordsByCosine } from "../concepts/cosine-words.ts";
import { EXEMPLARS_PER_CONCEPT } from "../concepts/exemplars.ts";
import { maximalMarginalRelevance } from "../concepts/mmr.ts";
import { conceptNames } from "../concepts/names.ts";
import { nameFrom } from "../edits/edit-text.ts";
import { freeName } from "../edits/free-name.ts";
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
  /** Groups at each level, the concepts themselves first. A group of one is no node of its own. */
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
  const groups = groupsOf(levels);
  const vectors = groupVectors(model, groups);
  const words = await groupWords(model, vectors, options.kernels);
  const nodes = nodesOf(model, groups, { vectors, words });
  return {
    nodes: nodes.sort((a, b) => b.level - a.level || b.size - a.size || a.id - b.id),
    levels: [model.concepts.length, ...levels.map(({ count }) => count)],
  };
}

async function groupWords(
  { vocabulary, parameters }: FittedModel,
  vectors: Matrix,
  kernels: DenseKernels,
): Promise<ScoredWord[][]> {
  if (vocabulary === null) return Array.from({ length: vectors.rows }, () => []);
  const candidates = await wordsByCosine(vectors, vocabulary, { count: WORD_CANDIDATES, kernels });
  return unlikeWords(candidates, vocabulary, parameters, WORDS_PER_PARENT);
}

/** The groups and the concepts with who belongs to whom. */
function nodesOf(
  model: FittedModel,
  groups: readonly Group[],
  described: { readonly vectors: Matrix; readonly words: readonly (readonly ScoredWord[])[] },
): HierarchyNode[] {
  const { concepts } = model;
  const names = groupNames(model, groups, described.words);
  const firstId = firstFreeId(model);
  const sizeOf = (places: readonly number[]): number =>
    places.reduce((sum, place) => sum + concepts[place]!.size, 0);
  const above = groupsAbove(concepts.length, groups);
  // Groups come from the bottom up: the first above is the one just above.
  const parentOf = (level: number, place: number): number => {
    const parent = above[place]!.find((group) => groups[group]!.level > level);
    return parent === undefined ? -1 : firstId + parent;
  };
  const exemplarsOf = exemplarPicker(model);
  const parents = groups.map(
    (group, i): HierarchyNode => ({
      id: firstId + i,
      level: group.level,
      parent: parentOf(group.level, group.concepts[0]!),
      children: [],
      name: names[i]!,
      words: described.words[i]!,
      size: sizeOf(group.concepts),
      exemplars: exemplarsOf(group, row(described.vectors, i)),
    }),
  );
  const leaves = concepts.map((concept, place) => leafOf(concept, parentOf(0, place)));
  const childrenOf = new Map<number, HierarchyNode[]>();
  for (const node of [...parents, ...leaves]) {
    const siblings = childrenOf.get(node.parent);
    if (siblings === undefined) childrenOf.set(node.parent, [node]);
    else siblings.push(node);
  }
  return [...parents, ...leaves].map((node) => ({
    ...node,
    children: (childrenOf.get(node.id) ?? [])
      .sort((x, y) => y.size - x.size || x.id - y.id)
      .map(({ id }) => id),
  }));
}

/** Concepts that go together at a level. */
interface Group {
  readonly level: number;
  /** Places in the model's list, ascending: largest first. */
  readonly concepts: readonly number[];
}

/** From the bottom up; a group that is no more than one below it is left out. */
function groupsOf(levels: readonly ConceptLevel[]): Group[] {
  const groups: Group[] = [];
  const seen = new Set<string>();
  levels.forEach(({ count, groupOf }, i) => {
    const members = Array.from({ length: count }, (): number[] => []);
    groupOf.forEach((group, place) => {
      members[group]!.push(place);
    });
    for (const concepts of members) {
      const key = concepts.join();
      if (concepts.length < 2 || seen.has(key)) continue;
      seen.add(key);
      groups.push({ level: i + 1, concepts });
    }
  });
  return groups;
}

function leafOf({ id, name, words, size, exemplars }: Concept, parent: number): HierarchyNode {
  return { id, level: 0, parent, children: [], name, words, size, exemplars };
}

/** An id above all that edits ever gave. */
function firstFreeId({ concepts, shaping, goneConcepts = [] }: FittedModel): number {
  const ids = [...concepts, ...(shaping?.base.concepts ?? [])].map(({ id }) => id).concat(goneConcepts);
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

/** For each concept the groups that it is in, from the bottom up. */
function groupsAbove(concepts: number, groups: readonly Group[]): number[][] {
  const above = Array.from({ length: concepts }, (): number[] => []);
  groups.forEach((group, i) => {
    for (const place of group.concepts) above[place]!.push(i);
  });
  return above;
}

/** Picks exemplars of groups from those of their concepts, whose vectors are gathered once for all levels. */
function exemplarPicker({
  concepts,
  imageVectors,
  parameters,
}: FittedModel): (group: Group, vector: Float32Array) => Int32Array {
  const starts = new Int32Array(concepts.length + 1);
  concepts.forEach(({ exemplars }, place) => {
    starts[place + 1] = starts[place]! + exemplars.length;
  });
  const rows = new Int32Array(starts.at(-1)!);
  concepts.forEach(({ exemplars }, place) => {
    rows.set(exemplars, starts[place]);
  });
  const vectors = normalizedRows(takeRows(imageVectors, rows));
  const options = { count: EXEMPLARS_PER_CONCEPT, diversity: parameters.diversity };
  return (group, vector) => {
    const places = Int32Array.from(
      group.concepts.flatMap((place) => Array.from(concepts[place]!.exemplars, (_, i) => starts[place]! + i)),
    );
    const picks = maximalMarginalRelevance(vector, takeRows(vectors, places), options);
    return picks.map((pick) => rows[places[pick]!]!);
  };
}

/** Its best words, as many as tell it from others; where these do not suffice, what it is made of. */
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
    // Names made unique by a number tell nothing.
    const isNumbered = words[i]!.length === 0 || proposals[i] === `${words[i]![0]!.word} (${i})`;
    const proposal = isNumbered ? "" : nameFrom(proposals[i]!);
    const name = proposal === "" || taken.has(proposal) ? joined : proposal;
    return freeName(name, group.level, taken);
  });
}
