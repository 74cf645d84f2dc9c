const WORD = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;

/**
 * The words of a text in their order, in lower case and composed (NFC: some systems write é as two characters): two or more
 * letters, digits or marks of any script, or one Chinese character; apostrophes and hyphens inside a word stay. Scripts
 * without spaces are not cut into words.
 */
export function textWords(text: string): string[] {
  const words = text.normalize("NFC").toLowerCase().match(WORD) ?? [];
  return words.filter((word) => word.length >= 2 || /\p{Script=Han}/u.test(word));
}
