import type { ApiColumnValues } from "../../core/explorer/api.ts";
import type { ImageColumn } from "../../core/model.ts";

/** More colours nobody tells apart, and more names fill no list. */
const MOST_TEXTS = 200;

/** A column as the page wants it: small, and with null for what is missing. */
export function columnValues(column: ImageColumn): ApiColumnValues {
  if (column.type !== "text") {
    return {
      type: column.type,
      values: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)),
    };
  }
  const counts = new Map<string, number>();
  for (const text of column.values) if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  const texts = [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, MOST_TEXTS)
    .map(([text]) => text);
  const codes = new Map(texts.map((text, code) => [text, code]));
  return { type: "text", texts, codes: column.values.map((text) => codes.get(text) ?? -1) };
}

/** One value of a column, to be read; "" where it is missing. */
export function columnText(column: ImageColumn, row: number): string {
  if (column.type === "text") return column.values[row]!;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return "";
  return column.type === "date" ? new Date(value).toISOString() : String(value);
}
