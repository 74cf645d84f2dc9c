const DATE =
  /^(\d{4})[-/:](\d{1,2})[-/:](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds since 1970-01-01 UTC of a date as ISO 8601 or EXIF write it (`2024-05-01`, `2024-05-01T12:30:00+02:00`,
 * `2024:05:01 12:30:00`); NaN for anything else. A time without zone is taken as UTC, so that a table means the same
 * on every machine.
 */
export function parseDate(text: string): number {
  const match = DATE.exec(text.trim());
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const fraction = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const time = Date.UTC(year!, month! - 1, day, hour, minute, second, fraction);
  const date = new Date(time);
  // Date.UTC would make 1 March of 30 February.
  const exists = year! >= 100 && date.getUTCMonth() === month! - 1 && date.getUTCDate() === day && hour! < 24;
  if (!exists || minute! > 59 || second! > 59) return Number.NaN;
  return time - zoneOffset(match[8]);
}

/** Milliseconds that a zone is ahead of UTC. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
}
