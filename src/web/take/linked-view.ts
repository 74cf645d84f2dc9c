import type { View } from "../state/store.ts";

/** What a link says is looked at. Columns are named, not numbered: an update of the model may order them anew. */
export interface LinkedView {
  readonly collection: string | null;
  readonly view: View | null;
  readonly panel: "concepts" | "tree" | "compare";
  readonly query: string;
  /** Rows of pictures that the query is like. */
  readonly like: readonly number[];
  readonly focus: number | null;
  readonly open: number | null;
  readonly color: "concept" | "probability" | { readonly column: string };
  readonly filters: readonly LinkedFilter[];
  /** As `encodeRows` writes them. */
  readonly selection: string | null;
}

export type LinkedFilter =
  | { readonly on: "concept"; readonly ids: readonly number[] }
  | { readonly on: "probability"; readonly from: number; readonly to: number }
  | { readonly on: "range"; readonly column: string; readonly from: number; readonly to: number }
  | { readonly on: "texts"; readonly column: string; readonly texts: readonly string[] };

export const NOTHING_LINKED: LinkedView = {
  collection: null,
  view: null,
  panel: "concepts",
  query: "",
  like: [],
  focus: null,
  open: null,
  color: "concept",
  filters: [],
  selection: null,
};

/** A view as the part of an address behind `#`; what is as it is at first is left out. */
export function encodeView(linked: LinkedView): string {
  const text = new URLSearchParams();
  const { collection, view, panel, query, like, focus, open, color, filters, selection } = linked;
  if (view !== null) text.set("at", [view.x, view.y, view.zoom].map(shortNumber).join(","));
  if (panel !== "concepts") text.set("panel", panel);
  if (query !== "") text.set("q", query);
  if (like.length > 0) text.set("like", like.join(","));
  if (focus !== null) text.set("concept", String(focus));
  if (open !== null) text.set("picture", String(open));
  if (typeof color === "object") text.set("color.column", color.column);
  else if (color !== "concept") text.set("color", color);
  for (const filter of filters) encodeFilter(text, filter);
  if (selection !== null) text.set("selection", selection);
  // Rows of another collection are other pictures.
  if (collection !== null && (selection !== null || open !== null || like.length > 0)) {
    text.set("of", collection);
  }
  return text.toString();
}

function encodeFilter(text: URLSearchParams, filter: LinkedFilter): void {
  if (filter.on === "concept") text.set("only.concepts", filter.ids.join(","));
  else if (filter.on === "probability") text.set("only.probability", `${filter.from}..${filter.to}`);
  else if (filter.on === "range") text.set(`range.${filter.column}`, `${filter.from}..${filter.to}`);
  else for (const one of filter.texts) text.append(`text.${filter.column}`, one);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Reads what `encodeView` wrote. Whatever else is there is passed over: addresses come from anywhere. */
export function decodeView(hash: string): LinkedView {
  const text = new URLSearchParams(hash.replace(/^#/, ""));
  const color = text.get("color.column");
  const panel = text.get("panel");
  return {
    collection: text.get("of"),
    view: decodePlace(text.get("at")),
    panel: panel === "tree" || panel === "compare" ? panel : "concepts",
    query: (text.get("q") ?? "").slice(0, 1000),
    like: wholeNumbers(text.get("like"), 0).slice(0, 20),
    focus: wholeNumbers(text.get("concept"), -1)[0] ?? null,
    open: wholeNumbers(text.get("picture"), 0)[0] ?? null,
    color:
      color !== null ? { column: color } : text.get("color") === "probability" ? "probability" : "concept",
    filters: decodeFilters(text),
    selection: text.get("selection"),
  };
}

function decodePlace(text: string | null): View | null {
  const numbers = (text ?? "").split(",").map(Number);
  if (
    text === null ||
    numbers.length !== 3 ||
    !numbers.every((n) => Number.isFinite(n) && Math.abs(n) < 1e6)
  ) {
    return null;
  }
  const [x, y, zoom] = numbers as [number, number, number];
  return Math.abs(zoom) <= 30 ? { x, y, zoom } : null;
}

function decodeFilters(text: URLSearchParams): LinkedFilter[] {
  const filters: LinkedFilter[] = [];
  const ids = wholeNumbers(text.get("only.concepts"), -1);
  if (ids.length > 0) filters.push({ on: "concept", ids });
  const probability = decodeRange(text.get("only.probability"));
  if (probability !== null) filters.push({ on: "probability", ...probability });
  for (const key of new Set(text.keys())) {
    const [, kind, column] = /^(range|text)\.(.*)$/s.exec(key) ?? [];
    if (kind === "text") filters.push({ on: "texts", column: column!, texts: text.getAll(key) });
    const range = kind === "range" ? decodeRange(text.get(key)) : null;
    if (range !== null) filters.push({ on: "range", column: column!, ...range });
  }
  return filters;
}

function decodeRange(text: string | null): { readonly from: number; readonly to: number } | null {
  const parts = (text ?? "").split("..");
  if (parts.length !== 2 || parts.includes("")) return null;
  const [from, to] = parts.map(Number) as [number, number];
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? { from, to } : null;
}

function wholeNumbers(text: string | null, least: number): number[] {
  if (text === null || text === "") return [];
  const numbers = text.split(",").map((part) => (/^-?\d{1,10}$/.test(part) ? Number(part) : Number.NaN));
  return numbers.every((n) => Number.isSafeInteger(n) && n >= least) ? numbers : [];
}
