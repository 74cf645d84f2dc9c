import { open } from "node:fs/promises";
import { type Extract, extract } from "tar-stream";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { isSystemError } from "../system-error.ts";
import { MAX_ENTRIES } from "./limits.ts";
import { readStream } from "./read-stream.ts";

/** A file in a tar archive. */
export interface TarEntry {
  /** As the archive has it. */
  readonly given: string;
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly size: number;
  /** Where its content begins in the archive, unpacked. */
  readonly offset: number;
  /** The content, where it was asked for. */
  readonly content?: Uint8Array | undefined;
}

/** Whether the content of an entry is to be read along. */
export type IsWanted = (entry: TarEntry) => boolean;

const WINDOW_BYTES = 2 ** 16;
const ZEROS = Buffer.alloc(2 ** 20);

/**
 * Goes through an archive that is not packed: reads the headers and what is wanted, and skips the rest.
 *
 * @throws UnusablePicture when the archive is damaged or breaks off, after the entries before that
 */
export async function* scanTar(
  file: string,
  isWanted: IsWanted,
  signal?: AbortSignal,
): AsyncGenerator<TarEntry, void, void> {
  const handle = await open(file, "r");
  try {
    let dataEnd = 0;
    let isRead = true;
    const chunks = async function* (): AsyncGenerator<Uint8Array, void, void> {
      const { size } = await handle.stat();
      for (let position = 0; position < size; ) {
        signal?.throwIfAborted();
        // The parser is given zeros for what need not be read: it asks for every byte, the disk does not have to.
        const skipped = isRead ? 0 : Math.min(dataEnd - position, size - position, ZEROS.length);
        let chunk: Uint8Array;
        if (skipped > 0) chunk = ZEROS.subarray(0, skipped);
        else {
          const { bytesRead, buffer } = await handle.read(
            Buffer.alloc(WINDOW_BYTES),
            0,
            WINDOW_BYTES,
            position,
          );
          if (bytesRead === 0) return;
          chunk = buffer.subarray(0, bytesRead);
        }
        position += chunk.length;
        yield chunk;
      }
    };
    yield* parseTar(chunks(), (entry) => {
      isRead = isWanted(entry);
      dataEnd = entry.offset + entry.size;
      return isRead;
    });
  } finally {
    await handle.close();
  }
}

/**
 * Parses a tar archive as it comes: POSIX, GNU and old ones.
 *
 * @param isWanted asked of each entry before more of the archive is taken
 */
export async function* parseTar(
  chunks: AsyncGenerator<Uint8Array, void, void>,
  isWanted: IsWanted,
): AsyncGenerator<TarEntry, void, void> {
  const parser = extract();
  // Told by the loop; one that comes after it has ended must not end the process.
  parser.on("error", () => undefined);
  let failure: unknown;
  const fed = feed(parser, chunks).catch((error: unknown) => {
    failure = error;
  });
  let count = 0;
  try {
    for await (const source of parser) {
      if (++count > MAX_ENTRIES) throw new UnusablePicture("too-large", `more than ${MAX_ENTRIES} entries`);
      const { name, type, size } = source.header;
      const isFolder = type === "directory";
      const isFile = type === "file" || type === "contiguous-file";
      const entry = { given: name, isFile, isFolder, size, offset: source.offset + 512 };
      if (isWanted(entry))
        yield { ...entry, content: await readStream(source as AsyncIterable<Uint8Array>, { most: size }) };
      else {
        source.resume();
        yield entry;
      }
    }
    await fed;
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (failure instanceof UnusablePicture) throw failure;
    if (error instanceof UnusablePicture || isSystemError(error)) throw error;
    throw new UnusablePicture(
      "damaged",
      "damaged: the tar archive breaks off or cannot be read further",
      error,
    );
  } finally {
    parser.destroy(null);
    await chunks.return(undefined);
  }
}

async function feed(parser: Extract, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed) return;
      if (!parser.write(chunk)) await drained(parser);
    }
    parser.end(undefined);
  } catch (error) {
    // What came before is parsed still; the missing end then ends the parsing too.
    parser.end(undefined);
    throw error;
  }
}

function drained(parser: Extract): Promise<void> {
  return new Promise<void>((resolve) => {
    const done = (): void => {
      parser.off("drain", done);
      parser.off("close", done);
      resolve();
    };
    parser.on("drain", done);
    parser.on("close", done);
  });
}
