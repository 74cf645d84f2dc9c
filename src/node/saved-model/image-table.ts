import { columnFault } from "../../core/image-columns.ts";
import type { ImageColumn, ImageTable } from "../../core/model.ts";
import { badModel } from "./bad-model.ts";
import type { Manifest } from "./manifest.ts";
import {
  captionColumns,
  imageColumns,
  manifestFile,
  userColumnPrefix,
  userColumnTypes,
} from "./model-layout.ts";
import type { ColumnValues, TableColumns, TableValues } from "./table.ts";

/** The columns of `images.parquet`: ours, the captions where there are any, then the user's. */
export function imageTableColumns({
  userColumns,
  captions,
}: Pick<Manifest, "userColumns" | "captions">): typeof imageColumns & TableColumns {
  const theirs = userColumns.map(({ name, type }) => [userColumnPrefix + name, userColumnTypes[type]]);
  return { ...imageColumns, ...(captions ? captionColumns : {}), ...Object.fromEntries(theirs) };
}

/** The values of captions and the user's columns, by their names in the table. */
export function userColumnValues({ columns, captions }: Pick<ImageTable, "columns" | "captions">): {
  readonly [name: string]: ColumnValues[keyof ColumnValues];
} {
  const theirs = columns.map(({ name, values }) => [userColumnPrefix + name, values]);
  return { ...(captions === null ? {} : { captions }), ...Object.fromEntries(theirs) };
}

/** What the manifest says of captions and the user's columns. */
export function describeColumns({
  columns,
  captions,
}: Pick<ImageTable, "columns" | "captions">): Pick<Manifest, "userColumns" | "captions"> {
  return { userColumns: columns.map(({ name, type }) => ({ name, type })), captions: captions !== null };
}

/** @throws FormatError (BAD_MODEL) for more or other columns than a model can hold */
export function checkColumnNames({ userColumns }: Manifest): void {
  const columns = userColumns.map(({ name, type }): ImageColumn => {
    return type === "text" ? { name, type, values: [] } : { name, type, values: new Float64Array(0) };
  });
  const fault = columnFault({ columns, captions: null }, 0);
  if (fault !== null) throw badModel(manifestFile, fault);
}

/** Captions and the user's columns out of the table that `imageTableColumns` describes. */
export function decodeUserColumns(
  { userColumns, captions }: Manifest,
  table: TableValues<TableColumns>,
): Pick<ImageTable, "columns" | "captions"> {
  const columns = userColumns.map(({ name, type }) => {
    return { name, type, values: table[userColumnPrefix + name] } as ImageColumn;
  });
  return { columns, captions: captions ? (table["captions"] as ColumnValues["text list"]) : null };
}
