/** A group and its heir. */
export interface GroupMatch {
  readonly before: number;
  readonly after: number;
  /** Pictures in both over pictures in either, 0 to 1. */
  readonly jaccard: number;
}

/** Below this, a group has little to do with its best match: the name of the one would mislead about the other. */
const LEAST_OVERLAP = 0.25;

/**
 * Matches groups of one partition to groups of another, each to one at most, those that overlap most first (Jaccard); of equals
 * the lower numbers.
 *
 * @param before group of each picture, -1 for none
 * @param after of the same pictures, in the same order
 */
export function matchGroups(before: Int32Array, after: Int32Array): GroupMatch[] {
  const sizesBefore = countGroups(before);
  const sizesAfter = countGroups(after);
  const shared = new Map<number, Map<number, number>>();
  before.forEach((from, picture) => {
    const to = after[picture]!;
    if (from === -1 || to === -1) return;
    const counts = shared.get(from) ?? new Map<number, number>();
    counts.set(to, (counts.get(to) ?? 0) + 1);
    shared.set(from, counts);
  });
  const candidates = [...shared].flatMap(([from, counts]) =>
    [...counts].map(([to, count]) => {
      const either = sizesBefore.get(from)! + sizesAfter.get(to)! - count;
      return { before: from, after: to, jaccard: count / either };
    }),
  );
  candidates.sort((a, b) => b.jaccard - a.jaccard || a.before - b.before || a.after - b.after);
  const [usedBefore, usedAfter] = [new Set<number>(), new Set<number>()];
  return candidates.filter(({ before: from, after: to, jaccard }) => {
    if (jaccard < LEAST_OVERLAP || usedBefore.has(from) || usedAfter.has(to)) return false;
    usedBefore.add(from);
    usedAfter.add(to);
    return true;
  });
}

function countGroups(groups: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes;
}
