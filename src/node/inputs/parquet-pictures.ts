import { type DecodedArray, type ParquetScan, parquetScan } from "hyparquet";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { pageDecompressors } from "../vectors/page-decompressors.ts";
import type { OpenContainer } from "./input.ts";
import { MAX_PICTURE_BYTES } from "./limits.ts";
import { openParquet, type ParquetFile } from "./parquet-file.ts";
import { cellName } from "./table-cell.ts";

/** Largest part of a file decoded in one piece. */
const MAX_GROUP_BYTES = 2 ** 30;
/** Groups of rows kept: one for those who read in order, one for those who jump. */
const KEPT_GROUPS = 2;
/** Rows read at a time from files with an index of their pages. */
const INDEXED_ROWS = 32;

interface Group {
  readonly start: number;
  readonly end: number;
}

/** Reads pictures out of a column of a Parquet file, a group of rows at a time. */
export class ParquetPictures implements OpenContainer {
  private readonly file: ParquetFile;
  private readonly kept = new Map<string, Promise<DecodedArray>>();

  private constructor(file: ParquetFile) {
    this.file = file;
  }

  static async open(file: string): Promise<ParquetPictures> {
    return new ParquetPictures(await openParquet(file));
  }

  async read(entry: string): Promise<Uint8Array> {
    const { column, row } = cellName(entry);
    const group = this.groupOf(column, row);
    const cell: unknown = (await this.rows(column, group))[row - group.start];
    const bytes = typeof cell === "object" && cell !== null && "bytes" in cell ? cell.bytes : cell;
    if (!(bytes instanceof Uint8Array)) throw new UnusablePicture("empty", "no picture in this row");
    if (bytes.length > MAX_PICTURE_BYTES) {
      throw new UnusablePicture("too-large", `larger than ${MAX_PICTURE_BYTES / 2 ** 20} MiB`);
    }
    // A copy: the rest of the group shall not stay in memory with it.
    return bytes.slice();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private groupOf(column: string, row: number): Group {
    let start = 0;
    for (const group of this.file.metadata.row_groups) {
      const end = start + Number(group.num_rows);
      if (row < end) {
        const chunks = group.columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === column);
        if (chunks.length === 0) break;
        if (chunks.every((chunk) => chunk.offset_index_offset !== undefined)) {
          const first = start + Math.floor((row - start) / INDEXED_ROWS) * INDEXED_ROWS;
          return { start: first, end: Math.min(end, first + INDEXED_ROWS) };
        }
        const bytes = chunks.reduce(
          (sum, { meta_data }) => sum + Number(meta_data!.total_uncompressed_size),
          0,
        );
        if (bytes > MAX_GROUP_BYTES) {
          throw new UnusablePicture(
            "too-large",
            "its group of rows is larger than 1 GiB: write smaller row groups",
          );
        }
        return { start, end };
      }
      start = end;
    }
    throw new UnusablePicture("not-found", "no such row or column in the table");
  }

  private rows(column: string, { start, end }: Group): Promise<DecodedArray> {
    const key = `${start} ${column}`;
    let rows = this.kept.get(key);
    if (rows === undefined) {
      rows = this.decode(column, { start, end });
      this.kept.set(key, rows);
      if (this.kept.size > KEPT_GROUPS) this.kept.delete(this.kept.keys().next().value!);
    }
    return rows;
  }

  private async decode(column: string, { start, end }: Group): Promise<DecodedArray> {
    try {
      const scan: ParquetScan = await parquetScan({
        file: this.file.buffer,
        metadata: this.file.metadata,
        columns: [column],
        compressors: pageDecompressors,
        utf8: false,
      });
      return await scan.readColumn({ column, rowStart: start, rowEnd: end });
    } catch (error) {
      throw new UnusablePicture("damaged", "damaged: its group of rows cannot be decoded", error);
    }
  }
}
