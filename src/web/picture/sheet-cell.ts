import type { ApiSheetLevel } from "../../core/explorer/api.ts";

export interface SheetCell {
  /** Number of the sheet. */
  readonly sheet: number;
  /** As `background-position` and `background-size`; in percent, so that they hold for thumbnails of every size. */
  readonly position: string;
  readonly size: string;
}

/** Where the thumbnail of a slot is. */
export function sheetCell({ columns, rows }: ApiSheetLevel, slot: number): SheetCell {
  const cell = slot % (columns * rows);
  const along = (place: number, of: number): number => (of === 1 ? 0 : (100 * place) / (of - 1));
  return {
    sheet: Math.floor(slot / (columns * rows)),
    position: `${along(cell % columns, columns)}% ${along(Math.floor(cell / columns), rows)}%`,
    size: `${100 * columns}% ${100 * rows}%`,
  };
}
