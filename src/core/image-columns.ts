import { InputError } from "./errors.ts";
import type { ImageColumn, ImageTable } from "./model.ts";

/** Bounds of what a model takes along of the user's, so that a saved one can always be read again. */
export const COLUMN_LIMITS = {
  columns: 64,
  /** Characters of a name. */
  name: 64,
  /** Characters of a text, in a column or a caption. */
  text: 10_000,
  /** Captions of one image. */
  captions: 64,
} as const;

const LATEST_DATE = 8.64e15;

/** A column by its name; undefined where there is none of that name. */
export function findColumn(images: Pick<ImageTable, "columns">, name: string): ImageColumn | undefined {
  return images.columns.find((column) => column.name === name);
}

/**
 * What keeps the columns and captions of `rows` images from being part of a model, as expected and found; null
 * where nothing does.
 */
export function columnFault(
  { columns, captions }: Pick<ImageTable, "columns" | "captions">,
  rows: number,
): { readonly expected: string; readonly found: string } | null {
  if (columns.length > COLUMN_LIMITS.columns) {
    return { expected: `at most ${COLUMN_LIMITS.columns} columns`, found: `${columns.length}` };
  }
  const names = new Set<string>();
  for (const column of columns) {
    const fault = names.has(column.name) ? ["distinct names", "it twice"] : valuesFault(column, rows);
    if (fault !== null) {
      const [expected, found] = fault as [string, string];
      return { expected, found: `${found} (column ${JSON.stringify(column.name.slice(0, 40))})` };
    }
    names.add(column.name);
  }
  return captions === null ? null : captionFault(captions, rows);
}

/** @throws InputError for columns or captions that a model cannot hold */
export function checkColumns(images: Pick<ImageTable, "columns" | "captions">, rows: number): void {
  const fault = columnFault(images, rows);
  if (fault !== null) throw new InputError("The columns or captions do not fit the images", fault);
}

function valuesFault({ name, type, values }: ImageColumn, rows: number): [string, string] | null {
  if (name === "" || name.length > COLUMN_LIMITS.name || /\p{Surrogate}/u.test(name)) {
    return [`a name of 1 to ${COLUMN_LIMITS.name} characters`, `${name.length}`];
  }
  if (values.length !== rows) return [`${rows} values`, `${values.length}`];
  if (type === "text") {
    const long = values.find((text) => text.length > COLUMN_LIMITS.text);
    return long === undefined
      ? null
      : [`texts of at most ${COLUMN_LIMITS.text} characters`, `${long.length}`];
  }
  if (type === "number") return null;
  const broken = values.find((date) => !Number.isNaN(date) && !isDate(date));
  return broken === undefined ? null : ["dates in whole milliseconds", String(broken)];
}

function isDate(milliseconds: number): boolean {
  return Number.isInteger(milliseconds) && Math.abs(milliseconds) <= LATEST_DATE;
}

function captionFault(
  captions: readonly (readonly string[])[],
  rows: number,
): { expected: string; found: string } | null {
  if (captions.length !== rows) {
    return { expected: `captions for ${rows} images`, found: `${captions.length}` };
  }
  for (const [row, texts] of captions.entries()) {
    const fits = texts.every((text) => text !== "" && text.length <= COLUMN_LIMITS.text);
    if (!fits || texts.length > COLUMN_LIMITS.captions) {
      return {
        expected: `at most ${COLUMN_LIMITS.captions} captions an image, of 1 to ${COLUMN_LIMITS.text} characters`,
        found: `something else in row ${row}`,
      };
    }
  }
  return null;
}
