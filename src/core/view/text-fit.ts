import type { FontMetrics } from "./font-metrics.ts";

/** Longest text looked at, in UTF-16 units: no line of a collage holds as much. */
const longestText = 400;
const ellipsis = "…";
/** Separates the words of a line. */
export const wordSeparator = " · ";

/**
 * Text of strangers made fit to be set on one line: control, format and bidirectional override characters
 * are dropped (they are invisible, and XML forbids most), unpaired surrogates too; white space becomes one space.
 */
export function cleanText(text: string): string {
  return text
    .slice(0, longestText)
    .replace(/\s+/gu, " ")
    .replace(
      /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
      "",
    )
    .trim();
}

/** Whether the font has every glyph of the text, so that no other font is asked. */
export function isCovered(text: string, font: FontMetrics): boolean {
  for (const character of text) if (font.advance(character.codePointAt(0)!) === undefined) return false;
  return true;
}

/**
 * Width of a line of text. Characters the font lacks are set in a system font nobody has measured, so
 * they are estimated generously.
 *
 * @param size font size; the width has its unit
 */
export function textWidth(text: string, font: FontMetrics, size: number): number {
  let width = 0;
  for (const character of text) {
    width += font.advance(character.codePointAt(0)!) ?? fallbackAdvance(character);
  }
  return width * size;
}

/** The text, or as much of its start as fits with an ellipsis; whole graphemes only. */
export function fitText(text: string, font: FontMetrics, size: number, maxWidth: number): string {
  if (textWidth(text, font, size) <= maxWidth) return text;
  const room = maxWidth - textWidth(ellipsis, font, size);
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    width += textWidth(segment, font, size);
    if (width > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ellipsis;
}

/** As many of the first words as fit whole, joined; a first word that does not fit gets an ellipsis. */
export function fitWords(
  words: readonly string[],
  font: FontMetrics,
  size: number,
  maxWidth: number,
): string {
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : line + wordSeparator + word;
    if (textWidth(longer, font, size) > maxWidth) {
      return line === "" ? fitText(word, font, size, maxWidth) : line;
    }
    line = longer;
  }
  return line;
}

function fallbackAdvance(character: string): number {
  if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) return 0;
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(character)) return 1.3;
  return /[\u1100-\u11ff\u2e80-\uffef]|[\u{1f000}-\u{3ffff}]/u.test(character) ? 1.02 : 0.65;
}
