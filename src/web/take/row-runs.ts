/*
 * Ascending rows as a short text: runs, each by its distance from the end of the one before and its length, in base 36.
 * `5,6,7,40` is `5+3.w`.
 */

/** @param rows ascending */
export function encodeRows(rows: Iterable<number>): string {
  const runs: string[] = [];
  let start = -1;
  let end = -1;
  let before = -1;
  const close = (): void => {
    if (start === -1) return;
    const gap = (start - before - 1).toString(36);
    runs.push(end > start ? `${gap}+${(end - start + 1).toString(36)}` : gap);
    before = end;
  };
  for (const row of rows) {
    if (start !== -1 && row === end + 1) {
      end = row;
      continue;
    }
    close();
    start = row;
    end = row;
  }
  close();
  return runs.join(".");
}

/** @returns null for a text that is not of that kind, or names a row from `length` on */
export function decodeRows(text: string, length: number): Uint32Array | null {
  if (text === "") return new Uint32Array();
  const rows: number[] = [];
  let next = 0;
  for (const run of text.split(".")) {
    const parts = /^([0-9a-z]{1,7})(?:\+([0-9a-z]{1,7}))?$/.exec(run);
    if (parts === null) return null;
    const start = next + Number.parseInt(parts[1]!, 36);
    const count = parts[2] === undefined ? 1 : Number.parseInt(parts[2], 36);
    if (count < 1 || start + count > length) return null;
    for (let row = start; row < start + count; row++) rows.push(row);
    next = start + count;
  }
  return Uint32Array.from(rows);
}
