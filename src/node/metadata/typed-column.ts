import { COLUMN_LIMITS } from "../../core/image-columns.ts";
import type { ImageColumn } from "../../core/model.ts";
import { parseDate } from "./dates.ts";

/**
 * Cells as a column of one type: numbers where every cell that is not blank is one, dates likewise, else texts. Texts of
 * digits that are names rather than numbers stay texts: with leading zeros, or too long to be exact.
 *
 * @param cells texts, numbers, bigints, booleans, Dates, lists or null; a list becomes `a; b`, an object its JSON
 */
export function typedColumn(name: string, cells: readonly unknown[]): ImageColumn {
  const present = cells.filter((cell) => !isBlank(cell));
  if (present.length > 0 && present.every((cell) => !Number.isNaN(numberOf(cell)))) {
    return { name, type: "number", values: Float64Array.from(cells, numberOf) };
  }
  if (present.length > 0 && present.every((cell) => !Number.isNaN(dateOf(cell)))) {
    return { name, type: "date", values: Float64Array.from(cells, dateOf) };
  }
  return { name, type: "text", values: cells.map(cellText) };
}

/** A cell as text, cut at the bound of a model's texts; "" for null. */
export function cellText(cell: unknown): string {
  if (isBlank(cell)) return "";
  if (Array.isArray(cell)) return cellText(cell.map(cellText).join("; "));
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  const text = typeof cell === "object" ? JSON.stringify(cell, plainJson) : String(cell);
  return boundedText(text);
}

/** Half a surrogate pair would have no UTF-8. */
export function boundedText(text: string): string {
  return text
    .slice(0, COLUMN_LIMITS.text)
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .trim();
}

function plainJson(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function isBlank(cell: unknown): boolean {
  return (
    cell === null ||
    cell === undefined ||
    Number.isNaN(cell) ||
    (typeof cell === "string" && cell.trim() === "")
  );
}

function numberOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : Number.NaN;
  if (typeof cell !== "string" || !/^\s*-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\s*$/.test(cell))
    return Number.NaN;
  const value = Number(cell);
  const exact = cell.includes(".") || Number.isSafeInteger(value);
  return exact && Number.isFinite(value) ? value : Number.NaN;
}

function dateOf(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === "string" ? parseDate(cell) : Number.NaN;
}
