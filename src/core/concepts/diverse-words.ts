import { centredRows, meanVector } from "../captions/centred-vectors.ts";
import { dot, type Matrix, row, takeRows } from "../math/matrix.ts";
import type { ScoredWord, Vocabulary } from "../model.ts";

/**
 * Of the best words of each concept some that say different things, by maximal marginal relevance (Carbonell & Goldstein
 * 1998): `(1 - diversity) * score - diversity * redundancy`, the score scaled to 0 to 1 over the concept's list, the redundancy
 * the largest cosine similarity to a word picked before. The first word stays the first.
 *
 * Deviations: words that are passed over are left out for good, so that scores still descend, as long as enough are left; and
 * similarities are those of vectors less the mean word, as all words of a CLIP model are alike for being words.
 *
 * @param words for each concept its best words of the vocabulary, best first; only their vectors are compared
 * @param options.diversity 0 (lists as they are) to 1 (after the first only difference counts)
 * @returns for each concept `options.count` words, or all where there are fewer, in the order of `words`
 */
export function diverseWords(
  words: readonly (readonly ScoredWord[])[],
  vocabulary: Vocabulary,
  options: { readonly count: number; readonly diversity: number },
): ScoredWord[][] {
  if (options.diversity === 0) return words.map((list) => list.slice(0, options.count));
  const rowOf = new Map<string, number>();
  vocabulary.words.forEach((word, row) => {
    if (!rowOf.has(word)) rowOf.set(word, row);
  });
  const mean = meanVector(vocabulary.vectors);
  return words.map((list) => {
    const rows = Int32Array.from(list, ({ word }) => rowOf.get(word)!);
    const unit = centredRows(takeRows(vocabulary.vectors, rows), mean);
    return picksDownwards(scaledScores(list), unit, options).map((pick) => list[pick]!);
  });
}

/** The best is 1, the last 0; all 1 where they are equal. */
function scaledScores(words: readonly ScoredWord[]): Float64Array {
  const best = words[0]?.score ?? 0;
  const range = best - (words.at(-1)?.score ?? 0);
  return Float64Array.from(words, ({ score }) => (range > 0 ? 1 - (best - score) / range : 1));
}

/** @returns ascending rows of `unit`, ties to the lower one */
function picksDownwards(
  relevance: Float64Array,
  unit: Matrix,
  { count, diversity }: { readonly count: number; readonly diversity: number },
): number[] {
  const redundancy = new Float64Array(unit.rows).fill(-1);
  const wanted = Math.min(count, unit.rows);
  const picks: number[] = [];
  let pick = 0;
  while (picks.length < wanted) {
    picks.push(pick);
    const picked = row(unit, pick);
    const next = pick + 1;
    // As many must be left below as are still wanted.
    const end = unit.rows - (wanted - picks.length) + 1;
    let best = -Infinity;
    for (let i = next; i < unit.rows; i++) {
      redundancy[i] = Math.max(redundancy[i]!, dot(row(unit, i), picked));
      const gain = (1 - diversity) * relevance[i]! - diversity * redundancy[i]!;
      if (i < end && gain > best) {
        best = gain;
        pick = i;
      }
    }
  }
  return picks;
}
