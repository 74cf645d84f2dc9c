/** How well scores find the pictures they should find. */
export interface RetrievalPower {
  /** Chance that one of the right pictures scores above one of the others: 1 finds all first, 0.5 is chance. */
  readonly auc: number;
  /** Standard error of `auc` where scores say nothing (Mann-Whitney). */
  readonly noise: number;
}

/** @returns null where there is nothing to find or nothing to tell it from */
export function retrievalPower(right: Float64Array, others: Float64Array): RetrievalPower | null {
  if (right.length === 0 || others.length === 0) return null;
  const sorted = others.slice().sort();
  let above = 0;
  for (const score of right)
    above += (countBelow(sorted, score, false) + countBelow(sorted, score, true)) / 2;
  const noise = Math.sqrt((right.length + others.length + 1) / (12 * right.length * others.length));
  return { auc: above / (right.length * others.length), noise };
}

/** How many values of an ascending list are below a value, or equal to it too. */
export function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
