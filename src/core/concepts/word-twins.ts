import type { Vocabulary, WordLanguage } from "../model.ts";
import { type Lemmatizer, lemmasByRule, lemmatizerOf } from "./lemmatizer.ts";

/** Leaves one form of each word, the first: "dog" of "dog", "dogs" and "Dog". Two words that share a lemma are forms of one. */
export function withoutTwins<T extends { readonly word: string }>(
  words: readonly T[],
  lemmatizer: Lemmatizer,
): T[] {
  const seen = new Set<string>();
  return words.filter(({ word }) => {
    const lemmas = lemmatizer(word);
    if (lemmas.some((lemma) => seen.has(lemma))) return false;
    for (const lemma of lemmas) seen.add(lemma);
    return true;
  });
}

/** Finds the lemmas that a vocabulary keeps; by rule where it keeps none, as in models of earlier versions. */
export function keptLemmas({ words, lemmas }: Vocabulary, language: WordLanguage | undefined): Lemmatizer {
  const byRule = lemmatizerOf(language, lemmasByRule);
  if (lemmas === undefined) return byRule;
  const rowOf = new Map(words.map((word, row) => [word, row]));
  return (word) => lemmas[rowOf.get(word) ?? -1] ?? byRule(word);
}
