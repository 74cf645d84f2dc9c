import { takeRows } from "../math/matrix.ts";
import type { ModelParameters, Vocabulary } from "../model.ts";
import { type Lemmatizer, lemmasByRule, lemmatizerOf } from "./lemmatizer.ts";

/** Which words may name concepts. */
export type UnwantedWords = Pick<ModelParameters, "negativeWords" | "stopWords" | "wordLanguage">;

/**
 * The words that may name concepts: those that are no stop word in any case, and no negative word, nor another form of it: its
 * likeliest lemma counts, so "build" leaves "building" alone.
 *
 * @param english finds lemmas of English
 */
export function wantedWords(
  words: readonly string[],
  unwanted: UnwantedWords,
  english: Lemmatizer = lemmasByRule,
): string[] {
  const { negativeWords = [], stopWords = [], wordLanguage } = unwanted;
  const lemmatizer = lemmatizerOf(wordLanguage, english);
  const likeliest = (word: string): string => lemmatizer(word.trim())[0]!;
  const lemmas = new Set(negativeWords.map(likeliest));
  const stops = new Set(stopWords.map((word) => word.trim().toLowerCase()));
  return words.filter((word) => !lemmas.has(likeliest(word)) && !stops.has(word.toLowerCase()));
}

/** As `wantedWords`, with the vectors of the words that stay. */
export function wantedVocabulary(
  vocabulary: Vocabulary,
  unwanted: UnwantedWords,
  english?: Lemmatizer,
): Vocabulary {
  const kept = new Set(wantedWords(vocabulary.words, unwanted, english));
  const rows = Array.from(vocabulary.words.keys()).filter((row) => kept.has(vocabulary.words[row]!));
  if (rows.length === vocabulary.words.length) return vocabulary;
  return { words: rows.map((row) => vocabulary.words[row]!), vectors: takeRows(vocabulary.vectors, rows) };
}

/** What a model keeps of them, so that it can be fitted again likewise; nothing for none. */
export function keptUnwanted({
  negativeWords = [],
  stopWords = [],
  wordLanguage,
}: UnwantedWords): UnwantedWords {
  return {
    ...(negativeWords.length > 0 ? { negativeWords: [...negativeWords] } : {}),
    ...(stopWords.length > 0 ? { stopWords: [...stopWords] } : {}),
    ...(wordLanguage === undefined ? {} : { wordLanguage }),
  };
}
