import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { FormatError } from "../../core/errors.ts";
import { fileReason } from "../images/file-reason.ts";
import { openParquet } from "../inputs/parquet-file.ts";
import { parseDelimited } from "./delimited.ts";
import { readParquetColumns } from "./parquet-columns.ts";

/** A column of a table as it was read: texts, numbers, bigints, booleans, Dates, lists of texts, or null. */
export interface TableColumn {
  readonly name: string;
  readonly cells: readonly unknown[];
}

/** Text is held in memory as a whole. */
const MAX_TABLE_BYTES = 2 ** 28;

const EXTENSIONS = [".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet"];

/** Whether a name looks like a table that `readTableFile` reads. */
export function isTableFile(name: string): boolean {
  return EXTENSIONS.includes(path.extname(name).toLowerCase());
}

/**
 * Reads a table with a heading: `.csv` (comma, or semicolon where the heading has more of those), `.tsv`, `.jsonl`
 * (an object a line) or `.parquet`. All columns have the same number of cells.
 *
 * @throws FormatError when the file is missing, text larger than 256 MiB, not UTF-8, damaged or without a heading
 */
export async function readTableFile(file: string): Promise<TableColumn[]> {
  try {
    const extension = path.extname(file).toLowerCase();
    if (extension === ".parquet") return await parquetColumns(file);
    const { size } = await stat(file);
    if (size > MAX_TABLE_BYTES) throw new Error(`${size} bytes exceed the limit of ${MAX_TABLE_BYTES}`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    if (extension === ".jsonl" || extension === ".ndjson") return jsonLineColumns(text);
    return rowsToColumns(parseDelimited(text, extension === ".csv" ? csvDelimiter(text) : "\t"));
  } catch (error) {
    throw new FormatError(`The table ${JSON.stringify(file)} cannot be read`, {
      expected: "a CSV, TSV or JSON-lines table in UTF-8, or Parquet",
      found: fileReason(error),
      cause: error,
    });
  }
}

async function parquetColumns(file: string): Promise<TableColumn[]> {
  const parquet = await openParquet(file);
  try {
    return await readParquetColumns(parquet);
  } finally {
    await parquet.close();
  }
}

/** Spreadsheets of half the world write semicolons into .csv files. */
function csvDelimiter(text: string): "," | ";" {
  const heading = text.split(/[\r\n]/, 1)[0]!;
  return heading.split(";").length > heading.split(",").length ? ";" : ",";
}

function rowsToColumns(rows: readonly (readonly string[])[]): TableColumn[] {
  const [heading, ...body] = rows;
  if (heading === undefined) throw new FormatError("The table is empty");
  return heading.map((name, i) => ({ name: name.trim(), cells: body.map((fields) => fields[i] ?? "") }));
}

function jsonLineColumns(text: string): TableColumn[] {
  const cells = new Map<string, unknown[]>();
  let rows = 0;
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    for (const [name, value] of Object.entries(jsonObject(line, number + 1))) {
      let column = cells.get(name);
      if (column === undefined) {
        column = [];
        cells.set(name, column);
      }
      while (column.length < rows) column.push(null);
      column.push(value);
    }
    rows++;
  }
  return Array.from(cells, ([name, column]) => {
    return { name, cells: Array.from({ length: rows }, (_, i) => column[i] ?? null) };
  });
}

function jsonObject(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, as for a line that is no object.
  }
  throw new FormatError("A line is no JSON object", { found: `it in line ${number}` });
}
