/** A place in a list of `length` entries, as an address has it; null for anything else. */
export function placeNumber(text: string | undefined, length: number): number | null {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return null;
  const place = Number(text);
  return place < length ? place : null;
}
