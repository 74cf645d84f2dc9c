import type { DenseKernels } from "../math/kernels.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { searchAllPairs } from "./all-pairs.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import { CandidateLists } from "./candidate-lists.ts";
import type { ExactRanking } from "./exact-ranking.ts";
import { partition } from "./partition.ts";

/** Share of the error of scores by which candidates may lie behind the k-th: enough to be certain of nearly every row. */
const MARGIN = 1.5;

/** Points are searched near ones together, which raises thresholds early and for neighbours alike. */
const POINTS_PER_PART = 500;

/**
 * Exact search of all points among themselves: integer products propose, exact distances decide.
 *
 * @returns the points whose neighbours are not certain, ascending; those of all others are written
 */
export async function searchBytes(
  vectors: ByteVectors,
  ranking: ExactRanking,
  kernels: DenseKernels,
  rng: Rng,
  pacer: WorkPacer,
): Promise<Int32Array> {
  const { k } = ranking.result;
  const keep = Math.min(k, vectors.codes.rows);
  const margins = Int32Array.from(vectors.lengths, (_, i) =>
    Math.min(MARGIN * vectors.scoreError(i), 2 ** 28),
  );
  const lists = new CandidateLists(margins, keep, 3 * keep + 48);
  const doubtful: number[] = [];
  const parts = Math.max(1, Math.round(vectors.codes.rows / POINTS_PER_PART));
  const { order } = await partition(vectors, parts, kernels, rng, pacer.part(0, 0.1));
  await searchAllPairs(vectors, order, lists, kernels, pacer.part(0.1, 1), (points) => {
    for (const i of points) {
      rankCandidates(i, lists, ranking, vectors, vectors.scoreError(i));
      if (isCertain(i, lists, ranking, vectors)) ranking.write(i);
      else doubtful.push(i);
    }
  });
  return Int32Array.from(doubtful).sort();
}

/**
 * Ranks the best of a list, then those that may be as near as the k-th of them.
 *
 * @param error how far scores may be wrong
 */
export function rankCandidates(
  point: number,
  lists: CandidateLists,
  ranking: ExactRanking,
  vectors: ByteVectors,
  error: number,
): void {
  const size = lists.sizes[point]!;
  const best = Math.min(lists.keep, size);
  lists.bringBestForward(point, best);
  ranking.clear();
  for (let slot = 0; slot < best; slot++) ranking.offer(point, lists.id(point, slot));
  let needed = vectors.scoreOf(ranking.bound()) - error;
  for (let slot = best; slot < size; slot++) {
    if (lists.score(point, slot) < needed) continue;
    ranking.offer(point, lists.id(point, slot));
    needed = vectors.scoreOf(ranking.bound()) - error;
  }
}

/** Nobody who was let go can be as near as the last neighbour found. */
function isCertain(
  point: number,
  lists: CandidateLists,
  ranking: ExactRanking,
  vectors: ByteVectors,
): boolean {
  return vectors.scoreOf(ranking.bound()) > lists.thresholds[point]! + vectors.scoreError(point);
}
