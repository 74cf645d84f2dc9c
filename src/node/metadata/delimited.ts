import { FormatError } from "../../core/errors.ts";

/**
 * Splits CSV or TSV (RFC 4180): quotes around a field keep delimiters and line breaks in it, `""` is a quote. Line
 * breaks are LF, CRLF or CR; a byte order mark and blank lines are left out.
 *
 * @throws FormatError when a quote is never closed or a row has more fields than the heading
 */
export function parseDelimited(text: string, delimiter: "," | "\t" | ";"): string[][] {
  const rows: string[][] = [];
  let fields: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const { value, end } =
      text[at] === '"' ? quotedField(text, at, rows.length) : bareField(text, at, delimiter);
    fields.push(value);
    at = end;
    if (text[at] === delimiter) {
      at++;
      // A delimiter before the end of a line opens one more, empty field.
      if (at < text.length && text[at] !== "\r" && text[at] !== "\n") continue;
      fields.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    if (fields.length > 1 || fields[0] !== "") rows.push(checkedRow(fields, rows));
    fields = [];
  }
  return rows;
}

function bareField(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length) {
    const character = text[end]!;
    if (character === delimiter || character === "\n" || character === "\r") break;
    end++;
  }
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number, row: number): { value: string; end: number } {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1) {
      throw new FormatError("The table has a quote that is never closed", { found: `it in row ${row + 1}` });
    }
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const value = text.slice(start + 1, end).replaceAll('""', '"');
  const next = text[end + 1];
  if (next === undefined || /[,;\t\r\n]/.test(next)) return { value, end: end + 1 };
  throw new FormatError("The table has text after a closing quote", { found: `it in row ${row + 1}` });
}

function checkedRow(fields: string[], rows: readonly (readonly string[])[]): string[] {
  const heading = rows[0];
  if (heading === undefined || fields.length <= heading.length) return fields;
  throw new FormatError("The table has a row with more fields than its heading", {
    expected: `at most ${heading.length}`,
    found: `${fields.length} in row ${rows.length + 1}`,
    hint: "Put quotes around fields that hold the delimiter.",
  });
}
