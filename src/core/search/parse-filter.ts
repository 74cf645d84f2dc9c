import { InputError } from "../errors.ts";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~";

/** A condition on the columns of a picture. */
export type Filter =
  | { readonly kind: "all" | "any"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | {
      readonly kind: "compare";
      readonly field: string;
      /** Written as `[field]`: one of the user's columns, even if one of ours has its name. */
      readonly isTheirs: boolean;
      readonly comparison: Comparison;
      readonly value: string;
    };

const MAX_LENGTH = 4096;
/** Parentheses and "not" within each other. */
const MAX_DEPTH = 32;

interface Token {
  readonly kind: "word" | "quoted" | "column" | "operator" | "(" | ")";
  readonly text: string;
  readonly at: number;
}

/**
 * Reads a condition:
 *
 *     filter     = conjunction { "or" conjunction }
 *     conjunction = condition { "and" condition }
 *     condition  = "not" condition | "(" filter ")" | field comparison value
 *     field      = word | "[" any characters but "]" "]"
 *     comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" (contains)
 *     value      = word | '"' ... '"' | "'" ... "'", where "\" makes the next character an ordinary one
 *     word       = characters but spaces, quotes, parentheses, brackets and = ! < > ~
 *
 * Nothing of it is ever run as a program.
 *
 * @throws InputError (BAD_OPTION) saying what was expected, and where
 */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_LENGTH) throw badFilter(text, `at most ${MAX_LENGTH} characters`, `${text.length}`);
  const reader = new FilterReader(text, tokens(text));
  return reader.whole();
}

class FilterReader {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(text: string, read: readonly Token[]) {
    this.text = text;
    this.tokens = read;
  }

  whole(): Filter {
    const filter = this.any(0);
    if (this.tokens[this.next] !== undefined) throw this.unexpected('"and", "or" or the end');
    return filter;
  }

  private any(depth: number): Filter {
    const parts = [this.all(depth)];
    while (this.takeWord("or")) parts.push(this.all(depth));
    return parts.length === 1 ? parts[0]! : { kind: "any", parts };
  }

  private all(depth: number): Filter {
    const parts = [this.condition(depth)];
    while (this.takeWord("and")) parts.push(this.condition(depth));
    return parts.length === 1 ? parts[0]! : { kind: "all", parts };
  }

  private condition(depth: number): Filter {
    if (depth > MAX_DEPTH) throw badFilter(this.text, `at most ${MAX_DEPTH} levels`, "more");
    if (this.isNot()) {
      this.next++;
      return { kind: "not", part: this.condition(depth + 1) };
    }
    if (this.take("(") !== undefined) {
      const inner = this.any(depth + 1);
      if (this.take(")") === undefined) throw this.unexpected('")"');
      return inner;
    }
    const field = this.take("word", "column");
    if (field === undefined) throw this.unexpected("a column");
    const comparison = this.take("operator");
    if (comparison === undefined) throw this.unexpected("one of = != < <= > >= ~");
    const value = this.take("word", "quoted");
    if (value === undefined) throw this.unexpected("a value");
    return {
      kind: "compare",
      field: field.text,
      isTheirs: field.kind === "column",
      comparison: comparison.text as Comparison,
      value: value.text,
    };
  }

  /** "not" before a condition; before a comparison it is a column of that name. */
  private isNot(): boolean {
    const token = this.tokens[this.next];
    return (
      token?.kind === "word" &&
      token.text.toLowerCase() === "not" &&
      this.tokens[this.next + 1]?.kind !== "operator"
    );
  }

  private take(...kinds: Token["kind"][]): Token | undefined {
    const token = this.tokens[this.next];
    if (token === undefined || !kinds.includes(token.kind)) return undefined;
    this.next++;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.next];
    if (token?.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.next++;
    return true;
  }

  private unexpected(expected: string): InputError {
    const token = this.tokens[this.next];
    const found =
      token === undefined ? "its end" : `${JSON.stringify(token.text)} at character ${token.at + 1}`;
    return badFilter(this.text, expected, found);
  }
}

function tokens(text: string): Token[] {
  const pattern =
    /\s*(?:(?<operator>!=|<=|>=|[=<>~])|(?<paren>[()])|\[(?<column>[^\]]+)\]|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|(?<word>[^\s"'()[\]=!<>~]+))/suy;
  const found: Token[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    const at = start + (/^\s*/.exec(text.slice(start, start + MAX_LENGTH))?.[0].length ?? 0);
    if (groups === undefined) {
      const rest = text.slice(at, at + 12);
      throw badFilter(
        text,
        "a column, a comparison and a value",
        `${JSON.stringify(rest)} at character ${at + 1}`,
      );
    }
    const { operator, paren, column, word } = groups;
    const quoted = groups["double"] ?? groups["single"];
    if (operator !== undefined) found.push({ kind: "operator", text: operator, at });
    else if (paren !== undefined) found.push({ kind: paren as "(" | ")", text: paren, at });
    else if (column !== undefined) found.push({ kind: "column", text: column, at });
    else if (quoted !== undefined) found.push({ kind: "quoted", text: quoted.replace(/\\(.)/gsu, "$1"), at });
    else found.push({ kind: "word", text: word!, at });
  }
  return found;
}

function badFilter(text: string, expected: string, found: string): InputError {
  return new InputError(
    `The filter ${JSON.stringify(text.slice(0, 60))} cannot be read`,
    { expected, found, hint: 'For example: year>=2020 and (place = "Rome" or path ~ rome)' },
    "BAD_OPTION",
  );
}
