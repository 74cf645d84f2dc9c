import { webcrypto } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { FormatError } from "../../core/errors.ts";
import { systemErrorCode } from "../system-error.ts";

/** Largest file read: what Node can hold in one piece. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

export interface Picture {
  /** The encoded file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 64 hexadecimal digits: the picture's id. */
  readonly id: string;
}

/**
 * Reads a file and hashes exactly the bytes read, so that id and vector agree even for a file that changes.
 *
 * @throws FormatError with a short reason, or the system's error
 */
export async function readPicture(file: string): Promise<Picture> {
  const bytes = await readRegularFile(file);
  if (bytes.length === 0) throw new FormatError("empty file");
  const digest = await webcrypto.subtle.digest("SHA-256", bytes);
  return { bytes, id: Buffer.from(digest).toString("hex") };
}

async function readRegularFile(file: string): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw systemErrorCode(error) === "ENOENT" && file.includes("\uFFFD")
        ? new FormatError("name is not valid UTF-8: rename it")
        : error;
    },
  );
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw new FormatError("is a folder");
    if (!status.isFile()) throw new FormatError("not a regular file (pipe, socket or device)");
    if (status.size > MAX_FILE_BYTES) throw new FormatError("file larger than 2 GB");
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
