import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { readParquetColumns } from "../metadata/parquet-columns.ts";
import { readTableFile, type TableColumn } from "../metadata/table-file.ts";
import { cellText } from "../metadata/typed-column.ts";
import { extensionOf, skipOf } from "./folder.ts";
import type { ContainerKind, InputMetadata, Listed, ListOptions, OpenContainer } from "./input.ts";
import { entryLocation, isAddress, type Location } from "./location.ts";
import { openParquet, pictureColumn } from "./parquet-file.ts";
import { ParquetPictures } from "./parquet-pictures.ts";
import { cellEntry, cellName, textBytes } from "./table-cell.ts";

/**
 * Tables (`.csv`, `.tsv`, `.jsonl`, `.parquet`) with a column of pictures: paths relative to the table, addresses, or the
 * pictures' own bytes (in Parquet as they are or as Hugging Face's datasets keep them, in text as base64). A column called
 * `caption`, `text` ... becomes captions, all others stay columns.
 */
export const tableKind: ContainerKind = {
  name: "table",
  extensions: ["csv", "tsv", "tab", "jsonl", "ndjson", "parquet"],
  list,
  open,
};

/** What columns of paths or addresses are called, in the order they are looked for. */
const PICTURES =
  "image image_path image_file image_url path file_path filepath file filename file_name url uri img src".split(
    " ",
  );
const CAPTIONS = "caption captions text description alt alt_text sentence sentences prompt".split(" ");

/** Where the pictures of a table are, row by row; null where a row has none. */
interface PictureCells {
  readonly column: string;
  readonly locations: readonly (Location | null)[];
  /** The other columns. */
  readonly others: readonly TableColumn[];
}

async function* list(file: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  const { column, locations, others } = await pictureCells(file, options.imageColumn);
  const caption = CAPTIONS.map((name) => others.find((other) => other.name.toLowerCase() === name)).find(
    isText,
  );
  const columns = others.filter((other) => other !== caption);
  const rowsOf = new Map<Location, number[]>();
  for (const [row, location] of locations.entries()) {
    if (location === null) yield skipOf(entryLocation(file, cellEntry(column, row)), emptyRow());
    else if (isExcluded(file, location, options)) yield { kind: "ignored", what: "(excluded)" };
    else {
      // Tables of captions have several rows a picture.
      const rows = rowsOf.get(location);
      if (rows === undefined) rowsOf.set(location, [row]);
      else rows.push(row);
    }
  }
  const inside = entryLocation(file, "");
  for (const [location, rows] of rowsOf) {
    const metadata = metadataOf(rows, caption, columns);
    const container = location.startsWith(inside) ? file : undefined;
    yield { kind: "picture", location, container, metadata };
  }
}

function isExcluded(file: string, location: Location, { exclude }: ListOptions): boolean {
  if (isAddress(location)) return false;
  return exclude.verdict(path.relative(path.dirname(file), location).split(path.sep).join("/")) === true;
}

function emptyRow(): UnusablePicture {
  return new UnusablePicture("empty", "no picture in this row");
}

function metadataOf(
  rows: readonly number[],
  caption: TableColumn | undefined,
  columns: readonly TableColumn[],
): InputMetadata {
  const first = rows[0]!;
  const cells = Object.fromEntries(columns.map(({ name, cells: values }) => [name, values[first]]));
  const captions = rows.flatMap((row) => {
    const cell = caption?.cells[row];
    return Array.isArray(cell) ? cell.map(cellText) : [cellText(cell)];
  });
  return { captions, cells };
}

/** Numbers are no captions, whatever they are called. */
function isText(column: TableColumn | undefined): column is TableColumn {
  const first = column?.cells.find((cell) => cell !== null && cell !== undefined && cell !== "");
  return typeof first === "string" || Array.isArray(first);
}

/** @throws InputError when no column has pictures */
async function pictureCells(file: string, wanted: string | undefined): Promise<PictureCells> {
  const isParquet = extensionOf(file) === "parquet";
  if (isParquet) {
    const parquet = await openParquet(file);
    try {
      const column = pictureColumn(parquet, wanted);
      if (column !== undefined) {
        const rows = Array.from({ length: Number(parquet.metadata.num_rows) }, (_, row) => row);
        const others = (await readParquetColumns(parquet)).filter(({ name }) => name !== column);
        return { column, others, locations: rows.map((row) => entryLocation(file, cellEntry(column, row))) };
      }
    } finally {
      await parquet.close();
    }
  }
  const columns = await readTableFile(file);
  const pictures = chooseColumn(columns, wanted, file);
  return {
    column: pictures.name,
    others: columns.filter((column) => column !== pictures),
    locations: pictures.cells.map((cell, row) => textLocation(file, pictures.name, row, cell)),
  };
}

function textLocation(file: string, column: string, row: number, cell: unknown): Location | null {
  if (typeof cell !== "string" || cell.trim() === "" || cell.includes("\0")) return null;
  const text = cell.trim();
  if (textBytes(text) !== null) return entryLocation(file, cellEntry(column, row));
  return isAddress(text) ? text : path.resolve(path.dirname(file), text);
}

function chooseColumn(
  columns: readonly TableColumn[],
  wanted: string | undefined,
  file: string,
): TableColumn {
  const names = wanted === undefined ? PICTURES : [wanted.toLowerCase()];
  const exact = columns.find(({ name }) => name === wanted);
  const usual = names
    .map((name) => columns.find((column) => column.name.toLowerCase() === name))
    .find((column) => column !== undefined);
  const chosen = exact ?? usual;
  if (chosen !== undefined) return chosen;
  throw new InputError(`No column of ${path.basename(file)} has pictures`, {
    expected: wanted === undefined ? `${PICTURES.slice(0, 5).join(", ")} ...` : `a column ${wanted}`,
    found:
      columns
        .map(({ name }) => name)
        .join(", ")
        .slice(0, 100) || "no columns",
    hint: "Name it with --image-column (in the library: inputs: { imageColumn }).",
  });
}

async function open(file: string): Promise<OpenContainer> {
  if (extensionOf(file) === "parquet") return ParquetPictures.open(file);
  const columns = await readTableFile(file);
  return {
    read: async (entry) => {
      const { column, row } = cellName(entry);
      const cell = columns.find(({ name }) => name === column)?.cells[row];
      const bytes = typeof cell === "string" ? textBytes(cell.trim()) : null;
      if (bytes === null) throw new UnusablePicture("not-found", "no such row or column in the table");
      return bytes;
    },
    close: async () => undefined,
  };
}
