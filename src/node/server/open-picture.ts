import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { type ImageFormat, sniffImageFormat } from "../images/image-format.ts";
import type { Picture } from "../inputs/read-picture.ts";

/** A picture that can be read; whoever has it closes it. */
export interface OpenPicture {
  readonly size: number;
  readonly modified: Date;
  /** Changes with the content. */
  readonly tag: string;
  /** As its first bytes say; undefined for none that is known. */
  readonly format: ImageFormat | undefined;
  /** All of it. */
  bytes(): Promise<Uint8Array>;
  /** A part of it; `end` is the last byte's place. Closes the picture when it has ended or is destroyed. */
  pieces(start: number, end: number): Readable;
  close(): Promise<void>;
}

/** First bytes of a file, enough to tell its format. */
const HEAD_BYTES = 512;

export async function filePicture(handle: FileHandle, stats: Stats): Promise<OpenPicture> {
  const head = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  const { ino, size, mtimeMs } = stats;
  return {
    size,
    modified: stats.mtime,
    tag: [ino, size, Math.round(mtimeMs)].map((number) => number.toString(36)).join("-"),
    format: sniffImageFormat(head.subarray(0, bytesRead)),
    bytes: () => handle.readFile(),
    pieces: (start, end) => handle.createReadStream({ start, end }),
    close: () => handle.close(),
  };
}

/** A picture in memory: the entry of an archive, or one from elsewhere. */
export function memoryPicture({ bytes, id }: Picture, modified: Date): OpenPicture {
  return {
    size: bytes.length,
    modified,
    tag: id.slice(0, 32),
    format: sniffImageFormat(bytes),
    bytes: async () => bytes,
    pieces: (start, end) => Readable.from([bytes.subarray(start, end + 1)]),
    close: async () => undefined,
  };
}
