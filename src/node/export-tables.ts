import type { FittedModel, ImageTable } from "../core/model.ts";
import { userColumnPrefix, userColumnTypes } from "./saved-model/model-layout.ts";
import { type ColumnValues, type TableColumns, type TableValues, writeTable } from "./saved-model/table.ts";

/** A table for other programs: typed columns of equal length. */
export interface ExportTable<Columns extends TableColumns = TableColumns> {
  readonly columns: Columns;
  readonly values: TableValues<Columns>;
}

/**
 * One row an image: id, path, concept (-1 for none) and its name, probability, place on the map; then captions, where
 * there are any, and the user's columns, with `user_` in front of names that ours have.
 *
 * @param pathOf the path to show for a row of the image table
 */
export function imagesTable(
  model: Pick<FittedModel, "images" | "concepts">,
  pathOf: (row: number) => string,
): ExportTable {
  const { images, concepts } = model;
  const nameOf = new Map(concepts.map(({ id, name }) => [id, name]));
  const rows = images.ids.map((_, row) => row);
  const columns: TableColumns = {
    id: "text",
    path: "text",
    concept: "int32",
    name: "text",
    probability: "float32",
    x: "float32",
    y: "float32",
  };
  const values = {
    id: images.ids,
    path: rows.map(pathOf),
    concept: images.concepts,
    name: rows.map((row) => nameOf.get(images.concepts[row]!) ?? ""),
    probability: images.probabilities,
    x: Float32Array.from(rows, (row) => images.map.data[2 * row]!),
    y: Float32Array.from(rows, (row) => images.map.data[2 * row + 1]!),
  };
  const theirs = describedTable(images, Object.keys(columns));
  return { columns: { ...columns, ...theirs.columns }, values: { ...values, ...theirs.values } };
}

/**
 * Captions and the user's columns as a table.
 *
 * @param taken names of columns that they stand beside
 */
export function describedTable({ captions, columns }: ImageTable, taken: readonly string[]): ExportTable {
  const used = new Set([...taken, "captions"]);
  const types: [string, keyof ColumnValues][] = [];
  const values: [string, ColumnValues[keyof ColumnValues]][] = [];
  if (captions !== null) {
    types.push(["captions", "text list"]);
    values.push(["captions", captions]);
  }
  for (const column of columns) {
    let name = column.name;
    while (used.has(name)) name = userColumnPrefix + name;
    used.add(name);
    types.push([name, userColumnTypes[column.type]]);
    values.push([name, column.values]);
  }
  return { columns: Object.fromEntries(types), values: Object.fromEntries(values) };
}

/**
 * One row a concept: id, name, size, words with their scores and how well each finds the concept (empty lists where that was
 * not measured), paths of its exemplars.
 *
 * @param pathOf the path to show for a row of the image table
 */
export function conceptsTable(model: FittedModel, pathOf: (row: number) => string): ExportTable {
  const { concepts } = model;
  return {
    columns: {
      id: "int32",
      name: "text",
      size: "int32",
      words: "text list",
      scores: "float64 list",
      aucs: "float64 list",
      precisions: "float64 list",
      exemplars: "text list",
    },
    values: {
      id: Int32Array.from(concepts, ({ id }) => id),
      name: concepts.map(({ name }) => name),
      size: Int32Array.from(concepts, ({ size }) => size),
      words: concepts.map(({ words }) => words.map(({ word }) => word)),
      scores: concepts.map(({ words }) => Float64Array.from(words, ({ score }) => score)),
      aucs: concepts.map(({ words }) => proofs(words.map(({ auc }) => auc))),
      precisions: concepts.map(({ words }) => proofs(words.map(({ precision }) => precision))),
      exemplars: concepts.map(({ exemplars }) => Array.from(exemplars, pathOf)),
    },
  };
}

/** All or none: a list with gaps would not pair with the words. */
function proofs(values: readonly (number | undefined)[]): Float64Array {
  const known = values.filter((value) => value !== undefined);
  return Float64Array.from(known.length === values.length ? known : []);
}

export function tableToParquet(table: ExportTable): Uint8Array {
  return writeTable(table.columns, table.values);
}

/** RFC 4180 with a heading; the parts of a list are joined with `; `, and text that a spreadsheet
 * would take for a formula gets a leading apostrophe. */
export function tableToCsv(
  table: ExportTable,
  { heading = true }: { readonly heading?: boolean } = {},
): string {
  const names = Object.keys(table.columns);
  const columns = names.map((name) => table.values[name] as ArrayLike<unknown>);
  const lines = heading ? [names.join(",")] : [];
  for (let row = 0; row < columns[0]!.length; row++) {
    lines.push(columns.map((column, i) => csvCell(column[row], table.columns[names[i]!]!)).join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function csvCell(value: unknown, type: keyof ColumnValues): string {
  if (typeof value === "number") {
    if (type.endsWith("?") && Number.isNaN(value)) return "";
    return type === "date?" ? new Date(value).toISOString() : String(value);
  }
  const raw = typeof value === "string" ? value : Array.from(value as ArrayLike<unknown>).join("; ");
  // A spreadsheet would run it as a formula.
  const text = /^[=+\-@\t\r]/.test(raw) && Number.isNaN(Number(raw)) ? `'${raw}` : raw;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
