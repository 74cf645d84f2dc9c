import { InputError } from "../errors.ts";
import type { ScoredWord } from "../model.ts";

/** Words of a concept that an edit keeps at most. */
export const MOST_WORDS = 100;

/** Longest name of a concept, in UTF-16 units. */
export const LONGEST_NAME = 200;

/** Longest word of a concept's description, in UTF-16 units: whole documents may be words. */
export const LONGEST_WORD = 20_000;

/** What is wrong with a name, or null: names are lines of text that a person can read. */
export function nameFault(name: string): string | null {
  if (name.trim() === "") return "nothing to read";
  if (name.length > LONGEST_NAME) return `${name.length} characters`;
  if (/\p{Cc}|\p{Surrogate}/u.test(name)) return "control characters or half a character";
  return null;
}

/** A name made from a text that nobody chose as a name: one line, not too long. */
export function nameFrom(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Surrogate}]+/gu, " ").trim();
  // Room is left for what makes it the only one.
  const short = [...line].slice(0, LONGEST_NAME / 2 - 20).join("");
  return short.length < line.length ? `${short.trimEnd()}...` : line;
}

/** Words as an edit can keep them. */
export function wordsToKeep(words: readonly ScoredWord[]): readonly ScoredWord[] {
  return words.filter(({ word }) => word.length <= LONGEST_WORD).slice(0, MOST_WORDS);
}

/** @throws InputError when no concept can be called so */
export function assertName(name: string): void {
  const fault = nameFault(name);
  if (fault === null) return;
  throw new InputError("A concept cannot be called that", {
    expected: `a name of 1 to ${LONGEST_NAME} characters in one line`,
    found: fault,
  });
}
