import type { FittedModel } from "../core/model.ts";
import { type TableColumns, type TableValues, writeTable } from "./saved-model/table.ts";

/** A table for other programs: typed columns of equal length. */
export interface ExportTable<Columns extends TableColumns = TableColumns> {
  readonly columns: Columns;
  readonly values: TableValues<Columns>;
}

/**
 * One row an image: id, path, concept (-1 for none) and its name, probability, place on the map.
 *
 * @param pathOf the path to show for a row of the image table
 */
export function imagesTable(model: FittedModel, pathOf: (row: number) => string): ExportTable {
  const { images, concepts } = model;
  const nameOf = new Map(concepts.map(({ id, name }) => [id, name]));
  const rows = images.ids.map((_, row) => row);
  return {
    columns: {
      id: "text",
      path: "text",
      concept: "int32",
      name: "text",
      probability: "float32",
      x: "float32",
      y: "float32",
    },
    values: {
      id: images.ids,
      path: rows.map(pathOf),
      concept: images.concepts,
      name: rows.map((row) => nameOf.get(images.concepts[row]!) ?? ""),
      probability: images.probabilities,
      x: Float32Array.from(rows, (row) => images.map.data[2 * row]!),
      y: Float32Array.from(rows, (row) => images.map.data[2 * row + 1]!),
    },
  };
}

/**
 * One row a concept: id, name, size, words with their scores, paths of its exemplars.
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
      exemplars: "text list",
    },
    values: {
      id: Int32Array.from(concepts, ({ id }) => id),
      name: concepts.map(({ name }) => name),
      size: Int32Array.from(concepts, ({ size }) => size),
      words: concepts.map(({ words }) => words.map(({ word }) => word)),
      scores: concepts.map(({ words }) => Float64Array.from(words, ({ score }) => score)),
      exemplars: concepts.map(({ exemplars }) => Array.from(exemplars, pathOf)),
    },
  };
}

export function tableToParquet(table: ExportTable): Uint8Array {
  return writeTable(table.columns, table.values);
}

/** RFC 4180 with a heading; the parts of a list are joined with `; `, and text that a spreadsheet
 * would take for a formula gets a leading apostrophe. */
export function tableToCsv(table: ExportTable): string {
  const names = Object.keys(table.columns);
  const columns = names.map((name) => table.values[name] as ArrayLike<unknown>);
  const lines = [names.join(",")];
  for (let row = 0; row < columns[0]!.length; row++) {
    lines.push(columns.map((column) => csvCell(column[row])).join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function csvCell(value: unknown): string {
  if (typeof value === "number") return String(value);
  const raw = typeof value === "string" ? value : Array.from(value as ArrayLike<unknown>).join("; ");
  // A spreadsheet would run it as a formula.
  const text = /^[=+\-@\t\r]/.test(raw) && Number.isNaN(Number(raw)) ? `'${raw}` : raw;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
