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
 * What the singular and the plural of an English word in lower case have in common, by rule: "dog" for "dogs", "movy" for "movie"
 * and "movies". Of a phrase the last word counts.
 */
export function singular(word: string): string {
  const start = word.slice(0, word.lastIndexOf(" ") + 1);
  return start + singularOf(word.slice(start.length));
}

function singularOf(word: string): string {
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
