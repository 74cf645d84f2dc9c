/*
 * Where bins begin and end. Bin `i` holds what lies from `edges[i]` to below `edges[i + 1]`; the last edge lies above every value.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Edges at round numbers, about `target` bins. */
export function numberEdges(least: number, most: number, target = 24): Float64Array {
  const span = most - least;
  if (!(span > 0)) return Float64Array.of(least, above(least));
  const step = roundStep(span / target);
  const first = Math.floor(least / step);
  // Of shares the greatest is the end of a scale, and needs no bin of its own; whole numbers do.
  const isEnd = step < 1 && Math.abs(most / step - Math.round(most / step)) < 1e-9;
  const last = Math.max(first + 1, isEnd ? Math.round(most / step) : Math.floor(most / step) + 1);
  // A step that vanishes, or does beside the values, cannot part them.
  if (!(step > 0 && first * step < (first + 1) * step)) return Float64Array.of(least, above(most));
  const edges = Float64Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
  edges[0] = Math.min(edges[0]!, least);
  if (!(edges.at(-1)! > most)) edges[edges.length - 1] = justAbove(most);
  return edges;
}

export type DateUnit = "year" | "month" | "day" | "hour" | "minute" | "moment";

/** Edges at turns of the calendar (UTC): the finest unit of at most `limit` bins, years by fives, tens and so on where need be. */
export function dateEdges(
  least: number,
  most: number,
  limit = 40,
): { readonly edges: Float64Array; readonly unit: DateUnit } {
  const span = most - least;
  if (!(span > 0)) return { edges: Float64Array.of(least, above(least)), unit: "moment" };
  for (const [unit, length] of [
    ["minute", MINUTE],
    ["hour", HOUR],
    ["day", DAY],
  ] as const) {
    if (span / length <= limit) return { edges: evenEdges(least, most, length), unit };
  }
  const first = new Date(least);
  const last = new Date(most);
  const years = last.getUTCFullYear() - first.getUTCFullYear() + 1;
  if (span / (30 * DAY) <= limit) return { edges: monthEdges(first, last, 1), unit: "month" };
  const step = years <= limit ? 1 : roundStep(years / limit);
  return { edges: monthEdges(first, last, 12 * step), unit: "year" };
}

/** The bin of a value, -1 for what is missing. `edges` cover every value that there is. */
export function binOf(edges: Float64Array, value: number): number {
  if (!(value >= edges[0]! && value < edges.at(-1)!)) return -1;
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

function evenEdges(least: number, most: number, step: number): Float64Array {
  const first = Math.floor(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Float64Array.from({ length: count + 1 }, (_, i) => (first + i) * step);
}

/** Edges at first days of months, every so many, beginning at a multiple of them. */
function monthEdges(first: Date, last: Date, months: number): Float64Array {
  const monthOf = (date: Date): number => 12 * date.getUTCFullYear() + date.getUTCMonth();
  const start = Math.floor(monthOf(first) / months);
  const end = Math.floor(monthOf(last) / months) + 1;
  return Float64Array.from({ length: end - start + 1 }, (_, i) => {
    const month = (start + i) * months;
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
    return date.getTime();
  });
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-12)) ?? 10;
  return factor * power;
}

/** Without the dust that multiplying decimals leaves. */
function tidy(value: number): number {
  return Number.parseFloat(value.toPrecision(12));
}

/** A number larger by one where it is whole, else by hardly anything. */
function above(value: number): number {
  return Number.isInteger(value) ? justAbove(value + 1) : justAbove(value);
}

/** The end of a bin that holds a number, told as the number itself. */
function justAbove(value: number): number {
  return value + Math.max(Math.abs(value) * 1e-9, 1e-9);
}
