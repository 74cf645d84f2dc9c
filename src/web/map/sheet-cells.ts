import type { ApiSheetLevel } from "../../core/explorer/api.ts";

/** Levels of sheets, in keys of pages. */
const LEVEL_STRIDE = 2 ** 32;

/** The page of a slot of thumbnails, as one number: level and sheet. */
export function sheetKey(level: number, sheet: number): number {
  return level * LEVEL_STRIDE + sheet;
}

export function sheetOf(key: number): { readonly level: number; readonly sheet: number } {
  return { level: Math.floor(key / LEVEL_STRIDE), sheet: key % LEVEL_STRIDE };
}

/** Where the thumbnail of a slot lies. */
export interface SheetCell {
  readonly sheet: number;
  /** Of its sheet, 0 to 1. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function cellOf(slot: number, { columns, rows }: ApiSheetLevel): SheetCell {
  const place = slot % (columns * rows);
  return {
    sheet: Math.floor(slot / (columns * rows)),
    left: (place % columns) / columns,
    top: Math.floor(place / columns) / rows,
    width: 1 / columns,
    height: 1 / rows,
  };
}

export interface SheetRequest {
  /** Slots of the pictures shown, the most wanted first. */
  readonly slots: ArrayLike<number>;
  readonly levels: readonly ApiSheetLevel[];
  /** Device pixels of a side of a picture. */
  readonly side: number;
  /** Pages that can be kept. */
  readonly capacity: number;
}

/** More than so much larger than its cell, a picture looks soft. */
const SOFT = 1.25;

/**
 * The sheets that a view wants, the most wanted first: the coarsest ones, as they bring many pictures at once, and then finer ones
 * while pictures are larger than their cells and there is room.
 *
 * @returns keys of pages
 */
export function wantedSheets({ slots, levels, side, capacity }: SheetRequest): number[] {
  const keys = new Set<number>();
  for (const [level, { cell, columns, rows }] of levels.entries()) {
    const isNeeded = level === 0 || side > SOFT * levels[level - 1]!.cell;
    if (!isNeeded || cell <= 0) break;
    for (let i = 0; i < slots.length && keys.size < capacity; i++) {
      keys.add(sheetKey(level, Math.floor(slots[i]! / (columns * rows))));
    }
  }
  return [...keys];
}
