import type { Vocabulary, WordLanguage } from "../model.ts";
import { singular } from "./singular.ts";

/**
 * The dictionary forms that a word may be a form of, likeliest first, at least one, in lower case: "leaf", "leave" for "Leaves",
 * "dog" for "dog". To be compared, never shown.
 */
export type Lemmatizer = (word: string) => readonly string[];

/** Without a dictionary: the singular of an English noun, by rule. */
export const lemmasByRule: Lemmatizer = (word) => [singular(plainForm(word))];

/** For languages that nobody taught: every word is its own lemma, but for its case. */
const noLemmas: Lemmatizer = (word) => [plainForm(word)];

/** In lower case, and composed (NFC): some systems write é as two characters. */
export function plainForm(word: string): string {
  return word.normalize("NFC").toLowerCase();
}

/** What finds the lemmas of words of a language. */
export function lemmatizerOf(language: WordLanguage | undefined, english: Lemmatizer): Lemmatizer {
  return language === "none" ? noLemmas : english;
}

/** A vocabulary that keeps the lemmas of its words, so that every later choice among them is made as the first. */
export function withLemmas(vocabulary: Vocabulary, lemmatizer: Lemmatizer): Vocabulary {
  return { ...vocabulary, lemmas: vocabulary.words.map(lemmatizer) };
}
