/** A name is a few words. */
const LONGEST = 60;
const MOST_WORDS = 8;

/**
 * The name in a language model's answer: thoughts, labels, quotes, markup and bullet points are taken off. Null where there is
 * none: an empty answer, an essay, an apology.
 */
export function cleanName(answer: string): string | null {
  const spoken = answer.replace(/<think(?:ing)?>.*?(<\/think(?:ing)?>|$)/gis, "").replace(/```\w*/g, "");
  const lines = spoken
    .slice(0, 10_000)
    .split(/[\r\n\u2028\u2029]+/)
    .map(plainLine)
    .filter((line) => line !== "");
  const name = lines[0];
  if (name === undefined || name.length > LONGEST || name.split(" ").length > MOST_WORDS) return null;
  if (
    !/[\p{L}\p{N}]/u.test(name) ||
    /^(i'?m|i am|i can(no|')t|sorry|as an ai|unknown|n\/a|none)\b/i.test(name)
  )
    return null;
  return name;
}

function plainLine(line: string): string {
  return line
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\p{Co}]/gu, (character) => (character === "\u200d" ? character : " "))
    .replace(/\*\*|__|`/g, "")
    .replace(/^\s*\{?\s*["']?(?:concept\s+)?(?:name|label|title|answer)["']?\s*[:=]\s*/i, "")
    .replace(/^\s*(?:[-*•>#]+|\d+[.)])\s+/, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s"'`*_“”‘’«»„{[(]+|[\s"'`*_“”‘’«»}\].,;:!)]+$/g, "");
}
