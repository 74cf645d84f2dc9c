import { takeRows } from "../math/matrix.ts";
import type { Vocabulary } from "../model.ts";
import { stem } from "./word-twins.ts";

/** The words that may name concepts: those that are none of the negative ones, nor their singular, plural or other case. */
export function withoutNegativeWords(words: readonly string[], negative: readonly string[]): string[] {
  const stems = new Set(negative.map((word) => stem(word.trim())));
  return words.filter((word) => !stems.has(stem(word)));
}

/** As `withoutNegativeWords`, with the vectors of the words that stay. */
export function vocabularyWithout(vocabulary: Vocabulary, negative: readonly string[]): Vocabulary {
  const kept = new Set(withoutNegativeWords(vocabulary.words, negative));
  if (kept.size === vocabulary.words.length) return vocabulary;
  const rows = Array.from(vocabulary.words.keys()).filter((row) => kept.has(vocabulary.words[row]!));
  return { words: rows.map((row) => vocabulary.words[row]!), vectors: takeRows(vocabulary.vectors, rows) };
}
