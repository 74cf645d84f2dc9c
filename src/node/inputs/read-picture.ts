import { webcrypto } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { needsView, viewable } from "../images/viewable.ts";
import { systemErrorCode } from "../system-error.ts";
import { readEntry } from "./container-pool.ts";
import { isAddress, type Location, mayBeEntry, splitEntry } from "./location.ts";
import { readWeb, type WebOptions } from "./web.ts";

/** Largest file read: what Node can hold in one piece. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/** How pictures on the web are read, and how reading ends early. */
export type ReadOptions = Pick<WebOptions, "signal" | "revalidate" | "allowPrivateAddresses">;

export interface Picture {
  /** The encoded file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 64 hexadecimal digits: the picture's id. */
  readonly id: string;
}

/**
 * Reads a picture from wherever it is, during a fit and ever after, and hashes exactly the bytes read, so that id and vector
 * agree even for a file that changes.
 *
 * @throws UnusablePicture with a short reason, the system's error, or the signal's reason
 */
export async function readPicture(location: Location, options: ReadOptions = {}): Promise<Picture> {
  const bytes = await readBytes(location, options);
  if (bytes.length === 0) throw new UnusablePicture("empty", "empty file");
  const digest = await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return { bytes, id: Buffer.from(digest).toString("hex") };
}

/** What the decoder opens of a picture, see `viewable`. @throws as `readPicture` */
export async function readViewable(location: Location, options: ReadOptions = {}): Promise<Uint8Array> {
  return viewable(location, (await readPicture(location, options)).bytes, options.signal);
}

/** The same, but for plain files their path: the decoder opens them itself, and needs no more of them than it looks at. */
export async function pictureSource(location: Location): Promise<string | Uint8Array> {
  const isPlain = !isAddress(location) && !mayBeEntry(location) && !needsView(location);
  return isPlain ? location : readViewable(location);
}

async function readBytes(location: Location, options: ReadOptions): Promise<Uint8Array> {
  if (isAddress(location)) return readWeb(location, options);
  try {
    return await readRegularFile(location);
  } catch (error) {
    const isNoFile = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(systemErrorCode(error));
    const place = isNoFile && mayBeEntry(location) ? await splitEntry(location) : null;
    if (place === null) throw error;
    return readEntry(place.container, place.entry, options.signal);
  }
}

async function readRegularFile(file: string): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw systemErrorCode(error) === "ENOENT" && file.includes("\uFFFD")
        ? new UnusablePicture("bad-name", "name is not valid UTF-8: rename it")
        : error;
    },
  );
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw new UnusablePicture("not-a-file", "is a folder");
    if (!status.isFile())
      throw new UnusablePicture("not-a-file", "not a regular file (pipe, socket or device)");
    if (status.size > MAX_FILE_BYTES) throw new UnusablePicture("too-large", "file larger than 2 GB");
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
