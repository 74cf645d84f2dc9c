import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { isSystemError } from "../system-error.ts";
import { ArchiveList } from "./archive-list.ts";
import { entryName } from "./entry-name.ts";
import type { ContainerKind, Listed, ListOptions, OpenContainer } from "./input.ts";
import { checkEntrySize, MAX_ENTRIES } from "./limits.ts";
import { readStream } from "./read-stream.ts";
import { ZipReader } from "./zip-reader.ts";

/**
 * Zip archives, zip64 too, with entries stored or deflated. Names are UTF-8 where the archive says so or
 * they look like it, else code page 437.
 * Of entries with one name the last counts, as it does when they are unpacked.
 */
export const zipKind: ContainerKind = { name: "zip", extensions: ["zip", "cbz"], list, open };

const STORED = 0;
const DEFLATED = 8;
const UTF8_FLAG = 0x800;
const OPTIONS = { autoClose: false, decodeStrings: false, validateEntrySizes: true } as const;

/** What is kept of an entry to read it. */
interface ZipEntry {
  readonly offset: number;
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  readonly crc32: number;
  readonly isEncrypted: boolean;
}

async function* list(file: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  const zip = await openZip(file);
  const list = new ArchiveList(file, options);
  try {
    for await (const entry of entriesOf(zip, file)) {
      options.signal?.throwIfAborted();
      const given = givenName(entry);
      if (given.endsWith("/")) continue;
      list.add({ given, size: entry.uncompressedSize }, () => checkReadable(entryOf(entry)));
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    list.breakOff(error);
  } finally {
    zip.close();
  }
  yield* list.entries;
}

async function open(file: string): Promise<OpenContainer> {
  const zip = await openZip(file);
  const entries = new Map<string, ZipEntry>();
  try {
    for await (const entry of entriesOf(zip, file)) {
      const name = entryName(givenName(entry));
      if (name !== null) entries.set(name, entryOf(entry));
    }
  } catch {
    // The list told of the damage; what was found before it can be read.
  }
  return {
    read: async (name, signal) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new UnusablePicture("not-found", "no such entry in the archive");
      return readEntry(zip, entry, signal);
    },
    close: async () => zip.close(),
  };
}

async function readEntry(
  zip: ZipFile,
  entry: ZipEntry,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  checkReadable(entry);
  let bytes: Uint8Array;
  try {
    const header = Object.assign(new Entry(), { relativeOffsetOfLocalHeader: entry.offset });
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(header, { minimal: true });
    bytes = await readStream(await openStream(zip, fileDataStart, entry), { most: entry.size, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnusablePicture("damaged", "damaged: the archive cannot be read here", error);
  }
  if (crc32(bytes) !== entry.crc32) {
    throw new UnusablePicture("damaged", "damaged: its checksum in the archive is another");
  }
  return bytes;
}

function openStream(zip: ZipFile, start: number, { packed, size, method }: ZipEntry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStreamLowLevel(start, packed, 0, packed, method === DEFLATED, size, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(error);
    });
  });
}

async function openZip(file: string): Promise<ZipFile> {
  const reader = await ZipReader.open(file);
  try {
    return await fromRandomAccessReaderPromise(reader, reader.size, OPTIONS);
  } catch (error) {
    await new Promise((resolve) => reader.close(resolve));
    if (isSystemError(error)) throw error;
    throw new UnusablePicture("damaged", "damaged: not a zip archive, or its end is missing", error);
  }
}

async function* entriesOf(zip: ZipFile, file: string): AsyncGenerator<Entry, void, void> {
  if (zip.entryCount > MAX_ENTRIES) {
    throw new UnusablePicture("too-large", `${file} has more than ${MAX_ENTRIES} entries`);
  }
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    throw new UnusablePicture("damaged", "damaged: the list of its entries breaks off", error);
  }
}

/** Not left to the library by `decodeStrings`: a name that it refuses would end the whole list. */
function givenName({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  // Many programs write UTF-8 without saying so; a name in code page 437 that looks like it is next to impossible.
  const flags = isUtf8(fileNameRaw) ? generalPurposeBitFlag | UTF8_FLAG : generalPurposeBitFlag;
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, false);
}

function entryOf(entry: Entry): ZipEntry {
  return {
    offset: entry.relativeOffsetOfLocalHeader,
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    isEncrypted: entry.isEncrypted(),
  };
}

function checkReadable({ packed, size, method, isEncrypted }: ZipEntry): void {
  if (isEncrypted) throw new UnusablePicture("encrypted", "encrypted: the archive needs a password");
  if (method !== STORED && method !== DEFLATED) {
    throw new UnusablePicture("unsupported", `packed by method ${method}, which is not known here`);
  }
  checkEntrySize(size, packed);
}
