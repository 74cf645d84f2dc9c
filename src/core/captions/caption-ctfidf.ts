import { compressRows, ctfidfWeights, heaviestTerms } from "../concepts/ctfidf.ts";
import type { ScoredWord } from "../model.ts";
import { captionTerms } from "./caption-words.ts";

/**
 * The words that set the captions of a concept apart from those of the others, by c-TF-IDF (Grootendorst 2022): the
 * owner's own words. A word counts once a picture, however often its captions say it, so that a picture with five
 * captions says no more than one with one. Captions of pictures in no concept form a class of their own.
 *
 * @param captions texts of each image
 * @param groups group of each image, 0 to `options.groups` - 1; -1 for none
 * @returns for each group at most `options.count` words, best first, with their weights; none without captions
 */
export function wordsByCaptions(
  captions: readonly (readonly string[])[],
  groups: Int32Array,
  options: { readonly groups: number; readonly count: number },
): ScoredWord[][] {
  const terms = captionTerms(captions);
  const perClass = Array.from({ length: options.groups + 1 }, () => new Map<number, number>());
  terms.pictures.forEach((pictures, term) => {
    for (const picture of pictures) {
      const group = groups[picture]!;
      const counts = perClass[group === -1 ? options.groups : group]!;
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  });
  // The class of pictures in none is no class where all are in one.
  const classes = perClass.filter((counts, i) => i < options.groups || counts.size > 0);
  const counts = compressRows(classes, terms.words.length);
  const weights = ctfidfWeights(counts);
  return Array.from({ length: options.groups }, (_, group) =>
    heaviestTerms(counts, weights, group, options.count).map((i) => ({
      word: terms.words[counts.terms[i]!]!,
      score: weights[i]!,
    })),
  );
}
