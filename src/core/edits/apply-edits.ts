import { conceptVectors, pickExemplars } from "../concepts/exemplars.ts";
import { type Matrix, row, zeros } from "../math/matrix.ts";
import type { Concept, FittedModel } from "../model.ts";
import { applyEditInPlace } from "./apply-edit.ts";
import type { Edit } from "./edit.ts";
import { Grouping } from "./grouping.ts";

/** Pictures that stand for a concept in which the clusterer found no exemplars. */
const MOST_TYPICAL = 256;

/** An edit could not be applied to the model as it was at that point. */
export class EditFault extends Error {
  override readonly name = "EditFault";
  /** Place of the edit in the list. */
  readonly place: number;

  constructor(place: number, cause: Error) {
    super(cause.message, { cause });
    this.place = place;
  }
}

/**
 * A fitted model as edits have shaped it. Ids never change and are never given twice; pictures are in one concept or none.
 * Pure: equal models and edits give equal models, and nothing is computed that an edit has written down: names, words and
 * which picture went where. What a concept keeps as it was in the fit, its exemplars and vector among it, is taken from there.
 *
 * @param base as it came from a fit, without `shaping`
 * @throws EditFault with the first edit that does not fit, and the InputError that says why as its cause
 */
export function applyEdits(base: FittedModel, edits: readonly Edit[]): FittedModel {
  return edits.length === 0 ? base : shapedModel(groupingAfter(base, edits), edits);
}

/** The concepts of a model after some edits. @throws EditFault as `applyEdits` */
export function groupingAfter(base: FittedModel, edits: readonly Edit[]): Grouping {
  const grouping = new Grouping(base);
  edits.forEach((edit, place) => {
    try {
      applyEditInPlace(grouping, edit);
    } catch (error) {
      throw error instanceof Error ? new EditFault(place, error) : error;
    }
  });
  return grouping;
}

function shapedModel(grouping: Grouping, edits: readonly Edit[]): FittedModel {
  const { base, entries, clusterer } = grouping;
  const { ids, sizeOf } = grouping.idsBySize();
  const pictured = picturedConcepts(grouping, ids);
  const seeded = new Set<number | undefined>(base.concepts.filter((one) => one.seeded).map((one) => one.id));
  const concepts = ids.map((id, place): Concept => {
    const { name, words, renamed, pinned, hidden } = entries.get(id)!;
    const namedBy = grouping.namerOf(entries.get(id)!);
    return {
      id,
      name,
      words,
      size: sizeOf.get(id)!,
      exemplars: pictured.exemplars[place]!,
      ...(renamed ? { renamed } : {}),
      ...(namedBy === undefined ? {} : { namedBy }),
      ...(pinned ? { pinned } : {}),
      ...(hidden ? { hidden } : {}),
      ...(seeded.has(grouping.baseIds.get(id)) ? { seeded: true } : {}),
    };
  });
  return {
    ...base,
    images: { ...base.images, concepts: grouping.concepts, probabilities: grouping.probabilities },
    concepts,
    conceptVectors: pictured.vectors,
    clusterer,
    conceptOfLabel: grouping.conceptOfLabel(),
    shaping: { base, edits: [...edits] },
  };
}

/** Vectors and exemplars of concepts, those of the fit where a concept has the same pictures as there. */
function picturedConcepts(
  grouping: Grouping,
  ids: readonly number[],
): { readonly vectors: Matrix; readonly exemplars: readonly Int32Array[] } {
  const { base } = grouping;
  const kept = keptPlaces(grouping);
  const changed = ids.filter((id) => !kept.has(id));
  const typical = typicalRows(grouping, changed);
  const newVectors = conceptVectors(base.imageVectors, typical);
  const newExemplars = pickExemplars(base.imageVectors, newVectors, typical, {
    diversity: base.parameters.diversity,
  });
  const vectors = zeros(ids.length, base.conceptVectors.cols);
  const placeOfChanged = new Map(changed.map((id, i) => [id, i]));
  const exemplars = ids.map((id, place) => {
    const i = placeOfChanged.get(id);
    const source = i === undefined ? row(base.conceptVectors, kept.get(id)!) : row(newVectors, i);
    row(vectors, place).set(source);
    return i === undefined ? base.concepts[kept.get(id)!]!.exemplars : newExemplars[i]!;
  });
  return { vectors, exemplars };
}

/** Places in the fit of the concepts that have the pictures they had there and no others, by id. */
function keptPlaces({ base, baseIds, concepts, clusterer }: Grouping): Map<number, number> {
  const kept = new Map<number, number>();
  // Another cut has other exemplars.
  if (clusterer !== base.clusterer) return kept;
  const idNow = new Map([...baseIds].map(([id, fitted]) => [fitted, id]));
  base.concepts.forEach(({ id }, place) => {
    if (idNow.has(id)) kept.set(idNow.get(id)!, place);
  });
  base.images.concepts.forEach((fitted, picture) => {
    const before = fitted === -1 ? -1 : (idNow.get(fitted) ?? -1);
    const now = concepts[picture]!;
    if (before === now) return;
    kept.delete(before);
    kept.delete(now);
  });
  return kept;
}

/**
 * For each concept the clusterer's exemplars among its pictures, ascending; where there are none, the pictures of greatest
 * strength.
 */
function typicalRows(grouping: Grouping, ids: readonly number[]): Int32Array[] {
  const { clusterer, concepts, probabilities } = grouping;
  const rowsOf = new Map(ids.map((id) => [id, [] as number[]]));
  for (const rows of clusterer.exemplars) {
    for (const picture of rows) rowsOf.get(concepts[picture]!)?.push(picture);
  }
  const without = new Map([...rowsOf].filter(([, rows]) => rows.length === 0));
  if (without.size > 0) {
    for (let picture = 0; picture < concepts.length; picture++)
      without.get(concepts[picture]!)?.push(picture);
    for (const rows of without.values()) {
      rows.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b).splice(MOST_TYPICAL);
    }
  }
  return ids.map((id) => Int32Array.from(rowsOf.get(id)!).sort());
}
