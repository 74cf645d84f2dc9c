import { InputError } from "../errors.ts";
import type { SearchQuery, SearchTerm } from "./query.ts";

/** Longest query, in characters. */
const MAX_LENGTH = 4096;
/** Most terms of a query. */
const MAX_TERMS = 64;

/** Sign and weight at the start of a term; sticky, so made anew for each use. */
const PREFIX = "([+-]?)(?:(\\d{1,6}(?:\\.\\d{1,6})?):)?";

/**
 * Reads a query:
 *
 *     query  = term { space term }
 *     term   = [ "+" | "-" ] [ number ":" ] ( phrase | word { space word } )
 *     phrase = '"' { any character but '"' and "\", or "\" and any character } '"'
 *     word   = characters but spaces; "\" makes the next character an ordinary one
 *
 * Words that follow each other are one term; a sign, a weight or a quote at the start of a word begins another.
 * `two dogs in the snow` is one term, `+sunset -people 2:boat` are three, `"red car" -0.5:"traffic light"` are two.
 * A sign or quote inside a word (`t-shirt`, `5"`) is an ordinary character; `\-5 degrees` begins with a minus.
 *
 * @throws InputError (BAD_OPTION) for an empty query, a quote without its end, a sign or weight without words,
 * or a weight of 0
 */
export function parseQuery(text: string): SearchQuery {
  if (text.length > MAX_LENGTH) {
    throw badQuery(text, `at most ${MAX_LENGTH} characters`, `${text.length}`);
  }
  const terms: SearchTerm[] = [];
  let open: { weight: number; words: string[] } | null = null;
  const close = (): void => {
    if (open !== null) terms.push({ text: open.words.join(" "), weight: open.weight });
    open = null;
  };
  let at = skipSpaces(text, 0);
  while (at < text.length) {
    const prefix = readPrefix(text, at);
    const start = at + prefix.length;
    if (text[start] === '"') {
      close();
      const phrase = readPhrase(text, start);
      terms.push({ text: phrase.content, weight: prefix.weight });
      at = skipSpaces(text, phrase.end);
      continue;
    }
    const word = readWord(text, start);
    if (word.content === "") {
      throw badQuery(text, `words behind ${JSON.stringify(text.slice(at, start))}`, "none");
    }
    if (prefix.length > 0) close();
    open ??= { weight: prefix.weight, words: [] };
    open.words.push(word.content);
    at = skipSpaces(text, word.end);
  }
  close();
  return checkedTerms(terms, text);
}

/**
 * Reads the name of a picture with its sign and weight, as in `holiday.jpg`, `-people.jpg`, `2:boat.jpg`. A name that
 * itself begins so is written behind a backslash: `\2:boat.jpg`.
 *
 * @throws InputError (BAD_OPTION) for a name that is missing or a weight of 0
 */
export function parseImageTerm(text: string): SearchTerm {
  if (/^\\[+\-\d]/.test(text)) return { image: text.slice(1), weight: 1 };
  const { weight, length } = readPrefix(text, 0);
  const image = text.slice(length);
  if (image === "") throw badQuery(text, "the name of a picture", "none");
  return { image, weight };
}

/**
 * @throws InputError (BAD_OPTION) unless there are terms, each with a weight that is finite and not 0, and something is
 * wanted (`-people` alone is no query)
 */
export function checkedQuery(query: SearchQuery): SearchQuery {
  const text = query.map((term) => ("text" in term ? term.text : term.image)).join(" ");
  if (!checkedTerms(query, text).some(({ weight = 1 }) => weight > 0)) {
    throw badQuery(text, "something that is wanted", "only what is not", "Add a term without a minus.");
  }
  return query;
}

function checkedTerms(query: SearchQuery, text: string): SearchQuery {
  if (query.length === 0) throw badQuery(text, "words or a picture to search for", "nothing");
  if (query.length > MAX_TERMS) throw badQuery(text, `at most ${MAX_TERMS} terms`, `${query.length}`);
  for (const term of query) {
    const { weight = 1 } = term;
    if (!Number.isFinite(weight) || weight === 0) {
      throw badQuery(text, "weights other than 0", String(weight));
    }
    if (("text" in term ? term.text : term.image).trim() === "") {
      throw badQuery(text, "words in every term", "an empty one");
    }
  }
  return query;
}

function readPrefix(text: string, at: number): { weight: number; length: number } {
  const pattern = new RegExp(PREFIX, "y");
  pattern.lastIndex = at;
  const [whole, sign, number] = pattern.exec(text)!;
  const weight = number === undefined ? 1 : Number(number);
  if (weight === 0) throw badQuery(text, "weights other than 0", `${whole}`);
  return { weight: sign === "-" ? -weight : weight, length: whole.length };
}

function readPhrase(text: string, start: number): { content: string; end: number } {
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') {
      if (content.trim() === "") throw badQuery(text, "words between quotes", "none");
      return { content, end: at + 1 };
    }
    if (text[at] === "\\" && at + 1 < text.length) at++;
    content += text[at];
  }
  throw badQuery(text, `a second " for the one at character ${start + 1}`, "none");
}

function readWord(text: string, start: number): { content: string; end: number } {
  let content = "";
  let at = start;
  for (; at < text.length && !/\s/.test(text[at]!); at++) {
    if (text[at] === "\\" && at + 1 < text.length) at++;
    content += text[at];
  }
  return { content, end: at };
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}

function badQuery(text: string, expected: string, found: string, hint?: string): InputError {
  return new InputError(
    `The query ${JSON.stringify(text.slice(0, 60))} cannot be read`,
    { expected, found, hint: hint ?? 'For example: +sunset -people 2:"sailing boat"' },
    "BAD_OPTION",
  );
}
