import { stabilities, stabilityBadge } from "../core/compare/stability-badge.ts";
import type { FittedModel, ScoredWord } from "../core/model.ts";
import { type Column, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const COLUMNS: readonly Column[] = [
  { title: "id", align: "right" },
  { title: "pictures", align: "right" },
  { title: "name" },
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
    words.slice(0, 5).map(shownWord).join(", "),
  ]);
  const isProven = shown.some(({ words }) => words.some(({ auc }) => auc !== undefined));
  const columns = [
    ...COLUMNS,
    ...(known.size === 0 ? [] : [{ title: "stability" }]),
    { title: isProven ? "words: score (AUC, precision)" : "words: score" },
  ];
  const [heading, ...lines] = textTable(columns, rows).split("\n");
  return [terminal.bold(heading!), ...lines].join("\n");
}

/** A word with its score and, where it was put to the test, how well it finds the concept. */
function shownWord({ word, score, auc, precision }: ScoredWord): string {
  const proof =
    auc === undefined || precision === undefined ? "" : ` (${auc.toFixed(2)}, ${precision.toFixed(2)})`;
  return `${word} ${score.toFixed(2)}${proof}`;
}
