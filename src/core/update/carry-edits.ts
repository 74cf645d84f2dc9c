import { applyEdits, EditFault } from "../edits/apply-edits.ts";
import type { Edit, PictureKey, ReducedOutliers } from "../edits/edit.ts";
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
 * the edits, and edits that are left without sense are dropped.
 *
 * @param rowNow for each earlier row the row now, -1 where the picture has gone
 */
export function carryEdits(
  base: FittedModel,
  edits: readonly Edit[],
  before: Pick<ImageTable, "ids" | "paths">,
  rowNow: Int32Array,
): CarriedEdits {
  const earlier = new PictureIndex(before);
  const now = new PictureIndex(base.images);
  const place = (key: PictureKey): PictureKey | null => {
    const row = rowNow[earlier.rowOf(key)]!;
    return row === -1 ? null : now.keyOf(row);
  };
  const carried = edits.map((edit) => ({ edit, moved: movedEdit(edit, place) }));
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
      dropped.push(...kept.splice(error.place, 1).map(({ edit }) => edit));
    }
  }
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
