import { type DecodedArray, parquetRead, parquetSchema } from "hyparquet";
import { FormatError } from "../../core/errors.ts";
import type { ParquetFile } from "../inputs/parquet-file.ts";
import { pageDecompressors } from "../vectors/page-decompressors.ts";
import type { TableColumn } from "./table-file.ts";

const SCALARS = [
  "BYTE_ARRAY",
  "INT32",
  "INT64",
  "INT96",
  "FLOAT",
  "DOUBLE",
  "BOOLEAN",
  "FIXED_LEN_BYTE_ARRAY",
];

/**
 * Reads the columns of a Parquet file that hold texts, numbers, dates or lists of texts; others, such as vectors and
 * the bytes of pictures, are left out unread.
 *
 * @throws FormatError when the file is damaged
 */
export async function readParquetColumns({ buffer: file, metadata }: ParquetFile): Promise<TableColumn[]> {
  try {
    const names = parquetSchema(metadata)
      .children.filter(({ children, element }) => {
        if (children.length === 0) return SCALARS.includes(element.type ?? "") && isReadable(element);
        const leaf = children[0]?.children[0]?.element ?? children[0]?.element;
        return children.length === 1 && leaf?.type === "BYTE_ARRAY" && isReadable(leaf);
      })
      .map(({ element }) => element.name);
    const columns: TableColumn[] = [];
    for (const name of names) {
      const cells: unknown[] = new Array(Number(metadata.num_rows)).fill(null);
      const place = ({ columnData, rowStart }: { columnData: DecodedArray; rowStart: number }): void => {
        for (let i = 0; i < columnData.length; i++) cells[rowStart + i] = columnData[i];
      };
      await parquetRead({ file, metadata, columns: [name], compressors: pageDecompressors, onChunk: place });
      columns.push({ name, cells });
    }
    return columns;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const found = String(error instanceof Error ? error.message : error).split("\n")[0]!;
    throw new FormatError("The Parquet file cannot be read", { found: found.slice(0, 120), cause: error });
  }
}

/** Bytes without a type are pictures or worse, not texts. */
function isReadable(element: {
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly logical_type?: { readonly type: string } | undefined;
}): boolean {
  if (element.type !== "BYTE_ARRAY" && element.type !== "FIXED_LEN_BYTE_ARRAY") return true;
  const kinds = [element.converted_type, element.logical_type?.type];
  return kinds.some((kind) => ["UTF8", "STRING", "ENUM", "DECIMAL"].includes(kind ?? ""));
}
