import type { WordLanguage } from "../model.ts";

/** Plurals that follow no rule, of words that pictures show. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    children: "child",
    feet: "foot",
    geese: "goose",
    men: "man",
    mice: "mouse",
    oxen: "ox",
    people: "person",
    policemen: "policeman",
    teeth: "tooth",
    women: "woman",
  }),
);

/**
 * What the singular and the plural of an English word have in common, by rule: "dog" for "dogs", "movy" for "movie" and "movies".
 * To be compared, never shown. In no language it is the word in lower case.
 */
export function stem(word: string, language: WordLanguage = "en"): string {
  const lower = word.toLowerCase();
  if (language === "none") return lower;
  const start = lower.slice(0, lower.lastIndexOf(" ") + 1);
  const last = lower.slice(start.length);
  return start + stemOf(last);
}

function stemOf(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.length > 4 && /[^aeiou]ies?$/.test(word)) return word.replace(/ies?$/, "y");
  if (word.length > 3 && /[^aeiou]oes?$/.test(word) && word !== "toes") return word.replace(/es?$/, "");
  if (/(?:l|ar|a|ee|oa)ves$/.test(word)) return `${word.slice(0, -3)}f`;
  if (/[^f]ives$/.test(word)) return `${word.slice(0, -3)}fe`;
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

/** Leaves one spelling of each word, the first: "dog" of "dog", "dogs" and "Dog". In no language "dogs" is another word. */
export function withoutTwins<T extends { readonly word: string }>(
  words: readonly T[],
  language?: WordLanguage,
): T[] {
  const seen = new Set<string>();
  return words.filter(({ word }) => {
    const key = stem(word, language);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
