import type { ColumnMetaData, FileMetaData, SchemaElement } from "hyparquet";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readPage } from "./table-page.ts";

/** What a column of a table may hold, as it comes back from `readTable`. int64 are safe integers. */
export interface ColumnValues {
  readonly text: readonly string[];
  readonly int32: Int32Array;
  readonly int64: Float64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  /** NaN for null. */
  readonly "float64?": Float64Array;
  /** Whole milliseconds since 1970-01-01 UTC, safe integers; NaN for null. */
  readonly "date?": Float64Array;
  readonly "text list": readonly (readonly string[])[];
  readonly "int32 list": readonly Int32Array[];
  readonly "float64 list": readonly Float64Array[];
}
export type ColumnType = keyof ColumnValues;
export interface TableColumns {
  readonly [name: string]: ColumnType;
}
export type TableValues<Columns extends TableColumns> = {
  readonly [name in keyof Columns]: ColumnValues[Columns[name]];
};

// A footer of these tables takes a kilobyte or two; reading a forged one takes time quadratic in its length.
const maximalFooter = 32_768;

const physicalTypes = {
  text: "BYTE_ARRAY",
  int32: "INT32",
  int64: "INT64",
  float32: "FLOAT",
  float64: "DOUBLE",
  date: "INT64",
} as const;

const convertedTypes = { text: "UTF8", date: "TIMESTAMP_MILLIS" } as const;

/**
 * Writes a Parquet file that pandas and DuckDB read as typed columns and lists: one row group, one plain,
 * uncompressed page a column; only `?` types are nullable. Equal values give equal bytes.
 */
export function writeTable<Columns extends TableColumns>(
  columns: Columns,
  values: TableValues<Columns>,
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(columns);
  const rows = values[names[0]!]!.length;
  const columnData = names.map((name) => ({
    name,
    data: plainValues(columns[name]!, values[name]!),
    encoding: "PLAIN" as const,
  }));
  return new Uint8Array(
    parquetWriteBuffer({
      columnData,
      schema: schemaOf(columns),
      codec: "UNCOMPRESSED",
      statistics: false,
      rowGroupSize: Math.max(rows, 1),
      pageSize: 0,
      createdBy: "conceptmodel",
    }),
  );
}

/**
 * Reads what `writeTable` wrote and nothing else of Parquet: a general reader would follow a forged file's
 * run lengths and page sizes wherever they lead.
 *
 * @param rows how many rows the table must have
 * @throws Error saying what is wrong, before anything larger than the file and the rows is allocated
 */
export function readTable<Columns extends TableColumns>(
  bytes: Uint8Array,
  columns: Columns,
  rows: number,
): TableValues<Columns> {
  const metadata = readFooter(bytes);
  if (!sameSchema(metadata.schema, schemaOf(columns))) {
    throw new Error(`other columns than ${Object.keys(columns).join(", ")}`);
  }
  if (metadata.num_rows !== BigInt(rows)) throw new Error(`${metadata.num_rows} rows in place of ${rows}`);
  const chunks = metadata.row_groups[0]?.columns ?? [];
  const names = Object.keys(columns);
  if (metadata.row_groups.length !== (rows > 0 ? 1 : 0) || chunks.length !== (rows > 0 ? names.length : 0)) {
    throw new Error(`${metadata.row_groups.length} row groups`);
  }
  const entries = names.map((name, i) => {
    const type = columns[name]!;
    if (rows === 0) return [name, readPage(null, type, 0)];
    return [name, readPage(pageStart(bytes, chunks[i]?.meta_data), type, rows)];
  });
  return Object.fromEntries(entries) as TableValues<Columns>;
}

function readFooter(bytes: Uint8Array): FileMetaData {
  if (bytes.length < 12) throw new Error("no Parquet file");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  if (length > maximalFooter || length > bytes.length - 12) throw new Error(`a footer of ${length} bytes`);
  return parquetMetadata(bytes, { geoparquet: false });
}

function pageStart(bytes: Uint8Array, chunk: ColumnMetaData | undefined): Uint8Array {
  if (chunk === undefined || chunk.codec !== "UNCOMPRESSED" || chunk.dictionary_page_offset !== undefined) {
    throw new Error("a column that is not stored plainly");
  }
  const start = Number(chunk.data_page_offset);
  const length = Number(chunk.total_compressed_size);
  if (start < 4 || length < 0 || start + length > bytes.length)
    throw new Error("a column past the end of the file");
  return bytes.subarray(start, start + length);
}

function schemaOf(columns: TableColumns): SchemaElement[] {
  const leaves = Object.entries(columns).flatMap(([name, type]) => {
    const element = type.replace(/ list|\?/, "") as keyof typeof physicalTypes;
    const isList = type.endsWith(" list");
    const leaf: SchemaElement = {
      name: isList ? "element" : name,
      type: physicalTypes[element],
      repetition_type: type.endsWith("?") ? "OPTIONAL" : "REQUIRED",
      ...(element in convertedTypes
        ? { converted_type: convertedTypes[element as keyof typeof convertedTypes] }
        : {}),
    };
    if (!isList) return [leaf];
    const list: SchemaElement = {
      name,
      num_children: 1,
      converted_type: "LIST",
      repetition_type: "REQUIRED",
    };
    return [list, { name: "list", num_children: 1, repetition_type: "REPEATED" as const }, leaf];
  });
  return [{ name: "root", num_children: Object.keys(columns).length }, ...leaves];
}

function sameSchema(found: readonly SchemaElement[], expected: readonly SchemaElement[]): boolean {
  const keys = ["name", "type", "repetition_type", "num_children", "converted_type"] as const;
  return (
    found.length === expected.length &&
    found.every((element, i) => keys.every((key) => i === 0 || element[key] === expected[i]![key]))
  );
}

/** Values as the writer takes them: bigints for int64 and dates, null for NaN, arrays for lists. */
function plainValues(type: ColumnType, values: ColumnValues[ColumnType]): unknown[] {
  if (type === "int64") return Array.from(values as Float64Array, BigInt);
  if (type.endsWith("?")) {
    return Array.from(values as Float64Array, (value) => {
      if (Number.isNaN(value)) return null;
      return type === "date?" ? BigInt(value) : value;
    });
  }
  if (type.endsWith(" list"))
    return Array.from(values as readonly ArrayLike<unknown>[], (list) => Array.from(list));
  return Array.from<unknown>(values as ArrayLike<unknown>);
}
