import { readFile } from "node:fs/promises";
import { FormatError, InputError } from "../core/errors.ts";
import { fileReason } from "./images/file-reason.ts";
import { isTableFile, readTableFile, type TableColumn } from "./metadata/table-file.ts";
import { cellText } from "./metadata/typed-column.ts";

/** Names of a column of words, the likeliest first. */
const USUAL_COLUMNS = ["word", "words", "name", "label", "term", "phrase", "text"];

/**
 * Words, phrases or whole sentences that may name concepts: the lines of a text file, or a column of a CSV, TSV, JSON-lines or
 * Parquet table. Blank ones are left out; nothing is split.
 *
 * @param options.column default: `word`, `name`, `label` ..., or the only column
 * @throws FormatError when the file cannot be read or holds no words; InputError (BAD_OPTION) when it has no such column
 */
export async function readVocabularyFile(
  file: string,
  options: { readonly column?: string | undefined } = {},
): Promise<string[]> {
  if (!isTableFile(file) && options.column !== undefined) {
    const details = { expected: ".csv, .tsv, .jsonl or .parquet", found: file };
    throw new InputError("Only a table has columns of words", details, "BAD_OPTION");
  }
  const texts = isTableFile(file)
    ? wordColumn(await readTableFile(file), file, options.column).cells.map(cellText)
    : await textLines(file);
  const words = [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== "");
  if (words.length > 0) return words;
  throw new FormatError(`There are no words in ${JSON.stringify(file)}`, {
    expected: "a word a line or row",
  });
}

function wordColumn(columns: readonly TableColumn[], file: string, wanted: string | undefined): TableColumn {
  for (const name of wanted === undefined ? USUAL_COLUMNS : [wanted]) {
    const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  if (wanted === undefined && columns.length === 1) return columns[0]!;
  const names = columns.map(({ name }) => name).join(", ");
  throw new InputError(
    `No column of ${file} holds words`,
    {
      expected: wanted === undefined ? `${USUAL_COLUMNS.slice(0, 4).join(", ")} ...` : `a column ${wanted}`,
      found: names.slice(0, 100) || "no columns",
      hint: "Name it with --vocabulary-column (in the library: column).",
    },
    "BAD_OPTION",
  );
}

async function textLines(file: string): Promise<string[]> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    return text.split(/\r?\n|\r/);
  } catch (error) {
    throw new FormatError(`The words of ${JSON.stringify(file)} cannot be read`, {
      expected: "a text in UTF-8, a word a line, or a table",
      found: fileReason(error),
      cause: error,
    });
  }
}
