import stringWidth from "string-width";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Rows as text under a heading, aligned by the columns that characters take on a terminal. Cells are shown as text: control characters are dropped. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((cells) => cells.map(printable));
  const widths = columns.map(({ title }, i) =>
    clean.reduce((widest, cells) => Math.max(widest, stringWidth(cells[i]!)), title.length),
  );
  const pad = (cell: string, i: number): string => " ".repeat(Math.max(0, widths[i]! - stringWidth(cell)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.align === "right" ? pad(cell, i) + cell : cell + pad(cell, i)))
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...clean.map(line)].join("\n");
}

/** File names and words come from strangers: they must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, "?");
}
