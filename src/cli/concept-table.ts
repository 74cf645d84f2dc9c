import { stabilities, stabilityBadge } from "../core/compare/stability-badge.ts";
import type { FittedModel } from "../core/model.ts";
import { type Column, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const COLUMNS: readonly Column[] = [
  { title: "id", align: "right" },
  { title: "pictures", align: "right" },
  { title: "name" },
  { title: "words" },
];

/** The concepts as a table, largest first, with stabilities where they were measured; hidden ones are left out. */
export function conceptTable(model: FittedModel, terminal: Terminal): string {
  const known = stabilities(model);
  const badge = (id: number): string => {
    const value = known.get(id);
    return value === undefined ? "-" : `${value.toFixed(2)} ${stabilityBadge(value)}`;
  };
  const shown = model.concepts.filter(({ hidden }) => !hidden);
  const rows = shown.map(({ id, size, name, words }) => [
    String(id),
    String(size),
    name,
    ...(known.size === 0 ? [] : [badge(id)]),
    words
      .slice(0, 5)
      .map(
        ({ word, score, auc }) =>
          `${word} ${score.toFixed(2)}${auc === undefined ? "" : ` (AUC ${auc.toFixed(2)})`}`,
      )
      .join(", "),
  ]);
  const [id, pictures, name, ...rest] = COLUMNS;
  const columns = known.size === 0 ? COLUMNS : [id!, pictures!, name!, { title: "stability" }, ...rest];
  const [heading, ...lines] = textTable(columns, rows).split("\n");
  return [terminal.bold(heading!), ...lines].join("\n");
}
