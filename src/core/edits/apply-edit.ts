import { InputError } from "../errors.ts";
import type { CarryEdit, Edit, MergeEdit, MoveEdit, RecutEdit, ReducedOutliers, SplitEdit } from "./edit.ts";
import type { Grouping } from "./grouping.ts";

/** Changes a grouping as one edit says. @throws InputError when the edit does not fit it, which may then be half-changed */
export function applyEditInPlace(grouping: Grouping, edit: Edit): void {
  switch (edit.kind) {
    case "recut":
      recut(grouping, edit);
      break;
    case "merge":
      merge(grouping, edit);
      break;
    case "split":
      split(grouping, edit);
      break;
    case "rename":
      grouping.rename(edit.concept, edit.name);
      grouping.entry(edit.concept).renamed = true;
      grouping.tellNamer(edit.name, edit.namedBy);
      break;
    case "pin":
      grouping.entry(edit.concept).pinned = edit.pinned;
      break;
    case "hide":
      grouping.entry(edit.concept).hidden = edit.hidden;
      break;
    case "move":
      move(grouping, edit);
      break;
    case "outliers":
      giveOutliers(grouping, edit);
      break;
    case "carry":
      carry(grouping, edit);
      break;
  }
  grouping.editCount++;
}

function recut(grouping: Grouping, { cut, owners, concepts: drafts, outliers }: RecutEdit): void {
  const { base, entries, concepts, probabilities, byHand } = grouping;
  if (base.clusterer.recut === undefined) throw withoutHierarchy();
  const clusterer = base.clusterer.recut(cut);
  if (owners.length !== clusterer.clusterCount) {
    throw new InputError("The recut does not fit the hierarchy", {
      expected: `an owner for each of ${clusterer.clusterCount} groups`,
      found: `${owners.length}`,
    });
  }
  const pinned = new Set([...entries].filter(([, entry]) => entry.pinned).map(([id]) => id));
  const drafted = new Set(drafts.map(({ concept }) => concept));
  for (const id of [...entries.keys()]) if (!pinned.has(id) && !drafted.has(id)) grouping.remove(id);
  // Names are free before they are given: two concepts may have changed theirs.
  for (const { concept } of drafts) if (entries.has(concept)) entries.get(concept)!.name = "";
  for (const draft of [...drafts].sort((a, b) => a.concept - b.concept)) {
    if (pinned.has(draft.concept)) throw new InputError(`Concept ${draft.concept} is pinned`);
    if (entries.has(draft.concept)) grouping.describe(draft);
    else grouping.add(draft);
  }
  for (const owner of owners) if (owner !== -1) grouping.entry(owner);
  grouping.clusterer = clusterer;
  for (let row = 0; row < concepts.length; row++) {
    const concept = concepts[row]!;
    if (pinned.has(concept)) continue;
    if (byHand[row] === 1 && (concept === -1 || entries.has(concept))) continue;
    byHand[row] = 0;
    const label = clusterer.labels[row]!;
    concepts[row] = label === -1 ? -1 : owners[label]!;
    probabilities[row] = concepts[row] === -1 ? 0 : clusterer.probabilities[row]!;
  }
  if (outliers !== undefined) giveOutliers(grouping, outliers);
  grouping.removeEmpty();
}

function merge(grouping: Grouping, { concepts, result }: MergeEdit): void {
  const [first, ...others] = concepts;
  const distinct = new Set(concepts);
  if (first === undefined || others.length === 0 || distinct.size !== concepts.length) {
    throw new InputError("A merge needs concepts that differ", {
      expected: "two or more ids",
      found: concepts.join(", ") || "none",
    });
  }
  if (result.concept !== first) throw new InputError("A merge keeps the id of the first concept named");
  for (const id of concepts) grouping.entry(id);
  grouping.entry(first).hidden = concepts.every((id) => grouping.entry(id).hidden);
  for (const id of others) grouping.remove(id);
  grouping.describe(result).pinned = true;
  const { concepts: conceptOf } = grouping;
  for (let row = 0; row < conceptOf.length; row++) {
    if (conceptOf[row] !== first && distinct.has(conceptOf[row]!)) conceptOf[row] = first;
  }
}

function split(grouping: Grouping, { rest, parts }: SplitEdit): void {
  const { concept } = rest;
  const { hidden } = grouping.entry(concept);
  if (parts.length === 0) throw new InputError("A split needs a part to take out");
  grouping.describe(rest).pinned = true;
  for (const { draft, pictures } of parts) {
    const entry = grouping.add(draft);
    entry.pinned = true;
    entry.hidden = hidden;
    for (const row of grouping.pictures.rowsOf(pictures)) {
      if (grouping.concepts[row] !== concept) {
        throw new InputError(`A picture to be split from concept ${concept} is not in it`, {
          found: grouping.base.images.paths[row]!,
        });
      }
      grouping.concepts[row] = draft.concept;
    }
  }
  grouping.removeEmpty();
}

function move(grouping: Grouping, { pictures, to }: MoveEdit): void {
  const rows = grouping.pictures.rowsOf(pictures);
  if (rows.length === 0) throw new InputError("There are no pictures to move");
  if (typeof to === "number") grouping.entry(to);
  const target = to === null ? -1 : typeof to === "number" ? to : to.concept;
  for (const row of rows) {
    grouping.concepts[row] = target;
    grouping.probabilities[row] = target === -1 ? 0 : 1;
    grouping.byHand[row] = 1;
  }
  grouping.removeEmpty();
  // A concept that lost its last picture leaves its name to the one that is made of them.
  if (to !== null && typeof to === "object") grouping.add(to).pinned = true;
}

function giveOutliers(grouping: Grouping, edit: ReducedOutliers): void {
  const { pictures, concepts, strengths } = edit;
  if (concepts.length !== pictures.length || strengths.length !== pictures.length) {
    throw new InputError("Outliers, their concepts and their strengths differ in number");
  }
  grouping.pictures.rowsOf(pictures).forEach((row, i) => {
    if (grouping.concepts[row] !== -1) {
      throw new InputError("A picture is in a concept already and no outlier", {
        found: grouping.base.images.paths[row]!,
      });
    }
    grouping.entry(concepts[i]!);
    grouping.concepts[row] = concepts[i]!;
    grouping.probabilities[row] = strengths[i]!;
  });
}

function carry(grouping: Grouping, { concepts: drafts, pinned, hidden, next }: CarryEdit): void {
  const { base, baseIds, concepts } = grouping;
  if (grouping.editCount > 0) throw new InputError("Ids can be carried over only before any other edit");
  const ids = drafts.map(({ concept }) => concept);
  const isTaken = new Set(ids).size !== ids.length || ids.some((id) => id >= next);
  if (ids.length !== base.concepts.length || isTaken) {
    throw new InputError("Carried ids do not fit the concepts of the fit", {
      expected: `${base.concepts.length} different ids below ${next}`,
      found: `${ids.length}`,
    });
  }
  const moved = new Map(base.concepts.map(({ id }, place) => [id, ids[place]!]));
  grouping.startAgain(next);
  for (const draft of drafts) {
    const entry = grouping.add(draft);
    entry.pinned = pinned.includes(draft.concept);
    entry.hidden = hidden.includes(draft.concept);
  }
  for (const id of [...pinned, ...hidden]) grouping.entry(id);
  for (const [from, to] of moved) baseIds.set(to, from);
  for (let row = 0; row < concepts.length; row++) {
    if (concepts[row] !== -1) concepts[row] = moved.get(concepts[row]!)!;
  }
}

function withoutHierarchy(): InputError {
  return new InputError("The concepts cannot be recut", {
    expected: "a clusterer that keeps a hierarchy, as HDBSCAN does",
    found: "one that does not",
  });
}
