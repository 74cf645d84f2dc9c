export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Rows as aligned text under a heading. Cells are shown as text: control characters are dropped. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((cells) => cells.map(printable));
  const widths = columns.map(({ title }, i) =>
    clean.reduce((widest, cells) => Math.max(widest, cells[i]!.length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.align === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...clean.map(line)].join("\n");
}

/** File names and words come from strangers: they must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, "?");
}
