import type { EditRequest, PictureName } from "../../core/edits/edit-request.ts";
import type { ApiExportRequest, ApiRecutRequest, ApiSearchRequest } from "../../core/explorer/api.ts";
import { badRequest } from "./api-fault.ts";

/*
 * What requests ask for, from parsed JSON in which nothing is taken for granted. Whether it fits the model is for the functions of
 * the library to say.
 */

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_QUERY = 2000;
const MOST_LIKE = 100;
const MOST_RESULTS = 10_000;
const MOST_ROWS = 10_000_000;

export function searchRequest(value: unknown): ApiSearchRequest {
  const read = fields(value, ["query", "like", "within", "where", "limit"]);
  return {
    query: optional(read["query"], (text) => shortText(text, "query", LONGEST_QUERY)) ?? "",
    like: optional(read["like"], (rows) => numbers(rows, "like", MOST_LIKE)),
    within: optional(read["within"], (id) => whole(id, "within", -1)),
    where: optional(read["where"], (text) => shortText(text, "where", LONGEST_QUERY)),
    limit: optional(read["limit"], (limit) => whole(limit, "limit", 1, MOST_RESULTS)),
  };
}

export function recutRequest(value: unknown): ApiRecutRequest {
  const read = fields(value, ["minConceptSize", "concepts"]);
  return {
    minConceptSize: optional(read["minConceptSize"], (size) => whole(size, "minConceptSize", 2)),
    concepts: optional(read["concepts"], (count) => whole(count, "concepts", 2)),
  };
}

export function exportRequest(value: unknown): ApiExportRequest {
  const read = fields(value, ["rows", "format", "name"]);
  return {
    rows: optional(read["rows"], (rows) => numbers(rows, "rows", MOST_ROWS)),
    format: oneOf(read["format"], "format", ["csv", "list", "folders"] as const),
    name: optional(read["name"], (name) => shortText(name, "name", LONGEST_QUERY)),
  };
}

export function editRequest(value: unknown): EditRequest {
  const read = fields(value, EDIT_FIELDS);
  const kind = oneOf(read["kind"], "kind", EDIT_KINDS);
  const concept = (): number => whole(read["concept"], "concept", 0);
  switch (kind) {
    case "merge":
      return { kind, concepts: numbers(read["concepts"], "concepts", MOST_ROWS) };
    case "split":
      return { kind, concept: concept(), into: optional(read["into"], (into) => whole(into, "into", 2)) };
    case "rename":
      return {
        kind,
        concept: concept(),
        name: shortText(read["name"], "name", LONGEST_QUERY),
        namedBy: optional(read["namedBy"], (model) => shortText(model, "namedBy", LONGEST_QUERY)),
      };
    case "pin":
      return {
        kind,
        concept: concept(),
        pinned: optional(read["pinned"], (pinned) => truth(pinned, "pinned")),
      };
    case "hide":
      return {
        kind,
        concept: concept(),
        hidden: optional(read["hidden"], (hidden) => truth(hidden, "hidden")),
      };
    case "move":
      return { kind, pictures: pictures(read["pictures"]), to: moveTarget(read["to"]) };
    case "outliers":
      return {
        kind,
        strategy: oneOf(read["strategy"], "strategy", STRATEGIES),
        threshold: optional(read["threshold"], (share) => number(share, "threshold", 1)),
      };
    case "recut":
      return { kind, ...recutOptions(read) };
  }
}

const EDIT_KINDS = ["recut", "merge", "split", "rename", "pin", "hide", "move", "outliers"] as const;
const STRATEGIES = ["membership", "exemplar", "neighbors"] as const;
const EDIT_FIELDS =
  "kind concept concepts into name namedBy pinned hidden pictures to strategy threshold minConceptSize method epsilon reduceOutliers".split(
    " ",
  );

function recutOptions(read: Fields) {
  return {
    concepts: optional(read["concepts"], (count) => whole(count, "concepts", 2)),
    minConceptSize: optional(read["minConceptSize"], (size) => whole(size, "minConceptSize", 2)),
    method: optional(read["method"], (method) => oneOf(method, "method", ["eom", "leaf"] as const)),
    epsilon: optional(read["epsilon"], (epsilon) => number(epsilon, "epsilon", Number.MAX_VALUE)),
    reduceOutliers: optional(read["reduceOutliers"], (strategy) =>
      oneOf(strategy, "reduceOutliers", [...STRATEGIES, "none"] as const),
    ),
    threshold: optional(read["threshold"], (share) => number(share, "threshold", 1)),
  };
}

function moveTarget(to: unknown): number | "none" | "new" {
  return to === "none" || to === "new" ? to : whole(to, "to", 0);
}

function pictures(value: unknown): PictureName[] {
  if (Array.isArray(value) && value.every((name) => typeof name === "string" || Number.isInteger(name)))
    return value;
  throw badRequest("pictures is a list of rows, paths or ids");
}

function fields(value: unknown, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest("The body is no JSON object");
  const strange = Object.keys(value).find((name) => !names.includes(name));
  if (strange !== undefined)
    throw badRequest(`Nothing is known of ${JSON.stringify(strange.slice(0, 40))} here`);
  return value as Fields;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function shortText(value: unknown, name: string, longest: number): string {
  if (typeof value === "string" && value.length <= longest) return value;
  throw badRequest(`${name} is a text of at most ${longest} characters`);
}

function truth(value: unknown, name: string): boolean {
  if (typeof value === "boolean") return value;
  throw badRequest(`${name} is true or false`);
}

function number(value: unknown, name: string, most: number): number {
  if (typeof value === "number" && value >= 0 && value <= most) return value;
  throw badRequest(`${name} is a number from 0 to ${most}`);
}

function whole(value: unknown, name: string, least: number, most = 2 ** 31 - 1): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw badRequest(`${name} is a whole number from ${least} to ${most}`);
}

function numbers(value: unknown, name: string, most: number): number[] {
  const isList = Array.isArray(value) && value.length <= most;
  if (isList && value.every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 31)) return value;
  throw badRequest(`${name} is a list of at most ${most} whole numbers`);
}

function oneOf<Choice extends string>(value: unknown, name: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw badRequest(`${name} is one of ${choices.join(", ")}`);
  return found;
}
