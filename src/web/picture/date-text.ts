const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/;

/** A date in ISO 8601 as people write it, "14 March 2019, 09:30"; null for another text. */
export function dateText(text: string): string | null {
  if (!ISO.test(text)) return null;
  const date = new Date(text.length === 10 || text.endsWith("Z") ? text : `${text}Z`);
  if (Number.isNaN(date.getTime())) return null;
  const isMidnight = date.getTime() % 86_400_000 === 0;
  // Dates of pictures have no time zone: they are shown as they were written.
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "long",
    ...(isMidnight ? {} : { timeStyle: "short" }),
    timeZone: "UTC",
  }).format(date);
}
