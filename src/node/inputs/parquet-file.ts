import { type FileHandle, open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { isSystemError } from "../system-error.ts";
import { entryName } from "./entry-name.ts";

/** A Parquet file that is read in pieces. */
export interface ParquetFile {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
  close(): Promise<void>;
}

/** Largest part read in one piece. */
const MAX_PART_BYTES = 2 ** 31 - 1;

/** @throws UnusablePicture when the file is no Parquet, the system's error when it cannot be read */
export async function openParquet(file: string): Promise<ParquetFile> {
  const handle = await open(file, "r");
  try {
    const buffer = await fileBuffer(handle);
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
    return { buffer, metadata, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    if (isSystemError(error) || error instanceof UnusablePicture) throw error;
    throw new UnusablePicture("damaged", "damaged: no Parquet file, or its end is missing", error);
  }
}

async function fileBuffer(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: (start, end = size) => {
      const from = start < 0 ? Math.max(0, size + start) : start;
      const reading = readPart(handle, from, Math.min(end, size) - from);
      // Told by whoever waits for it: the library asks for parts that it may then not wait for.
      reading.catch(() => undefined);
      return reading;
    },
  };
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<ArrayBuffer> {
  if (!(length >= 0) || length > MAX_PART_BYTES) throw new Error("a part of the file has an impossible size");
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, start);
  if (bytesRead < length) throw new Error("the file ends too early");
  return bytes.buffer;
}

/** A column whose cells are encoded pictures; undefined where there is none. */
export function pictureColumn({ metadata }: ParquetFile, wanted: string | undefined): string | undefined {
  const columns = parquetSchema(metadata).children;
  // The name becomes a part of the pictures' paths.
  const candidates = columns.filter((column) => {
    return (isBytes(column) || hasBytes(column)) && entryName(column.element.name) === column.element.name;
  });
  if (wanted !== undefined) return candidates.find(({ element }) => element.name === wanted)?.element.name;
  const usual = candidates.find(({ element }) => /^(image|img|picture|photo|jpg|png)$/i.test(element.name));
  return (usual ?? candidates.find(hasBytes) ?? (candidates.length === 1 ? candidates[0] : undefined))
    ?.element.name;
}

/** Whether a Parquet file is a table of pictures rather than of vectors: where it has both, the column must have been named. */
export async function isPictureTable(file: string, imageColumn: string | undefined): Promise<boolean> {
  if (imageColumn !== undefined) return true;
  const parquet = await openParquet(file).catch(() => null);
  if (parquet === null) return false;
  await parquet.close();
  return !parquetSchema(parquet.metadata).children.some(isVector);
}

function isVector({ children }: SchemaTree): boolean {
  const leaf = children[0]?.children[0]?.element.type;
  return children.length === 1 && (leaf === "FLOAT" || leaf === "DOUBLE");
}

/** Bytes of which nothing says that they are text or numbers. */
function isBytes({ element, children }: SchemaTree): boolean {
  const { type, converted_type, logical_type, repetition_type } = element;
  const isPlain =
    converted_type === undefined && logical_type === undefined && repetition_type !== "REPEATED";
  return children.length === 0 && type === "BYTE_ARRAY" && isPlain;
}

/** As Hugging Face's datasets keep pictures: a group with `bytes`, and a path beside it. */
function hasBytes({ element, children }: SchemaTree): boolean {
  return (
    element.repetition_type !== "REPEATED" &&
    children.some((child) => child.element.name === "bytes" && isBytes(child))
  );
}
