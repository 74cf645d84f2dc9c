import path from "node:path";
import type { ImageTable } from "../../core/model.ts";
import { DistinctNames } from "./safe-name.ts";
import { rowsByConcept } from "./shown-concepts.ts";

/** Where a picture goes among folders by concept. */
export interface PicturePlace {
  readonly row: number;
  readonly folder: string;
  readonly name: string;
}

/**
 * A folder for each group that has pictures, called by its name, and `unclustered` for those in no concept. Names are made safe for
 * every system, and numbered where they meet.
 *
 * @param groups concepts and what their folders are called, in order; pictures of others are left out
 * @param rows only these pictures; default all
 */
export function picturePlaces(
  images: Pick<ImageTable, "concepts" | "paths">,
  groups: readonly { readonly id: number; readonly name: string }[],
  rows?: ReadonlySet<number>,
): PicturePlace[] {
  const folders = new DistinctNames();
  const members = rowsByConcept(images);
  return [...groups, { id: -1, name: "unclustered" }].flatMap(({ id, name }) => {
    const own = (members.get(id) ?? []).filter((row) => rows === undefined || rows.has(row));
    if (own.length === 0) return [];
    const folder = folders.next(name);
    const names = new DistinctNames();
    return own.map((row) => ({ row, folder, name: names.next(path.basename(images.paths[row]!)) }));
  });
}
