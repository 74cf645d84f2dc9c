import type { RangeDimension } from "./dimension.ts";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

const DATES: Readonly<Record<Exclude<RangeDimension["unit"], "number">, Intl.DateTimeFormat>> = {
  year: dates({ year: "numeric" }),
  month: dates({ year: "numeric", month: "short" }),
  day: dates({ year: "numeric", month: "short", day: "numeric" }),
  hour: dates({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }),
  minute: dates({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false }),
  moment: dates({ dateStyle: "medium", timeStyle: "short" }),
};

/** A value as the axis tells it. */
export function valueText({ unit }: Pick<RangeDimension, "unit">, value: number): string {
  if (unit === "number") return NUMBER.format(value);
  return Number.isFinite(value) && Math.abs(value) <= 8.64e15 ? DATES[unit].format(value) : String(value);
}

/** What lies from one value to below another: "2019", "2019 to 2021", "10 to 12". */
export function rangeText(dimension: RangeDimension, from: number, to: number): string {
  if (dimension.unit === "number") return `${valueText(dimension, from)} to ${valueText(dimension, to)}`;
  // The end belongs to the next year, month or day.
  const [first, last] = [valueText(dimension, from), valueText(dimension, to - 1)];
  return first === last ? first : `${first} to ${last}`;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en", { timeZone: "UTC", ...options });
}
