import { createHash } from "node:crypto";
import type { ApiSheetLevel } from "../../core/explorer/api.ts";
import type { ImageTable } from "../../core/model.ts";

/** Raised when sheets are drawn otherwise than before, so that those on disk are not taken for new ones. */
const LAYOUT_VERSION = 1;

/** Pixels of a side of every sheet: a texture that any graphics card takes. */
export const SHEET_SIDE = 1024;
/** Bytes of a sheet's row of pixels: red, green, blue. */
export const SHEET_STRIDE: number = SHEET_SIDE * 3;

/** A size of thumbnails: 0 for overview sheets, 1 for detail sheets. */
export type SheetLevel = 0 | 1;
export const SHEET_LEVELS: readonly SheetLevel[] = [0, 1];

/** Pixels of a side of a cell, by level. */
export const CELLS = [32, 128] as const;
/** Cells in a row of a sheet, by level; as many rows. */
export const COLUMNS = [32, 8] as const;
/** An overview sheet has the pictures of so many detail sheets, in the same order. */
export const DETAILS = 16;

/** Number of cells of a sheet. */
export function sheetSlots(level: SheetLevel): number {
  return COLUMNS[level] ** 2;
}

/** The sheets of each level that so many pictures fill. */
export function sheetLevels(pictures: number): ApiSheetLevel[] {
  return SHEET_LEVELS.map((level) => ({
    cell: CELLS[level],
    columns: COLUMNS[level],
    rows: COLUMNS[level],
    sheets: Math.ceil(pictures / sheetSlots(level)),
  }));
}

/**
 * Names everything that sheets depend on: which pictures, in which order, drawn how.
 *
 * @param order rows by slot
 * @returns 32 hexadecimal digits
 */
export function sheetKey({ ids, paths }: Pick<ImageTable, "ids" | "paths">, order: Int32Array): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([LAYOUT_VERSION, SHEET_SIDE, CELLS, order.length]));
  // A thousand at a time: a million calls would take seconds.
  for (let from = 0; from < order.length; from += 1024) {
    const rows = order.subarray(from, from + 1024);
    hash.update(Array.from(rows, (row) => JSON.stringify([ids[row], paths[row]])).join(""));
  }
  return hash.digest("hex").slice(0, 32);
}
