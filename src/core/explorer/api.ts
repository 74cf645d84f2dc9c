import type { EditRequest } from "../edits/edit-request.ts";

/*
 * What the explorer's server and its page say to each other; docs/explorer-api.md lists the addresses. Everything that is not said
 * to be binary is JSON. Binary answers are little-endian arrays with one value a row of the image table, in its order.
 */

/** A word of a concept, with its proof where there is one. */
export interface ApiWord {
  readonly word: string;
  readonly score: number;
  readonly auc?: number | undefined;
  readonly precision?: number | undefined;
}

export interface ApiConcept {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly words: readonly ApiWord[];
  /** Rows of images, the most telling first. */
  readonly exemplars: readonly number[];
  readonly pinned: boolean;
  readonly hidden: boolean;
  /** Named by a person or a language model, so that recuts keep the name. */
  readonly renamed: boolean;
  /** That language model; absent where a person or nobody gave the name. */
  readonly namedBy?: string | undefined;
  /** No word tells it from the others. */
  readonly unclear: boolean;
  /** 0 to 1; null where it was not measured. */
  readonly stability: number | null;
  /** Median place of its pictures on the map. */
  readonly x: number;
  readonly y: number;
}

/** A column that the owner gave; its values are at `/api/columns/INDEX`. */
export interface ApiColumn {
  readonly name: string;
  readonly type: "text" | "number" | "date";
}

/** `GET /api/model`, with the revision as ETag. */
export interface ApiModel {
  readonly name: string;
  /** Changes with every edit. Edits say which one they were made upon. */
  readonly revision: string;
  /** Changes when the model is fitted or updated anew: rows then mean other pictures, and places and sheets are others. */
  readonly collection: string;
  readonly images: number;
  readonly outliers: number;
  /** Largest first, hidden ones too. */
  readonly concepts: readonly ApiConcept[];
  readonly columns: readonly ApiColumn[];
  readonly hasCaptions: boolean;
  /** Whether the rows are pictures in files; without, there are no sheets and no pictures. */
  readonly hasPictures: boolean;
  /** What searches can be made of; words need the embedder of the model or its vocabulary. */
  readonly searches: { readonly words: boolean; readonly pictures: boolean };
  /** Whether minimum size and number of concepts can be changed without a refit. */
  readonly canRecut: boolean;
  readonly minConceptSize: number;
  /** What undo would take back and redo make again, in words; null for nothing. */
  readonly undo: string | null;
  readonly redo: string | null;
  readonly sheets: readonly ApiSheetLevel[];
}

/** One size of thumbnails. Sheet `s` holds the slots from `s * columns * rows`, row by row; `/api/points/slots` has each image's slot. */
export interface ApiSheetLevel {
  /** Pixels of a side of a cell. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  readonly sheets: number;
}

/** `GET /api/columns/INDEX`: numbers and dates (milliseconds since 1970) as they are, null where missing; texts as codes. */
export type ApiColumnValues =
  | { readonly type: "number" | "date"; readonly values: readonly (number | null)[] }
  /** `codes[row]` is a place in `texts`, the commonest first; -1 for a text that is not among the 200 commonest or missing. */
  | { readonly type: "text"; readonly texts: readonly string[]; readonly codes: readonly number[] };

/** `GET /api/images/ROW`. */
export interface ApiImage {
  readonly row: number;
  readonly id: string;
  /** As the model tells it; to be shown, never to be asked for. */
  readonly path: string;
  readonly concept: number;
  readonly probability: number;
  readonly captions: readonly string[];
  /** In the order of the model's columns; "" where missing, dates in ISO 8601. */
  readonly columns: readonly { readonly name: string; readonly value: string }[];
  /** Bytes of the file when the model was fitted; 0 where unknown. */
  readonly bytes: number;
  /** `"changed"`: its length is another than in the fit; `"none"`: the model was made from vectors. */
  readonly file: "present" | "changed" | "missing" | "none";
}

/** `GET /api/images/ROW/neighbours?count=N`: the most similar pictures, best first, without itself. */
export interface ApiNeighbours {
  readonly images: readonly { readonly row: number; readonly score: number }[];
}

/** `POST /api/search`. */
export interface ApiSearchRequest {
  /** As `concept search` takes it: `+sunset -people 2:boat`; may be empty beside `like`. */
  readonly query: string;
  /** Pictures that the query is like, too: rows of images. */
  readonly like?: readonly number[] | undefined;
  /** Only pictures of this concept; -1 for those in none. */
  readonly within?: number | undefined;
  /** Only pictures for which this holds, as in `concept search --where`. */
  readonly where?: string | undefined;
  /** Most concepts and most pictures; 1 to 10,000, default 100. */
  readonly limit?: number | undefined;
}

/**
 * Answer of `POST /api/search`, and of `POST /api/search/picture`, whose body is the picture's bytes and whose options are those of
 * `ApiSearchRequest` in the address (`?query=+sunset&limit=50`).
 */
export interface ApiSearchAnswer {
  /** false: nothing matches, though the nearest are listed. */
  readonly matches: boolean;
  /** Why nothing does; null where something matches. */
  readonly nothing: "unknown words" | "below the floor" | "no picture passes the filter" | null;
  /** Texts that the embedding model does not know; they were left out. */
  readonly unknown: readonly string[];
  readonly concepts: readonly (ApiMatch & { readonly id: number })[];
  readonly images: readonly (ApiMatch & { readonly row: number })[];
}

export interface ApiMatch {
  /** Cosine similarity, -1 to 1. */
  readonly score: number;
  /** 0 to 1; null where the model has no words to tell. */
  readonly relevance: number | null;
  /** Whether the relevance is high enough, or unknown. */
  readonly matches: boolean;
}

/**
 * `POST /api/recut`: what a recut would give, as binary Int32 concept ids, with an `ApiRecutSummary` as JSON in the header
 * `x-recut`; nothing is changed. Concepts that go on keep their ids. A preview that is under way ends when the next one is asked for
 * (409 SUPERSEDED).
 */
export interface ApiRecutRequest {
  readonly minConceptSize?: number | undefined;
  readonly concepts?: number | undefined;
}

export interface ApiRecutSummary {
  readonly concepts: number;
  readonly outliers: number;
  readonly kept: number;
  readonly fresh: number;
  readonly ended: number;
}

/**
 * `POST /api/edits`, with `If-Match: REVISION`; the answer is the new `ApiModel`, or 409 when the model has another revision.
 * `POST /api/undo` and `POST /api/redo` likewise, without a body.
 */
export type ApiEdit = EditRequest;

/** `GET /api/similarity`: how alike the concepts are that are not hidden, the 400 largest at most. */
export interface ApiSimilarity {
  readonly concepts: readonly number[];
  /** Cosines, concepts x concepts, row-major. */
  readonly similarities: readonly number[];
  /** Places of `concepts` in the order in which like ones lie together. */
  readonly order: readonly number[];
  /** Number of concepts that are too many to be compared. */
  readonly leftOut: number;
}

/** `POST /api/export`: a file of these pictures; `folders` is a zip of copies, in a folder for each concept. */
export interface ApiExportRequest {
  /** Rows of images; all pictures where absent. */
  readonly rows?: readonly number[] | undefined;
  readonly format: "csv" | "list" | "folders";
  /** What the file is called, without its ending; the name of the model where absent. */
  readonly name?: string | undefined;
}

/** What `POST /api/export` answers. */
export interface ApiExportTicket {
  /** Whoever gets `/api/export/TICKET` within a minute has the file, once. */
  readonly ticket: string;
}

/** `GET /api/events`: server-sent events, each with one of these as JSON. */
export type ApiEvent =
  /** The model's revision: first the present one, then each that an edit or another program gives it. */
  | { readonly kind: "revision"; readonly revision: string; readonly collection: string }
  /** Thumbnails drawn so far, of all that there are. */
  | { readonly kind: "thumbnails"; readonly done: number; readonly of: number }
  /** An export broke off while it was fetched: the file is not whole. */
  | { readonly kind: "exportFailed"; readonly file: string; readonly error: ApiError }
  /** The model turned out to be damaged: nothing is answered any more but this error. */
  | { readonly kind: "damaged"; readonly error: ApiError }
  /** The model's folder cannot be read any more: what is in memory still answers, edits do not. */
  | { readonly kind: "gone" };

/** `GET /api/hierarchy`, a list of the topmost: concepts of concepts; a leaf is a concept. */
export interface ApiTreeNode {
  /** Concept of a leaf; null for a group. */
  readonly concept: number | null;
  readonly name: string;
  readonly size: number;
  readonly children: readonly ApiTreeNode[];
}

/** `GET /api/over?column=INDEX&bin=auto|year|month|day`: how the concepts lie over a column. */
export interface ApiOver {
  readonly kind: "time" | "range" | "class";
  readonly bins: readonly { readonly label: string; readonly pictures: number }[];
  /** Pictures without a value. */
  readonly unknown: number;
  /** -1 for the pictures in no concept. Every array has one entry a bin. */
  readonly concepts: readonly {
    readonly id: number;
    readonly counts: readonly number[];
    /** Log odds in standard errors: beyond about 2 there are more than chance has it. */
    readonly zScores: readonly number[];
  }[];
}

/** `GET /api/words?prefix=be`: words of the model's vocabulary, at most 20. */
export interface ApiWords {
  readonly words: readonly string[];
}

/** An answer of status 400 and more. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What would be right in place of what was asked for, e.g. `"from 2 to 146"`. */
  readonly expected?: string | undefined;
  /** The present one, with 409. */
  readonly revision?: string | undefined;
}
