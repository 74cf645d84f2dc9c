import { InputError } from "../errors.ts";
import type { Rng } from "../math/rng.ts";

/**
 * Rows drawn evenly without repetition (Vitter 1985, algorithm R's predecessor S: one pass, each row with the share still
 * wanted). Every region loses the same share of its points, so what is denser stays denser: all that HDBSCAN asks about.
 *
 * @returns `size` of the numbers below `rows`, ascending
 */
export function sampleRows(rows: number, size: number, rng: Rng): Int32Array {
  const chosen = new Int32Array(size);
  let count = 0;
  for (let row = 0; row < rows && count < size; row++) {
    if (rng.below(rows - row) < size - count) chosen[count++] = row;
  }
  return chosen;
}

/** @returns null where there are no more rows than that. @throws InputError when it is no whole number of at least 1 */
export function sampleSize(asked: number | undefined, rows: number): number | null {
  if (asked === undefined) return null;
  if (Number.isInteger(asked) && asked >= 1) return asked < rows ? asked : null;
  const details = { expected: "a whole number of at least 1", found: String(asked) };
  throw new InputError("The sample is out of range", details, "BAD_OPTION");
}

/** A concept of `smallestSure` images is found with this probability. */
export const SURE = 0.95;

/**
 * The floor that a sample sets on small concepts: the least number of images of a concept of which, with probability `SURE`, at
 * least `minConceptSize` are in the sample (binomial, which is a little more careful than drawing without repetition).
 */
export function smallestSure(rows: number, size: number, minConceptSize: number): number {
  if (size >= rows) return minConceptSize;
  const share = size / rows;
  let [low, high] = [minConceptSize, minConceptSize];
  while (shortfall(high, share, minConceptSize) > 1 - SURE) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (shortfall(middle, share, minConceptSize) > 1 - SURE) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Probability that fewer than `wanted` of `images` are drawn, each with probability `share`. */
function shortfall(images: number, share: number, wanted: number): number {
  // In logarithms: the first terms of large concepts underflow.
  let term = images * Math.log1p(-share);
  let sum = 0;
  for (let drawn = 0; drawn < wanted; drawn++) {
    sum += Math.exp(term);
    term += Math.log(images - drawn) - Math.log(drawn + 1) + Math.log(share) - Math.log1p(-share);
  }
  return sum;
}
