/** Milliseconds since 1970-01-01 UTC, the end not included. */
export interface DateSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The year, month, day, minute or second that an ISO 8601 date names (`2021`, `2021-05`, `2021-05-31`,
 * `2021-05-31T12:00`, `2021-05-31 12:00:30Z`), in UTC; null for anything else.
 */
export function dateSpan(text: string): DateSpan | null {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?)?)?$/.exec(text);
  if (parts === null) return null;
  const given = parts
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = given as [number, ...number[]];
  const date = [year, month, day, hour, minute, second] as const;
  const start = timeOf(date);
  const iso = `${[year, month, day].map((part, i) => String(part).padStart(i === 0 ? 4 : 2, "0")).join("-")}T${[hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":")}`;
  // Days that a month does not have would run over into the next.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 19) !== iso) return null;
  const next = [...date] as [number, number, number, number, number, number];
  const finest = given.length - 1;
  next[finest] = next[finest]! + 1;
  return { start, end: timeOf(next) };
}

function timeOf([year, month, day, hour, minute, second]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): number {
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  return time.getTime();
}
