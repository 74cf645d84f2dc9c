import { applyEdits, EditFault, groupingAfter } from "../edits/apply-edits.ts";
import type { CarryEdit, Edit, PictureKey, ReducedOutliers } from "../edits/edit.ts";
import { PictureIndex } from "../edits/picture-keys.ts";
import type { FittedModel, ImageTable } from "../model.ts";

/** Edits that were made for an earlier state of a collection, replayed on a later one. */
export interface CarriedEdits {
  readonly model: FittedModel;
  /** Edits that no longer mean anything, because what they were about has gone. */
  readonly dropped: readonly Edit[];
}

/**
 * Replays edits on a collection that has grown or shrunk. Pictures are found again by row; those that have gone leave
 * the edits, as do concepts of the fit that lost all of theirs, and edits that are left without sense are dropped.
 *
 * @param before the fit as it was
 * @param rowNow for each earlier row the row now, -1 where the picture has gone
 */
export function carryEdits(
  base: FittedModel,
  edits: readonly Edit[],
  before: { readonly images: Pick<ImageTable, "ids" | "paths">; readonly concepts: FittedModel["concepts"] },
  rowNow: Int32Array,
): CarriedEdits {
  const earlier = new PictureIndex(before.images);
  const now = new PictureIndex(base.images);
  const place = (key: PictureKey): PictureKey | null => {
    const row = rowNow[earlier.rowOf(key)]!;
    return row === -1 ? null : now.keyOf(row);
  };
  const ids = new Set(base.concepts.map(({ id }) => id));
  const isThere = before.concepts.map(({ id }) => ids.has(id));
  const carried = edits.map((edit) => ({
    edit,
    moved: edit.kind === "carry" ? movedCarry(edit, isThere) : movedEdit(edit, place),
  }));
  const kept = carried.filter(({ moved }) => moved !== null);
  const dropped = carried.filter(({ moved }) => moved === null).map(({ edit }) => edit);
  for (;;) {
    try {
      const model = applyEdits(
        base,
        kept.map(({ moved }) => moved!),
      );
      return { model, dropped };
    } catch (error) {
      if (!(error instanceof EditFault)) throw error;
      const [faulty] = kept.splice(error.place, 1);
      const left = mergeOfThoseLeft(faulty!.moved!, base, kept.slice(0, error.place));
      if (left !== null) kept.splice(error.place, 0, { edit: faulty!.edit, moved: left });
      else dropped.push(faulty!.edit);
    }
  }
}

/** A merge without the concepts that are not there any more; null where that leaves nothing to merge, or not the one that is kept. */
function mergeOfThoseLeft(
  edit: Edit,
  base: FittedModel,
  earlier: readonly { readonly moved: Edit | null }[],
): Edit | null {
  if (edit.kind !== "merge") return null;
  const { entries } = groupingAfter(
    base,
    earlier.map(({ moved }) => moved!),
  );
  const concepts = edit.concepts.filter((id) => entries.has(id));
  const isSound = concepts.length >= 2 && concepts.length < edit.concepts.length;
  return isSound && concepts[0] === edit.concepts[0] ? { ...edit, concepts } : null;
}

/** @param isThere for each concept of the fit as it was whether it still has images */
function movedCarry(edit: CarryEdit, isThere: readonly boolean[]): CarryEdit {
  const concepts = edit.concepts.filter((_, place) => isThere[place]);
  const ids = new Set(concepts.map(({ concept }) => concept));
  const isKept = (id: number): boolean => ids.has(id);
  return { ...edit, concepts, pinned: edit.pinned.filter(isKept), hidden: edit.hidden.filter(isKept) };
}

type Place = (key: PictureKey) => PictureKey | null;

function movedEdit(edit: Edit, place: Place): Edit | null {
  if (edit.kind === "move") {
    const pictures = movedKeys(edit.pictures, place);
    return pictures.length === 0 ? null : { ...edit, pictures };
  }
  if (edit.kind === "split") {
    const parts = edit.parts.map((part) => ({ ...part, pictures: movedKeys(part.pictures, place) }));
    const filled = parts.filter(({ pictures }) => pictures.length > 0);
    return filled.length === 0 ? null : { ...edit, parts: filled };
  }
  if (edit.kind === "outliers") return { ...edit, ...movedOutliers(edit, place) };
  if (edit.kind === "recut" && edit.outliers !== undefined) {
    return { ...edit, outliers: movedOutliers(edit.outliers, place) };
  }
  return edit;
}

function movedKeys(pictures: readonly PictureKey[], place: Place): PictureKey[] {
  return pictures.map(place).filter((key) => key !== null);
}

function movedOutliers(outliers: ReducedOutliers, place: Place): ReducedOutliers {
  const keys = outliers.pictures.map(place);
  const isKept = (_: unknown, i: number): boolean => keys[i] !== null;
  return {
    strategy: outliers.strategy,
    threshold: outliers.threshold,
    pictures: keys.filter((key) => key !== null),
    concepts: outliers.concepts.filter(isKept),
    strengths: outliers.strengths.filter(isKept),
  };
}
