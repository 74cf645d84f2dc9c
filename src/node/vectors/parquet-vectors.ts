import type { DecodedArray, FileMetaData, SchemaTree } from "hyparquet";
import { parquetMetadata, parquetRead, parquetSchema } from "hyparquet";
import { FormatError } from "../../core/errors.ts";
import type { NamedVectors } from "../../core/format/named-vectors.ts";
import { type Matrix, matrix } from "../../core/math/matrix.ts";
import { pageDecompressors } from "./page-decompressors.ts";

const vectorColumns = ["embedding", "embeddings", "vector", "vectors"];
const nameColumns = ["path", "name", "file", "filename", "file_name", "image", "id"];

/**
 * Reads vectors from a Parquet file: the list column (of floats or doubles, also of fixed size) named `embedding`,
 * `embeddings`, `vector` or `vectors`, or the only list column there is; names from the first of `path`, `name`,
 * `file`, `filename`, `file_name`, `image` and `id`. The usual encodings; uncompressed, Snappy, GZIP, Brotli, and
 * Zstandard where Node has it.
 *
 * @throws FormatError when there is no such column, when vectors are null or differ in length, or the file is damaged
 */
export async function parseParquetVectors(bytes: Uint8Array<ArrayBuffer>): Promise<NamedVectors> {
  const metadata = readMetadata(bytes);
  const columns = parquetSchema(metadata).children;
  const vectorColumn = findVectorColumn(columns);
  const nameColumn = findNameColumn(columns);
  const blocks: Float32Array[] = [];
  const names: string[] = [];
  let cols: number | undefined;
  let rows = 0;
  await readColumns(bytes, metadata, nameColumn === undefined ? [vectorColumn] : [vectorColumn, nameColumn], {
    [vectorColumn]: (chunk) => {
      cols ??= lengthOf(chunk[0]);
      blocks.push(joinRows(chunk, cols, rows));
      rows += chunk.length;
    },
    ...(nameColumn === undefined ? {} : { [nameColumn]: (chunk) => appendNames(names, chunk) }),
  });
  const vectors = joinBlocks(blocks, rows, cols ?? 0);
  if (nameColumn !== undefined && names.length !== rows)
    throw unexpected(`${names.length} names for ${rows} vectors`);
  return { vectors, names: nameColumn === undefined ? null : names };
}

function readMetadata(bytes: Uint8Array): FileMetaData {
  try {
    return parquetMetadata(bytes, { geoparquet: false });
  } catch (error) {
    throw damaged(error);
  }
}

/** Hands each chunk of a column to its receiver, in the order of the rows, one column after the other. */
async function readColumns(
  bytes: Uint8Array<ArrayBuffer>,
  metadata: FileMetaData,
  columns: readonly string[],
  receivers: { readonly [column: string]: (chunk: DecodedArray) => void },
): Promise<void> {
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number): ArrayBuffer => bytes.slice(start, end).buffer,
  };
  for (const column of columns) {
    // Row groups are decoded side by side and may arrive out of order.
    const chunks: { readonly start: number; readonly data: DecodedArray }[] = [];
    try {
      await parquetRead({
        file,
        metadata,
        columns: [column],
        compressors: pageDecompressors,
        onChunk: ({ columnData, rowStart }) => chunks.push({ start: rowStart, data: columnData }),
      });
    } catch (error) {
      throw error instanceof FormatError ? error : damaged(error);
    }
    chunks.sort((a, b) => a.start - b.start);
    const rows = chunks.reduce((sum, chunk) => sum + chunk.data.length, 0);
    if (BigInt(rows) !== metadata.num_rows)
      throw damaged(`${rows} of ${metadata.num_rows} rows in ${column}`);
    for (const chunk of chunks) receivers[column]!(chunk.data);
  }
}

function findVectorColumn(columns: readonly SchemaTree[]): string {
  const lists = columns.filter(isNumberList).map((column) => column.element.name);
  const named = vectorColumns.find((name) => lists.includes(name));
  if (named !== undefined) return named;
  if (lists.length === 1) return lists[0]!;
  throw new FormatError("The Parquet file has no column of vectors", {
    expected: "a list column of floats named embedding or vector",
    found:
      lists.length > 1
        ? `several: ${listNames(lists)}`
        : `columns ${listNames(columns.map((c) => c.element.name))}`,
    hint: "Rename the column to embedding, or save the vectors as .npy.",
  });
}

function isNumberList({ children: [child, ...others] }: SchemaTree): boolean {
  if (child === undefined || others.length > 0) return false;
  if (child.children.length > 0)
    return child.element.repetition_type === "REPEATED" && isNumberLeaf(child.children);
  return child.element.repetition_type === "REPEATED" && isNumberLeaf([child]);
}

function isNumberLeaf(children: readonly SchemaTree[]): boolean {
  const [leaf] = children;
  if (children.length !== 1 || leaf === undefined || leaf.children.length > 0) return false;
  const { type, logical_type } = leaf.element;
  return type === "FLOAT" || type === "DOUBLE" || logical_type?.type === "FLOAT16";
}

function findNameColumn(columns: readonly SchemaTree[]): string | undefined {
  const flat = columns.filter(({ children, element }) => {
    return children.length === 0 && ["BYTE_ARRAY", "INT32", "INT64"].includes(element.type ?? "");
  });
  return nameColumns.find((name) => flat.some((column) => column.element.name === name));
}

function joinRows(chunk: DecodedArray, cols: number, firstRow: number): Float32Array {
  for (let i = 0; i < chunk.length; i++) {
    const length = lengthOf(chunk[i]);
    if (length !== cols) throw unexpected(`${length} numbers in row ${firstRow + i}, ${cols} in row 0`);
  }
  const data = new Float32Array(chunk.length * cols);
  for (let i = 0; i < chunk.length; i++) {
    const values = chunk[i] as readonly unknown[];
    for (let j = 0; j < cols; j++) {
      const value = values[j];
      if (typeof value !== "number") throw unexpected(`${String(value)} in row ${firstRow + i}, column ${j}`);
      data[i * cols + j] = value;
    }
  }
  return data;
}

function joinBlocks(blocks: readonly Float32Array[], rows: number, cols: number): Matrix {
  if (blocks.length === 1) return matrix(blocks[0]!, rows, cols);
  const data = new Float32Array(rows * cols);
  let offset = 0;
  for (const block of blocks) {
    data.set(block, offset);
    offset += block.length;
  }
  return matrix(data, rows, cols);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? (value as unknown as ArrayLike<unknown>).length
    : 0;
}

function appendNames(names: string[], chunk: DecodedArray): void {
  for (const name of chunk as Iterable<unknown>) {
    if (typeof name === "string") names.push(name);
    else if (typeof name === "number" || typeof name === "bigint") names.push(String(name));
    else throw unexpected(`no name in row ${names.length}`);
  }
}

function listNames(names: readonly string[]): string {
  return names.slice(0, 5).join(", ").slice(0, 100);
}

function unexpected(found: string): FormatError {
  return new FormatError("The Parquet file holds no table of vectors", {
    expected: "lists of numbers, one a row, all of one length",
    found,
  });
}

function damaged(cause: unknown): FormatError {
  return new FormatError("The Parquet file cannot be read", {
    found: String(cause instanceof Error ? cause.message : cause)
      .split("\n")[0]!
      .slice(0, 120),
    hint: "Write it again with Snappy compression, or save the vectors as .npy.",
    cause,
  });
}
