import type { ImageTable } from "../../core/model.ts";

/** A picture file found now. */
export interface FoundPicture {
  readonly path: string;
  readonly id: string;
}

/** What became of the pictures of a model. */
export interface CollectionChange {
  /** For each found picture its row in the model, -1 for new content. */
  readonly rowOfFound: Int32Array;
  /** Rows of pictures whose file is not there any more. */
  readonly missing: readonly number[];
  readonly added: number;
  /** Other content under a known path. */
  readonly changed: number;
  /** Known content under another path. */
  readonly moved: number;
}

/**
 * Matches the pictures of a model with those found: by path and content, then by content alone, for files that were renamed.
 *
 * @param isLookedAt whether a path of the model was to be found, had its file been there
 */
export function matchCollection(
  images: Pick<ImageTable, "ids" | "paths">,
  found: readonly FoundPicture[],
  isLookedAt: (path: string) => boolean,
): CollectionChange {
  const rowOfPath = new Map(images.paths.map((path, row) => [path, row]));
  const foundPaths = new Set(found.map(({ path }) => path));
  const movable = new Map<string, number[]>();
  images.ids.forEach((id, row) => {
    const path = images.paths[row]!;
    if (foundPaths.has(path) || !isLookedAt(path)) return;
    const rows = movable.get(id);
    if (rows === undefined) movable.set(id, [row]);
    else rows.push(row);
  });
  const counts = { added: 0, changed: 0, moved: 0 };
  const matched = new Set<number>();
  const rowOfFound = Int32Array.from(found, ({ path, id }) => {
    const same = rowOfPath.get(path);
    const isKnown = same !== undefined && images.ids[same] === id;
    const row = isKnown ? same : same === undefined ? movable.get(id)?.shift() : undefined;
    if (row === undefined) counts[same === undefined ? "added" : "changed"]++;
    else {
      matched.add(row);
      if (!isKnown) counts.moved++;
    }
    return row ?? -1;
  });
  const missing = images.paths.flatMap((path, row) => {
    return isLookedAt(path) && !matched.has(row) && !foundPaths.has(path) ? [row] : [];
  });
  return { rowOfFound, missing, ...counts };
}
