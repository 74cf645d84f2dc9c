/*
 * What is in a report's file for its page. Numbers of pictures are in base64, as little-endian arrays with one value a row of the
 * image table unless it says otherwise.
 */

export interface ReportConcept {
  /** Gives it its colour, the same as in the explorer. */
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly words: readonly { readonly word: string; readonly score: number }[];
  /** Rows, the most telling first. */
  readonly exemplars: readonly number[];
  /** Why its words do not tell it from others; null where they do. */
  readonly fault: string | null;
}

/** Square thumbnails on sheets, row by row, `columns` in a row and `perSheet` on a sheet. */
export interface ReportSheets {
  /** Pixels of a side. */
  readonly cell: number;
  readonly columns: number;
  readonly perSheet: number;
  /** Uint32: the row that each cell shows. */
  readonly rows: string;
  /** WebP as data URIs. */
  readonly sheets: readonly string[];
}

/** What searches for single words find. */
export interface ReportWords {
  readonly words: readonly string[];
  /** For each word places in `concepts`, best first. */
  readonly concepts: readonly (readonly number[])[];
  /** Uint32, one more than words: where each word's pictures begin in `rows`. No picture: nothing matches. */
  readonly starts: string;
  /** Uint32: rows, best first. */
  readonly rows: string;
  /** Words of the vocabulary that had no room. */
  readonly left: number;
}

export interface ReportData {
  readonly title: string;
  readonly outliers: number;
  /** Largest first, without those that are hidden. */
  readonly concepts: readonly ReportConcept[];
  /** Uint16 pairs: places on the map, both axes on one scale of 0 to 65535. */
  readonly places: string;
  /** Uint32: place in `concepts` + 1; 0 for none. */
  readonly groups: string;
  /** To be shown. */
  readonly paths: readonly string[];
  readonly thumbnails: ReportSheets;
  readonly exemplars: ReportSheets;
  /** null where the model has no words. */
  readonly words: ReportWords | null;
}
