import { InputError } from "../../core/errors.ts";
import type { ImageColumn } from "../../core/model.ts";
import type { PictureMatcher } from "./picture-match.ts";
import { readTableFile, type TableColumn } from "./table-file.ts";
import { boundedText, cellText, typedColumn } from "./typed-column.ts";

const KEYS =
  "path file_path filepath file filename file_name image image_path image_file name id key photo_id image_id".split(
    " ",
  );
const CAPTIONS = "caption captions text description title alt alt_text sentence sentences label".split(" ");

/** How the rows of a table found pictures. */
export interface TableReport {
  readonly file: string;
  readonly rows: number;
  readonly matched: number;
  /** Rows whose key is no picture of the collection. */
  readonly unmatched: number;
  /** Rows whose key is the name of several pictures. */
  readonly ambiguous: number;
  /** Up to three keys that found no picture. */
  readonly examples: readonly string[];
}

/** A table that says something of pictures, read but not yet matched. */
export interface MetadataTable {
  readonly file: string;
  readonly keys: readonly string[];
  /** null for a table without captions */
  readonly captions: readonly unknown[] | null;
  /** The other columns. */
  readonly others: readonly TableColumn[];
}

/**
 * Reads a table of what is known of pictures.
 *
 * @param options.key column that names the pictures; default: `path`, `file`, `filename`, `image`, `name`, `id` ...
 * @param options.captionColumn null for none; default `caption`, `text`, `description`, `title` ...
 * @throws FormatError when the file cannot be read; InputError when it has no such columns
 */
export async function readMetadataTable(
  file: string,
  options: { readonly key?: string | undefined; readonly captionColumn?: string | null | undefined },
): Promise<MetadataTable> {
  const columns = await readTableFile(file);
  const key = chooseColumn(columns, options.key, KEYS, file, "names the pictures", "key");
  const caption =
    options.captionColumn === null
      ? null
      : chooseColumn(
          columns.filter((column) => column !== key),
          options.captionColumn,
          CAPTIONS,
          file,
          "holds captions",
          "caption-column",
        );
  return {
    file,
    keys: key.cells.map(cellText),
    captions: caption?.cells ?? null,
    others: columns.filter((column) => column !== key && column !== caption),
  };
}

function chooseColumn(
  columns: readonly TableColumn[],
  wanted: string | undefined,
  usual: readonly string[],
  file: string,
  what: string,
  option: string,
): TableColumn {
  const names = wanted === undefined ? usual : [wanted];
  for (const name of names) {
    const column =
      columns.find((candidate) => candidate.name === name) ??
      columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (column !== undefined) return column;
  }
  throw new InputError(`No column of ${file} ${what}`, {
    expected: wanted === undefined ? `${usual.slice(0, 5).join(", ")} ...` : `a column ${wanted}`,
    found:
      columns
        .map(({ name }) => name)
        .join(", ")
        .slice(0, 100) || "no columns",
    hint: `Name it with --${option} (in the library: ${option === "key" ? "key" : "captionColumn"}).`,
  });
}

/** The table's rows brought to the pictures they speak of. */
export function applyTable(
  table: MetadataTable,
  matcher: PictureMatcher,
  pictures: number,
): { captions: string[][]; columns: ImageColumn[]; report: TableReport } {
  const captions: string[][] = Array.from({ length: pictures }, () => []);
  const rowOf = new Int32Array(pictures).fill(-1);
  const missed = { unmatched: 0, ambiguous: 0 };
  const examples: string[] = [];
  table.keys.forEach((key, tableRow) => {
    const found = matcher.find(key);
    if (found.kind !== "matched") {
      missed[found.kind]++;
      if (examples.length < 3) examples.push(key);
      return;
    }
    for (const row of found.rows) {
      // Tables of captions have several rows a picture; of other columns the first counts.
      if (rowOf[row] === -1) rowOf[row] = tableRow;
      captions[row]!.push(...captionTexts(table.captions?.[tableRow]));
    }
  });
  const columns = table.others.map(({ name, cells }) => {
    return typedColumn(
      name,
      Array.from(rowOf, (row) => (row === -1 ? null : cells[row])),
    );
  });
  const rows = table.keys.length;
  const matched = rows - missed.unmatched - missed.ambiguous;
  return { captions, columns, report: { file: table.file, rows, matched, ...missed, examples } };
}

function captionTexts(cell: unknown): string[] {
  return (Array.isArray(cell) ? cell.map(cellText) : [cellText(cell)]).map(boundedText);
}
