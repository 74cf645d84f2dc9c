import { UnusablePicture } from "../images/unusable-picture.ts";

/** The name of a picture in a table: its column and its row, counted from 0. */
export function cellEntry(column: string, row: number): string {
  return `${column}/${row}`;
}

/** @throws UnusablePicture for what is no such name */
export function cellName(entry: string): { readonly column: string; readonly row: number } {
  const slash = entry.lastIndexOf("/");
  const row = entry.slice(slash + 1);
  if (slash === -1 || !/^\d{1,15}$/.test(row)) {
    throw new UnusablePicture("not-found", "no such row or column in the table");
  }
  return { column: entry.slice(0, slash), row: Number(row) };
}

/** The bytes of a picture written as text: `data:image/png;base64,...` or base64 alone. Null for other text. */
export function textBytes(cell: string): Uint8Array | null {
  const data = /^data:image\/[a-z0-9.+-]+;base64,/i.exec(cell);
  const isBare =
    data === null && cell.length >= 64 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(cell) && !/\.\w+$/.test(cell);
  if (data === null && !isBare) return null;
  return Buffer.from(cell.slice(data?.[0].length ?? 0), "base64");
}
