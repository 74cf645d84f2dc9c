import type { ImageTable } from "../model.ts";

/** Which rows of two image tables are the same picture. */
export interface PicturePairs {
  /** For each row of the first table its row in the second, -1 where it is not there. */
  readonly laterOf: Int32Array;
  /** For each row of the second table its row in the first, -1 where it is not there. */
  readonly earlierOf: Int32Array;
  /** Number of pairs. */
  readonly count: number;
}

type Pictures = Pick<ImageTable, "ids" | "paths">;

const CONTENT_HASH = /^[0-9a-f]{64}$/;

/**
 * Pairs the pictures of two collections: by content where both tables have content hashes, so that a file that was moved or
 * renamed is still the same picture; else by name. Of several equal files those of equal paths are paired first, then the
 * others in their order; a row is in one pair at most.
 */
export function pairPictures(before: Pictures, after: Pictures): PicturePairs {
  const byContent = hasHashes(before) && hasHashes(after);
  const keysOf = ({ ids, paths }: Pictures): readonly string[] => (byContent ? ids : paths);
  const laterOf = new Int32Array(before.paths.length).fill(-1);
  const earlierOf = new Int32Array(after.paths.length).fill(-1);
  let count = 0;
  const pair = (from: readonly string[], to: readonly string[]): void => {
    const waiting = rowsByKey(from, laterOf);
    for (let row = 0; row < to.length; row++) {
      if (earlierOf[row] !== -1) continue;
      const earlier = waiting.get(to[row]!)?.pop();
      if (earlier === undefined) continue;
      laterOf[earlier] = row;
      earlierOf[row] = earlier;
      count++;
    }
  };
  if (byContent) pair(contentAndPath(before), contentAndPath(after));
  pair(keysOf(before), keysOf(after));
  return { laterOf, earlierOf, count };
}

function hasHashes({ ids }: Pictures): boolean {
  return ids.every((id) => CONTENT_HASH.test(id));
}

function contentAndPath({ ids, paths }: Pictures): string[] {
  return ids.map((id, row) => `${id} ${paths[row]}`);
}

/** Rows without a pair yet by their key, descending: the first is taken from the end. */
function rowsByKey(keys: readonly string[], partner: Int32Array): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (let row = keys.length - 1; row >= 0; row--) {
    if (partner[row] !== -1) continue;
    const list = rows.get(keys[row]!);
    if (list === undefined) rows.set(keys[row]!, [row]);
    else list.push(row);
  }
  return rows;
}
