import { stat } from "node:fs/promises";
import { InputError } from "../core/errors.ts";
import { findColumn } from "../core/image-columns.ts";
import type { FittedModel, ImageColumn, ImageTable } from "../core/model.ts";
import { boundedMap } from "./collage/bounded-map.ts";
import { fileOf, locate } from "./inputs/location.ts";
import { applyTable, readMetadataTable } from "./metadata/metadata-table.ts";
import { PictureMatcher } from "./metadata/picture-match.ts";

export interface OverColumnOptions {
  /** A table (`.csv`, `.tsv`, `.jsonl`, `.parquet`) that has the column; default: the columns of the model. */
  readonly table?: string | undefined;
  /** The table's column that names the pictures: by path, base name or content hash; default `path`, `file`, `name` ... */
  readonly key?: string | undefined;
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
}

/** Names of columns of dates, in the order they are looked for. */
const DATE_NAMES = ["date", "taken"];

/**
 * The column to count concepts over. `"date"` is a column of dates of that name or called `taken`, else the first column of dates, else
 * the days on which the files were last changed.
 *
 * @throws InputError where there is no such column, FormatError for a table that cannot be read
 */
export async function overColumn(
  { images }: Pick<FittedModel, "images">,
  by: string,
  { table, key, root }: OverColumnOptions,
): Promise<ImageColumn> {
  const columns = table === undefined ? images.columns : await tableColumns(images, table, key);
  const named = findColumn({ columns }, by);
  if (named !== undefined) return named;
  if (by === "date") {
    const dates = columns.filter(({ type }) => type === "date");
    const usual = dates.find(({ name }) => DATE_NAMES.includes(name.toLowerCase())) ?? dates[0];
    if (usual !== undefined) return usual;
    const folder = root ?? images.root;
    if (table === undefined && folder !== null) return fileDates(images, folder);
  }
  throw new InputError(`There is no column ${by}`, {
    expected:
      columns.length === 0
        ? "a table with it"
        : columns
            .map(({ name }) => name)
            .join(", ")
            .slice(0, 200),
    found: by,
    hint: "Name a table that has it with --table, or fit with --columns.",
  });
}

async function tableColumns(
  images: ImageTable,
  file: string,
  key: string | undefined,
): Promise<readonly ImageColumn[]> {
  const table = await readMetadataTable(file, { key, captionColumn: null });
  const { columns, report } = applyTable(table, new PictureMatcher(images), images.paths.length);
  if (report.matched > 0) return columns;
  throw new InputError(`No row of ${file} names a picture of the model`, {
    expected: `keys such as ${images.paths[0]}`,
    found: report.examples.join(", ").slice(0, 120) || "no rows",
    hint: "Name the column of paths or file names with --key.",
  });
}

/** When the files were last changed; NaN for those that are gone. */
async function fileDates({ paths }: ImageTable, root: string): Promise<ImageColumn> {
  const changed = async (name: string): Promise<number> => {
    const file = await fileOf(locate(root, name));
    const stats = file === null ? null : await stat(file).catch(() => null);
    return stats === null ? Number.NaN : Math.floor(stats.mtimeMs);
  };
  const values = await boundedMap(paths, changed, { concurrency: 32 });
  return { name: "file date", type: "date", values: Float64Array.from(values) };
}
