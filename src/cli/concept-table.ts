import type { FittedModel } from "../core/model.ts";
import { type Column, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const COLUMNS: readonly Column[] = [
  { title: "id", align: "right" },
  { title: "pictures", align: "right" },
  { title: "name" },
  { title: "words" },
];

/** The concepts as a table, largest first; hidden ones are left out. */
export function conceptTable(model: FittedModel, terminal: Terminal): string {
  const shown = model.concepts.filter(({ hidden }) => !hidden);
  const rows = shown.map(({ id, size, name, words }) => [
    String(id),
    String(size),
    name,
    words
      .slice(0, 5)
      .map(({ word, score }) => `${word} ${score.toFixed(2)}`)
      .join(", "),
  ]);
  const [heading, ...lines] = textTable(COLUMNS, rows).split("\n");
  return [terminal.bold(heading!), ...lines].join("\n");
}
