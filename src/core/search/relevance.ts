import { dot, type Matrix, row, rowProducts } from "../math/matrix.ts";
import type { ResolvedTerm } from "./query.ts";
import type { TextBackground } from "./text-background.ts";

/** A match below this relevance is none. */
export const RELEVANCE_FLOOR = 0.5;

/** Standard deviations above words in general from which on a picture shows what a text says. */
const TEXT_FLOOR = 3;
/** Share of a collection's own pictures that may lie as far from all others as a picture that is like none. */
const IMAGE_FLOOR = 0.05;

/** What scores are set against; null where there is nothing to set them against. */
export interface Backgrounds {
  readonly text: TextBackground | null;
  /** Of `nearestOtherCosines`; null where no picture is looked for. */
  readonly images: Float32Array | null;
}

/**
 * How well a picture answers a query, 0 to 1, with 0.5 where a match begins; null without a background.
 *
 * A text: `z / 6`, where `z` is how many standard deviations its cosine to this picture lies above the cosines of words
 * in general to this picture. A picture: the share of the collection's pictures whose nearest other is farther
 * away than this picture is from the one looked for, a share of 0.05 counting as 0.5.
 *
 * Several terms: the best of those that are wanted, less each that is not wanted and yet matches. Weights rank; whether a
 * picture shows a thing does not depend on how much it is wanted.
 *
 * The background is that of the picture and not the query's scores over the collection: there a word for a tenth of
 * the pictures stands out less (its mean is high) than one for none of them. docs/searching.md has the measurements.
 *
 * @param terms at least one with a weight above 0; vectors of length 1
 * @param pictures those that are judged, pictures x dimensions, rows of length 1
 * @param spreadOf how words in general score at one of them; default worked out anew
 * @returns one number for each of them
 */
export function relevances(
  terms: readonly ResolvedTerm[],
  backgrounds: Backgrounds,
  pictures: Matrix,
  spreadOf: (place: number, picture: Float32Array, words: TextBackground) => WordSpread = (
    _,
    picture,
    words,
  ) => wordSpread(words, picture),
): Float64Array | null {
  const hasText = terms.some(({ kind }) => kind === "text");
  const hasImage = terms.some(({ kind }) => kind === "image");
  if ((hasText && backgrounds.text === null) || (hasImage && backgrounds.images === null)) return null;
  const judged = new Float64Array(pictures.rows);
  const cosines = terms.map(({ vector }) => rowProducts(pictures, vector));
  for (let i = 0; i < pictures.rows; i++) {
    const spread = hasText ? spreadOf(i, row(pictures, i), backgrounds.text!) : null;
    let wanted = 0;
    let unwanted = 0;
    for (const [place, term] of terms.entries()) {
      const cosine = cosines[place]![i]!;
      const relevance =
        term.kind === "text" ? textRelevance(cosine, spread!) : imageRelevance(cosine, backgrounds.images!);
      if (term.weight > 0) wanted = Math.max(wanted, relevance);
      else if (relevance >= RELEVANCE_FLOOR) unwanted += relevance;
    }
    judged[i] = Math.max(0, wanted - unwanted);
  }
  return judged;
}

/** How words in general score at a picture: their cosines. */
export interface WordSpread {
  readonly mean: number;
  readonly deviation: number;
}

function wordSpread({ vectors, mean }: TextBackground, picture: Float32Array): WordSpread {
  const average = dot(mean, picture);
  let squares = 0;
  for (const cosine of rowProducts(vectors, picture)) squares += (cosine - average) ** 2;
  return { mean: average, deviation: Math.sqrt(squares / vectors.rows) };
}

/** Keeps the spreads of a collection's pictures: no query changes them, and each takes as long as 500 words. */
export class WordSpreads {
  private readonly means: Float64Array;
  /** NaN where it is not known yet. */
  private readonly deviations: Float64Array;

  constructor(pictures: number) {
    this.means = new Float64Array(pictures);
    this.deviations = new Float64Array(pictures).fill(Number.NaN);
  }

  of(row: number, picture: Float32Array, words: TextBackground): WordSpread {
    if (Number.isNaN(this.deviations[row])) {
      const { mean, deviation } = wordSpread(words, picture);
      this.means[row] = mean;
      this.deviations[row] = deviation;
    }
    return { mean: this.means[row]!, deviation: this.deviations[row]! };
  }
}

function textRelevance(cosine: number, { mean, deviation }: WordSpread): number {
  if (deviation === 0) return 0;
  return Math.min(1, Math.max(0, (cosine - mean) / deviation / (2 * TEXT_FLOOR)));
}

function imageRelevance(cosine: number, nearest: Float32Array): number {
  if (nearest.length === 0) return 1;
  const share = countBelow(nearest, cosine) / nearest.length;
  if (share < IMAGE_FLOOR) return (RELEVANCE_FLOOR * share) / IMAGE_FLOOR;
  return RELEVANCE_FLOOR + ((1 - RELEVANCE_FLOOR) * (share - IMAGE_FLOOR)) / (1 - IMAGE_FLOOR);
}

/** How many values of an ascending list lie at or below a value, give or take float32 rounding. */
function countBelow(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= value + 1e-6) low = middle + 1;
    else high = middle;
  }
  return low;
}
