import { FormatError } from "../errors.ts";
import type { ScoredWord } from "../model.ts";
import type { ClusterCut } from "../stages.ts";
import type { ConceptDraft, Edit, OutlierStrategy, PictureKey, ReducedOutliers } from "./edit.ts";
import { LONGEST_WORD, MOST_WORDS, nameFault } from "./edit-text.ts";

const LONGEST_KEY = 8192;
/** Ids are kept in 32-bit arrays. */
const LARGEST_ID = 2 ** 31 - 2;
/** No collection has more. */
const MOST_ITEMS = 50_000_000;

const STRATEGIES: readonly OutlierStrategy[] = ["membership", "exemplar", "neighbors"];

type Fields = Readonly<Record<string, unknown>>;
type Read<T> = (value: unknown, place: string) => T;

/**
 * An edit from parsed JSON, taking nothing in it for granted: unknown kinds and fields, other types and values out of range are
 * refused. Whether it fits a model is for `applyEdits` to say.
 *
 * @throws FormatError saying what was expected where
 */
export function parseEdit(value: unknown): Edit {
  const kind = isObject(value) ? value["kind"] : undefined;
  switch (kind) {
    case "recut":
      return parseRecut(value);
    case "merge": {
      const read = fields(value, ["concepts", "result"]);
      return {
        kind,
        concepts: list(read["concepts"], "concepts", id),
        result: draft(read["result"], "result"),
      };
    }
    case "split": {
      const read = fields(value, ["rest", "parts"]);
      return { kind, rest: draft(read["rest"], "rest"), parts: list(read["parts"], "parts", part) };
    }
    case "rename": {
      const read = fields(value, ["concept", "name"], ["namedBy"]);
      const concept = id(read["concept"], "concept");
      return { kind, concept, name: conceptName(read["name"], "name"), ...namer(read, "namedBy") };
    }
    case "pin": {
      const read = fields(value, ["concept", "pinned"]);
      return { kind, concept: id(read["concept"], "concept"), pinned: truth(read["pinned"], "pinned") };
    }
    case "hide": {
      const read = fields(value, ["concept", "hidden"]);
      return { kind, concept: id(read["concept"], "concept"), hidden: truth(read["hidden"], "hidden") };
    }
    case "move": {
      const read = fields(value, ["pictures", "to"]);
      return { kind, pictures: list(read["pictures"], "pictures", key), to: target(read["to"], "to") };
    }
    case "outliers":
      return { kind, ...reduced(without(value, "kind"), "outliers") };
    case "carry": {
      const read = fields(value, ["concepts", "pinned", "hidden", "next"]);
      return {
        kind,
        concepts: list(read["concepts"], "concepts", draft),
        pinned: list(read["pinned"], "pinned", id),
        hidden: list(read["hidden"], "hidden", id),
        next: id(read["next"], "next"),
      };
    }
    default:
      throw unexpected("an edit of a known kind", "kind", kind);
  }
}

function parseRecut(value: unknown): Edit {
  const read = fields(value, ["cut", "owners", "concepts"], ["outliers"]);
  return {
    kind: "recut",
    cut: cut(read["cut"], "cut"),
    owners: list(read["owners"], "owners", idOrNone),
    concepts: list(read["concepts"], "concepts", draft),
    ...(read["outliers"] === undefined ? {} : { outliers: reduced(read["outliers"], "outliers") }),
  };
}

function cut(value: unknown, place: string): ClusterCut {
  const names = ["clusterCount", "minClusterSize", "clusterSelectionMethod", "clusterSelectionEpsilon"];
  const read = object(value, place, [], names);
  const { clusterCount, minClusterSize, clusterSelectionMethod: method, clusterSelectionEpsilon } = read;
  if (method !== undefined && method !== "eom" && method !== "leaf") {
    throw unexpected("eom or leaf", place, method);
  }
  const size = (number: unknown): number => integer(number, place, 2, LARGEST_ID);
  return {
    ...(clusterCount === undefined ? {} : { clusterCount: size(clusterCount) }),
    ...(minClusterSize === undefined ? {} : { minClusterSize: size(minClusterSize) }),
    ...(method === undefined ? {} : { clusterSelectionMethod: method }),
    ...(clusterSelectionEpsilon === undefined
      ? {}
      : { clusterSelectionEpsilon: number(clusterSelectionEpsilon, place, 0, Number.MAX_VALUE) }),
  };
}

function reduced(value: unknown, place: string): ReducedOutliers {
  const read = object(value, place, ["strategy", "threshold", "pictures", "concepts", "strengths"]);
  const strategy = STRATEGIES.find((known) => known === read["strategy"]);
  if (strategy === undefined)
    throw unexpected(STRATEGIES.join(" or "), `${place}.strategy`, read["strategy"]);
  return {
    strategy,
    threshold: number(read["threshold"], `${place}.threshold`, 0, 1),
    pictures: list(read["pictures"], `${place}.pictures`, key),
    concepts: list(read["concepts"], `${place}.concepts`, id),
    strengths: list(read["strengths"], `${place}.strengths`, strength),
  };
}

function part(value: unknown, place: string): { draft: ConceptDraft; pictures: readonly PictureKey[] } {
  const read = object(value, place, ["draft", "pictures"]);
  return {
    draft: draft(read["draft"], `${place}.draft`),
    pictures: list(read["pictures"], `${place}.pictures`, key),
  };
}

function target(value: unknown, place: string): number | ConceptDraft | null {
  if (value === null) return null;
  return typeof value === "number" ? id(value, place) : draft(value, place);
}

function draft(value: unknown, place: string): ConceptDraft {
  const read = object(value, place, ["concept", "name", "renamed", "words"], ["namedBy"]);
  const words = list(read["words"], `${place}.words`, word);
  if (words.length > MOST_WORDS) throw unexpected(`${MOST_WORDS} words at most`, place, words.length);
  return {
    concept: id(read["concept"], `${place}.concept`),
    name: conceptName(read["name"], `${place}.name`),
    renamed: truth(read["renamed"], `${place}.renamed`),
    ...namer(read, `${place}.namedBy`),
    words,
  };
}

/** The language model that gave a name, where one did. */
function namer({ namedBy }: Fields, place: string): { readonly namedBy?: string } {
  return namedBy === undefined ? {} : { namedBy: conceptName(namedBy, place) };
}

function word(value: unknown, place: string): ScoredWord {
  const read = object(value, place, ["word", "score"], ["auc", "precision"]);
  const share = (name: string): object =>
    Object.hasOwn(read, name) ? { [name]: number(read[name], `${place}.${name}`, 0, 1) } : {};
  return {
    word: text(read["word"], `${place}.word`, LONGEST_WORD),
    score: number(read["score"], `${place}.score`, -Number.MAX_VALUE, Number.MAX_VALUE),
    ...share("auc"),
    ...share("precision"),
  };
}

const key: Read<PictureKey> = (value, place) => {
  if (!Array.isArray(value)) return text(value, place, LONGEST_KEY);
  if (value.length !== 2) throw unexpected("an id and a path", place, value.length);
  return [text(value[0], place, LONGEST_KEY), text(value[1], place, LONGEST_KEY)];
};

function conceptName(value: unknown, place: string): string {
  const name = text(value, place, LONGEST_WORD);
  const fault = nameFault(name);
  if (fault === null) return name;
  throw unexpected("a name in one line", place, fault);
}

function text(value: unknown, place: string, longest: number): string {
  if (typeof value === "string" && value.length <= longest) return value;
  throw unexpected(`a text of at most ${longest} characters`, place, value);
}

function truth(value: unknown, place: string): boolean {
  if (typeof value === "boolean") return value;
  throw unexpected("true or false", place, value);
}

function number(value: unknown, place: string, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw unexpected(`a number from ${least} to ${most}`, place, value);
}

function integer(value: unknown, place: string, least: number, most: number): number {
  if (Number.isInteger(value)) return number(value, place, least, most);
  throw unexpected("a whole number", place, value);
}

const id: Read<number> = (value, place) => integer(value, place, 0, LARGEST_ID);
const idOrNone: Read<number> = (value, place) => integer(value, place, -1, LARGEST_ID);
const strength: Read<number> = (value, place) => number(value, place, 0, 1);

function list<T>(value: unknown, place: string, read: Read<T>): T[] {
  if (!Array.isArray(value) || value.length > MOST_ITEMS) throw unexpected("a list", place, value);
  return value.map((item, i) => read(item, `${place}.${i}`));
}

/** The fields of an edit beside its kind. */
function fields(value: unknown, required: readonly string[], optional: readonly string[] = []): Fields {
  return object(value, "", ["kind", ...required], optional);
}

function object(
  value: unknown,
  place: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields {
  if (!isObject(value)) throw unexpected("an object", place, value);
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw unexpected(`a "${missing}"`, place, value);
  const extra = Object.keys(value).find((name) => !required.includes(name) && !optional.includes(name));
  if (extra !== undefined) throw unexpected("no other fields", place, extra);
  return value;
}

function without(value: unknown, name: string): Fields {
  const { [name]: _, ...others } = value as Fields;
  return others;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unexpected(expected: string, place: string, value: unknown): FormatError {
  return new FormatError("An edit cannot be read", {
    expected: place === "" ? expected : `${expected} at ${place.slice(0, 60)}`,
    found: brief(value),
  });
}

/** Never walks into a value: a forged one may be nested deeper than the stack. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return value === undefined
    ? "nothing"
    : String(typeof value === "string" ? JSON.stringify(value) : value).slice(0, 40);
}
