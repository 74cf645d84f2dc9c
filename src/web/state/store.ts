import { create, type StoreApi, type UseBoundStore } from "zustand";
import type {
  ApiColumnValues,
  ApiModel,
  ApiRecutRequest,
  ApiRecutSummary,
  ApiSearchAnswer,
} from "../../core/explorer/api.ts";
import type { Points } from "./points.ts";

/** How the points are coloured. */
export type ColorBy =
  | { readonly kind: "concept" }
  | { readonly kind: "probability" }
  | { readonly kind: "column"; readonly index: number };

export type Tool = "pan" | "lasso" | "box";

/** The middle of the view in places of the map, and the zoom as deck.gl's orthographic view counts it: pixels = 2 ** zoom. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface SearchState {
  readonly query: string;
  /** Pictures that the query is like, too. */
  readonly like: readonly number[];
  /** A picture from outside that was dropped, to be shown beside the box. */
  readonly picture: { readonly file: File; readonly url: string } | null;
  readonly status: "idle" | "running" | "done" | "failed";
  /** Of the last search that ended; stays while the next one runs. */
  readonly answer: ApiSearchAnswer | null;
  readonly message: string | null;
}

/** A recut that is looked at and not yet made. */
export interface RecutPreview {
  readonly request: ApiRecutRequest;
  readonly labels: Int32Array;
  readonly summary: ApiRecutSummary;
}

/** What a filter of a column lets through: numbers and dates from `from` to below `to`, or texts by their codes. */
export type ColumnFilter =
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "texts"; readonly codes: readonly number[] };

/** How the list of concepts is ordered and narrowed. */
export interface ConceptListing {
  readonly sort: "size" | "name" | "stability" | "clearness";
  readonly show: "shown" | "unclear" | "hidden";
  readonly text: string;
}

export interface Notice {
  readonly id: number;
  readonly tone: "info" | "error";
  readonly text: string;
  readonly hint?: string | undefined;
}

/** All that the page knows. Components read parts of it; only the functions beside this file change it. */
export interface ExplorerState {
  readonly model: ApiModel | null;
  readonly points: Points | null;
  /** Why there is nothing to show. */
  readonly failure: { readonly message: string; readonly hint?: string | undefined } | null;
  /** Columns that were fetched, by index. */
  readonly columns: ReadonlyMap<number, ApiColumnValues>;
  readonly thumbnails: { readonly done: number; readonly of: number };

  readonly view: View | null;
  readonly tool: Tool;
  readonly hoveredRow: number | null;
  /** Lit on the map; its card is marked. */
  readonly hoveredConcept: number | null;
  /** Concepts of the group that is pointed at: lit on the map. */
  readonly hoveredGroup: readonly number[] | null;
  /** The concept that is looked at: its card is open, the others are dimmed. -1 is the pictures in none. */
  readonly focusedConcept: number | null;
  /** The concept whose name is being typed. */
  readonly renaming: number | null;
  /** Shown large. */
  readonly openRow: number | null;
  /** The rows that previous and next of the open picture go through; empty for none. */
  readonly openList: readonly number[];
  /** The map flies to this picture and marks it. */
  readonly shownRow: number | null;
  /** Rows, ascending; null for no selection. */
  readonly selection: Uint32Array | null;

  readonly search: SearchState;
  readonly preview: RecutPreview | null;
  readonly colorBy: ColorBy;
  /** By index of the column, or one of the fields of filtered-rows.ts. */
  readonly filters: ReadonlyMap<number, ColumnFilter>;
  /** An edit is on its way. */
  readonly saving: boolean;
  readonly notices: readonly Notice[];
  readonly panel: "concepts" | "tree" | "compare";
  readonly listing: ConceptListing;
  /** How high the sheet stands that holds the panels on narrow screens. */
  readonly sheet: "low" | "middle" | "high";
  readonly theme: "system" | "light" | "dark";
  /** "lost": the server does not answer; it is asked again and again. "gone": it does, though the model's folder has gone. */
  readonly connection: "open" | "lost" | "gone";
}

const EMPTY_SEARCH: SearchState = {
  query: "",
  like: [],
  picture: null,
  status: "idle",
  answer: null,
  message: null,
};

export const useExplorer: UseBoundStore<StoreApi<ExplorerState>> = create<ExplorerState>(() => ({
  model: null,
  points: null,
  failure: null,
  columns: new Map(),
  thumbnails: { done: 0, of: 0 },
  view: null,
  tool: "pan",
  hoveredRow: null,
  hoveredConcept: null,
  hoveredGroup: null,
  focusedConcept: null,
  renaming: null,
  openRow: null,
  openList: [],
  shownRow: null,
  selection: null,
  search: EMPTY_SEARCH,
  preview: null,
  colorBy: { kind: "concept" },
  filters: new Map(),
  saving: false,
  notices: [],
  panel: "concepts",
  listing: { sort: "size", show: "shown", text: "" },
  sheet: "middle",
  theme: "system",
  connection: "open",
}));

export const setState: (part: Partial<ExplorerState>) => void = (part) => useExplorer.setState(part);

export { EMPTY_SEARCH };
