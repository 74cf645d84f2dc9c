/** Lengths of bars, 0 to 1, on one scale. */
export interface BarShares {
  readonly all: Float64Array;
  readonly shown: Float64Array;
}

/**
 * Bars as shares of their own sums: a selection of a hundred is compared with a collection of a hundred thousand, and a longer bar
 * of the selection says that it has more of something than the collection has.
 */
export function barShares(all: Uint32Array, shown: Uint32Array): BarShares {
  const shares = [all, shown].map((counts) => {
    const sum = counts.reduce((total, count) => total + count, 0);
    return Float64Array.from(counts, (count) => (sum === 0 ? 0 : count / sum));
  }) as [Float64Array, Float64Array];
  let longest = 0;
  for (const list of shares) for (const share of list) longest = Math.max(longest, share);
  const scaled = shares.map((list) => list.map((share) => (longest === 0 ? 0 : share / longest)));
  return { all: scaled[0]!, shown: scaled[1]! };
}
