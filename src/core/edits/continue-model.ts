import { pairPictures } from "../compare/picture-pairs.ts";
import type { FittedModel } from "../model.ts";
import { groupingAfter } from "./apply-edits.ts";
import type { ConceptDraft, Edit } from "./edit.ts";
import { nameFrom, wordsToKeep } from "./edit-text.ts";
import { freeName } from "./free-name.ts";
import type { Grouping } from "./grouping.ts";
import { type GroupMatch, matchGroups } from "./match-concepts.ts";
import { PictureIndex } from "./picture-keys.ts";
import type { PlanContext } from "./plan-context.ts";
import { baseOf, editsOf, lastReduction, planEdit, withEdit } from "./plan-edit.ts";

/** What became of the concepts of an earlier model in a later fit. */
export interface ContinuedModel {
  readonly model: FittedModel;
  /** Ids that went on. */
  readonly kept: readonly number[];
  /** Concepts of the earlier model that did not. */
  readonly ended: readonly number[];
}

/**
 * Carries what people made of an earlier model over to a later fit of the same or a changed collection. Concepts are matched by
 * the pictures that both have, those that overlap most first (`matchGroups`): the later ones get the ids, and the names, pins
 * and hiding that people gave. Concepts that are pinned, and so all that were merged, split or made by hand, hold together:
 * the parts of one that the fit took apart are merged again, and one that the fit lost in others or in none is taken out of
 * them. Pictures moved by hand are moved again; outliers are reduced as they were. All of it is edits of the later model, so that it can be undone.
 *
 * @param earlier as people shaped it
 * @param later a fit without edits
 */
export async function continueModel(
  earlier: FittedModel,
  later: FittedModel,
  context: PlanContext,
): Promise<ContinuedModel> {
  const before = groupingAfter(baseOf(earlier), editsOf(earlier));
  const { laterOf, earlierOf } = pairPictures(earlier.images, later.images);
  const groupBefore = earlierOf.map((row) => (row === -1 ? -1 : before.concepts[row]!));
  const groupNow = later.images.concepts.map((id, row) => (earlierOf[row] === -1 ? -1 : id));
  const matches = matchGroups(groupBefore, groupNow);
  let model = withEdit(later, carryEdit(before, later, matches));
  for (const [id, entry] of before.entries) {
    if (!entry.pinned) continue;
    const merge = mergeOfHeirs(model, groupBefore, id);
    if (merge !== null) model = withEdit(model, await planEdit(model, merge, context));
    const rescue = rescueOf(model, groupBefore, id, draftOf(id, before));
    if (rescue !== null) model = withEdit(model, rescue);
  }
  for (const edit of movesAgain(model, before, laterOf)) model = withEdit(model, edit);
  const reduction = lastReduction(editsOf(earlier));
  if (reduction !== null) {
    model = withEdit(model, await planEdit(model, { kind: "outliers", ...reduction }, context));
  }
  const now = new Set(model.concepts.map(({ id }) => id));
  const ids = [...before.entries.keys()];
  return { model, kept: ids.filter((id) => now.has(id)), ended: ids.filter((id) => !now.has(id)) };
}

function draftOf(concept: number, before: Grouping): ConceptDraft {
  const entry = before.entry(concept);
  const { name, renamed, words } = entry;
  const draft = { concept, name: nameFrom(name) || `Concept ${concept}`, renamed, words: wordsToKeep(words) };
  return withNamer(draft, before.namerOf(entry));
}

function withNamer(draft: ConceptDraft, namedBy: string | undefined): ConceptDraft {
  return namedBy === undefined ? draft : { ...draft, namedBy };
}

/** Ids for all concepts of the fit: those of their matches, else new ones. */
function carryEdit(before: Grouping, later: FittedModel, matches: readonly GroupMatch[]): Edit {
  const matchOf = new Map(matches.map((match) => [match.after, match.before]));
  const ids = new Map<number, number>();
  let next = before.nextId;
  for (const { id } of later.concepts) ids.set(id, matchOf.get(id) ?? next++);
  const entryOf = (id: number) => before.entries.get(ids.get(id)!);
  // Names that people gave come first: those of words give way.
  const given = later.concepts.flatMap(({ id }) => {
    const entry = entryOf(id);
    return entry?.renamed === true ? entry.name : [];
  });
  const taken = new Set(given);
  const concepts = later.concepts.map(({ id, name, words }): ConceptDraft => {
    const entry = entryOf(id);
    const renamed = entry?.renamed === true;
    const concept = ids.get(id)!;
    const free = renamed ? entry.name : freeName(nameFrom(name) || `Concept ${concept}`, concept, taken);
    const draft = { concept, name: free, renamed, words: wordsToKeep(words) };
    return renamed ? withNamer(draft, before.namerOf(entry)) : draft;
  });
  const marked = (mark: "pinned" | "hidden"): number[] =>
    concepts.flatMap(({ concept }) => (before.entries.get(concept)?.[mark] === true ? concept : []));
  return { kind: "carry", concepts, pinned: marked("pinned"), hidden: marked("hidden"), next };
}

/** Concepts most of whose earlier pictures were in one pinned concept; null where there is no more than one. */
function mergeOfHeirs(
  model: FittedModel,
  groupBefore: Int32Array,
  id: number,
): { readonly kind: "merge"; readonly concepts: readonly number[] } | null {
  const known = new Map<number, number>();
  const shared = new Map<number, number>();
  model.images.concepts.forEach((concept, row) => {
    if (concept === -1 || groupBefore[row] === -1) return;
    known.set(concept, (known.get(concept) ?? 0) + 1);
    if (groupBefore[row] === id) shared.set(concept, (shared.get(concept) ?? 0) + 1);
  });
  if (!model.concepts.some((concept) => concept.id === id)) return null;
  const heirs = [...shared]
    .filter(([concept, count]) => concept !== id && 2 * count > known.get(concept)!)
    .map(([concept]) => concept);
  return heirs.length === 0 ? null : { kind: "merge", concepts: [id, ...heirs.sort((a, b) => a - b)] };
}

/** Takes a pinned concept without an heir out of the concepts that its pictures are in now. */
function rescueOf(model: FittedModel, groupBefore: Int32Array, id: number, draft: ConceptDraft): Edit | null {
  if (model.concepts.some((concept) => concept.id === id)) return null;
  const index = new PictureIndex(model.images);
  const pictures = [...groupBefore.keys()]
    .filter((row) => groupBefore[row] === id)
    .map((row) => index.keyOf(row));
  if (pictures.length === 0) return null;
  const taken = new Set(model.concepts.map(({ name }) => name));
  return { kind: "move", pictures, to: { ...draft, name: freeName(draft.name, id, taken) } };
}

/** Puts pictures that were moved by hand where they were put, as far as there is such a concept. */
function movesAgain(model: FittedModel, before: Grouping, laterOf: Int32Array): Edit[] {
  const index = new PictureIndex(model.images);
  const now = new Set(model.concepts.map(({ id }) => id));
  const rowsTo = new Map<number, number[]>();
  before.byHand.forEach((isByHand, earlier) => {
    const row = laterOf[earlier]!;
    const target = before.concepts[earlier]!;
    if (isByHand !== 1 || row === -1 || (target !== -1 && !now.has(target))) return;
    const rows = rowsTo.get(target);
    if (rows === undefined) rowsTo.set(target, [row]);
    else rows.push(row);
  });
  return [...rowsTo].map(([target, rows]) => ({
    kind: "move",
    pictures: rows.map((row) => index.keyOf(row)),
    to: target === -1 ? null : target,
  }));
}
