import type { ApiSimilarity } from "../../core/explorer/api.ts";

/** Concepts in the order in which like ones lie together, with their similarities. */
export interface OrderedSimilarity {
  readonly ids: readonly number[];
  /** Row-major, `ids` x `ids`. */
  readonly values: Float32Array;
  /** Least and greatest that is not a concept with itself: what the colours span. */
  readonly least: number;
  readonly most: number;
}

export interface AlikePair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

export function orderSimilarity({ concepts, similarities, order }: ApiSimilarity): OrderedSimilarity {
  const size = concepts.length;
  const values = new Float32Array(size * size);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const value = similarities[order[i]! * size + order[j]!]!;
      values[i * size + j] = value;
      if (i === j) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return { ids: order.map((place) => concepts[place]!), values, least, most };
}

/** The pairs that are most alike, the most alike first. */
export function alikePairs({ ids, values }: OrderedSimilarity, count: number): AlikePair[] {
  const pairs: AlikePair[] = [];
  for (let i = 0; i < ids.length; i++) {
    for (let j = i + 1; j < ids.length; j++) {
      const similarity = values[i * ids.length + j]!;
      if (pairs.length === count && similarity <= pairs.at(-1)!.similarity) continue;
      pairs.push({ first: ids[i]!, second: ids[j]!, similarity });
      pairs.sort((a, b) => b.similarity - a.similarity);
      pairs.length = Math.min(pairs.length, count);
    }
  }
  return pairs;
}
