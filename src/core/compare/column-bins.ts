import { InputError } from "../errors.ts";
import { axisTicks } from "../math/axis-ticks.ts";
import type { ImageColumn } from "../model.ts";

/** The pictures of a collection put into bins by a column. */
export interface ColumnBins {
  /** Name of the column. */
  readonly by: string;
  /** `"time"` runs on without gaps, `"range"` is of numbers, `"class"` has no order but that of size or value. */
  readonly kind: "time" | "range" | "class";
  /** Distinct, in order. */
  readonly labels: readonly string[];
  /** For each picture its bin, -1 where the column says nothing. */
  readonly binOf: Int32Array;
}

export type TimeUnit = "year" | "month" | "day";

export interface BinOptions {
  /** For dates; default `"auto"`: years over more than three years, months over more than three months, else days. */
  readonly bin?: TimeUnit | "auto" | undefined;
}

const DAY = 86_400_000;
/** More would be a line, not bins, and a date of year 1 would make millions. */
const MOST_TIME_BINS = 1000;
/** More different numbers than these are put into ranges. */
const MOST_NUMBERS = 20;
const RANGES = 10;

/**
 * Bins of a column: years, months or days (UTC) of dates, without gaps; the values of texts, commonest first; numbers one by one
 * where there are twenty different ones at most, else in about ten ranges of round bounds.
 *
 * @throws InputError for a column without any value, for dates over more than a thousand bins, and `bin` without dates
 */
export function columnBins(column: ImageColumn, { bin = "auto" }: BinOptions = {}): ColumnBins {
  if (bin !== "auto" && column.type !== "date") {
    const details = { expected: "a column of dates", found: `${column.type}s in ${column.name}` };
    throw new InputError("Only dates can be put into years, months or days", details, "BAD_OPTION");
  }
  const bins = column.type === "date" ? timeBins(column, bin) : valueBins(column);
  if (bins.labels.length === 0) {
    throw new InputError(`The column ${column.name} is empty`, { expected: "a value for some pictures" });
  }
  return bins;
}

function timeBins(
  column: ImageColumn & { readonly type: "date" | "number" },
  unit: TimeUnit | "auto",
): ColumnBins {
  const dates = column.values.filter((date) => !Number.isNaN(date));
  const first = dates.reduce((least, date) => Math.min(least, date), Number.POSITIVE_INFINITY);
  const last = dates.reduce((most, date) => Math.max(most, date), Number.NEGATIVE_INFINITY);
  const base = { by: column.name, kind: "time" as const };
  if (dates.length === 0)
    return { ...base, labels: [], binOf: new Int32Array(column.values.length).fill(-1) };
  const chosen = unit === "auto" ? unitFor(last - first) : unit;
  const start = placeInTime(first, chosen);
  const count = placeInTime(last, chosen) - start + 1;
  if (count > MOST_TIME_BINS) {
    throw new InputError(`The dates of ${column.name} span too many ${chosen}s`, {
      expected: `${MOST_TIME_BINS} bins at most`,
      found: `${count}, from ${timeLabel(start, chosen)} to ${timeLabel(start + count - 1, chosen)}`,
      hint: "Choose longer bins, or correct the dates.",
    });
  }
  return {
    ...base,
    labels: Array.from({ length: count }, (_, i) => timeLabel(start + i, chosen)),
    binOf: Int32Array.from(column.values, (date) =>
      Number.isNaN(date) ? -1 : placeInTime(date, chosen) - start,
    ),
  };
}

function unitFor(span: number): TimeUnit {
  if (span > 3 * 366 * DAY) return "year";
  return span > 92 * DAY ? "month" : "day";
}

/** Whole years, months or days since the year 0 (days: since 1970). */
function placeInTime(milliseconds: number, unit: TimeUnit): number {
  const date = new Date(milliseconds);
  if (unit === "day") return Math.floor(milliseconds / DAY);
  return unit === "year" ? date.getUTCFullYear() : 12 * date.getUTCFullYear() + date.getUTCMonth();
}

function timeLabel(place: number, unit: TimeUnit): string {
  if (unit === "day") return new Date(place * DAY).toISOString().slice(0, 10);
  if (unit === "year") return String(place);
  return `${Math.floor(place / 12)}-${String((((place % 12) + 12) % 12) + 1).padStart(2, "0")}`;
}

function valueBins(column: ImageColumn): ColumnBins {
  if (column.type === "text") return classBins(column.name, column.values, bySize);
  const numbers = new Set(column.values.filter((value) => !Number.isNaN(value)));
  if (numbers.size > MOST_NUMBERS) return rangeBins(column.name, column.values as Float64Array);
  const texts = Array.from(column.values as Float64Array, (value) =>
    Number.isNaN(value) ? "" : String(value),
  );
  return classBins(column.name, texts, ([a], [b]) => Number(a) - Number(b));
}

type Entry = readonly [string, number];

function bySize([a, x]: Entry, [b, y]: Entry): number {
  return y - x || (a < b ? -1 : 1);
}

function classBins(by: string, texts: readonly string[], order: (a: Entry, b: Entry) => number): ColumnBins {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  const labels = [...counts].sort(order).map(([label]) => label);
  const places = new Map(labels.map((label, place) => [label, place]));
  return { by, kind: "class", labels, binOf: Int32Array.from(texts, (text) => places.get(text) ?? -1) };
}

function rangeBins(by: string, values: Float64Array): ColumnBins {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const inner = axisTicks(low, high, RANGES).filter(({ value }) => value > low && value <= high);
  // A value at a bound belongs to the range above it.
  const place = (value: number): number => inner.filter((tick) => value >= tick.value).length;
  const labels = Array.from({ length: inner.length + 1 }, (_, i) => {
    if (i === 0) return `below ${inner[0]!.text}`;
    return i === inner.length ? `from ${inner[i - 1]!.text}` : `${inner[i - 1]!.text} to ${inner[i]!.text}`;
  });
  return {
    by,
    kind: "range",
    labels,
    binOf: Int32Array.from(values, (value) => (Number.isFinite(value) ? place(value) : -1)),
  };
}
