import { textWords } from "../concepts/text-words.ts";

/** English words that say nothing of a picture. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after all an and another are as at be been before behind being below between both but by can
could did do does for from had has have he her here hers him his how i if in into is it its just me more most
my near next no not of off on one onto or other our out over own she so some such than that the their them
then there these they this those through to together too under up very was we were what when where which
while who will with within without would you your`.split(/\s+/),
);

/** The different words of a picture's captions, as `textWords` has them; English stop words and bare numbers are left out. */
export function captionWords(captions: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const caption of captions) {
    for (const word of textWords(caption)) {
      if (/\p{L}/u.test(word) && !STOP_WORDS.has(word)) words.add(word);
    }
  }
  return words;
}

/** Which pictures each word is said of. */
export interface CaptionTerms {
  readonly words: readonly string[];
  /** For each word the rows of the pictures, ascending. */
  readonly pictures: readonly Int32Array[];
}

/**
 * The words of the captions of a collection with their pictures, those of most pictures first, then by first
 * appearance.
 *
 * @param options.minPictures a word must be said of so many pictures; default 1
 * @param options.maxWords keep only so many; default all
 */
export function captionTerms(
  captions: readonly (readonly string[])[],
  options: { readonly minPictures?: number | undefined; readonly maxWords?: number | undefined } = {},
): CaptionTerms {
  const { minPictures = 1, maxWords = Number.POSITIVE_INFINITY } = options;
  const rows = new Map<string, number[]>();
  captions.forEach((texts, row) => {
    for (const word of captionWords(texts)) {
      const known = rows.get(word);
      if (known === undefined) rows.set(word, [row]);
      else known.push(row);
    }
  });
  const kept = [...rows]
    .filter(([, pictures]) => pictures.length >= minPictures)
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, maxWords);
  return {
    words: kept.map(([word]) => word),
    pictures: kept.map(([, pictures]) => Int32Array.from(pictures)),
  };
}
