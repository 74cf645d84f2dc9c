import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { entryName } from "./entry-name.ts";
import type { OpenContainer } from "./input.ts";
import { checkEntrySize, MAX_PICTURE_BYTES } from "./limits.ts";
import { type IsWanted, parseTar, type TarEntry } from "./tar-scan.ts";

/** An archive that unpacks to more than so many times its size, and to over 1 GiB, is a bomb. */
const MAX_RATIO = 200;
const BOMB_BYTES = 2 ** 30;
/** Entries passed by on the way to another are kept so far: readers ask for a few at a time, in about their order. */
const KEPT_BYTES = 2 ** 26;

export async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** As `scanTar`, for an archive packed with gzip, which has to be unpacked from its start. */
export async function* scanGzipTar(
  file: string,
  isWanted: IsWanted,
  signal?: AbortSignal,
): AsyncGenerator<TarEntry, void, void> {
  yield* parseTar(unpacked(file, signal), isWanted);
}

async function* unpacked(file: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const packed = createReadStream(file);
  const gunzip = createGunzip();
  packed.on("error", (error) => gunzip.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of packed.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > BOMB_BYTES && bytes > MAX_RATIO * packed.bytesRead) {
        throw new UnusablePicture("too-large", `the archive unpacks to over ${MAX_RATIO} times its size`);
      }
      yield chunk;
    }
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

interface Request {
  readonly place: number;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

/**
 * Reads entries of a packed archive, which can only be gone through from its start: as long as they are asked for in the
 * order of the archive one pass serves them all, and only an earlier one begins another.
 */
export class GzipTar implements OpenContainer {
  private readonly file: string;
  private readonly places: ReadonlyMap<string, number>;
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;
  private requests: Request[] = [];
  private pass: AsyncGenerator<TarEntry, void, void> | null = null;
  /** Place of the entry that the pass gives next. */
  private next = 0;
  private isServing = false;

  private constructor(file: string, places: ReadonlyMap<string, number>) {
    this.file = file;
    this.places = places;
  }

  static async open(file: string): Promise<GzipTar> {
    const places = new Map<string, number>();
    let place = 0;
    try {
      for await (const { given, isFile } of scanGzipTar(file, () => false)) {
        const name = entryName(given);
        if (name !== null && isFile) places.set(name, place);
        place++;
      }
    } catch {
      // The list told of the damage; what was found before it can be read.
    }
    return new GzipTar(file, places);
  }

  read(name: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const place = this.places.get(name);
      if (place === undefined) {
        reject(new UnusablePicture("not-found", "no such entry in the archive"));
        return;
      }
      this.requests.push({ place, resolve, reject });
      void this.serve();
    });
  }

  async close(): Promise<void> {
    await this.pass?.return();
    this.pass = null;
  }

  /** Answers requests until there is none. Never rejects. */
  private async serve(): Promise<void> {
    if (this.isServing) return;
    this.isServing = true;
    while (this.requests.length > 0) {
      try {
        this.answerKept();
        if (this.requests.length > 0) await this.step();
      } catch (error) {
        for (const { reject } of this.requests) reject(error);
        this.requests = [];
        await this.close();
      }
    }
    this.isServing = false;
  }

  private answerKept(): void {
    this.requests = this.requests.filter(({ place, resolve }) => {
      const bytes = this.kept.get(place);
      if (bytes !== undefined) resolve(bytes);
      return bytes === undefined;
    });
  }

  /** Takes one entry further, or begins again where all that is asked for lies behind. */
  private async step(): Promise<void> {
    if (this.pass === null || this.requests.every(({ place }) => place < this.next)) {
      await this.close();
      this.pass = scanGzipTar(this.file, ({ isFile, size }) => isFile && size <= MAX_PICTURE_BYTES);
      this.next = 0;
    }
    const place = this.next++;
    const { value: entry } = await this.pass.next();
    if (entry === undefined) throw new UnusablePicture("truncated", "truncated: the archive ends too early");
    if (entry.content !== undefined) this.keep(place, entry.content);
    const isAskedFor = (request: Request): boolean => request.place === place;
    for (const { resolve, reject } of this.requests.filter(isAskedFor)) {
      if (entry.content !== undefined) resolve(entry.content);
      else reject(tooLarge(entry));
    }
    this.requests = this.requests.filter((request) => !isAskedFor(request));
  }

  private keep(place: number, content: Uint8Array): void {
    if (this.kept.has(place)) return;
    this.kept.set(place, content);
    this.keptBytes += content.length;
    for (const [oldest, { length }] of this.kept) {
      if (this.keptBytes <= KEPT_BYTES) break;
      this.kept.delete(oldest);
      this.keptBytes -= length;
    }
  }
}

function tooLarge({ size }: TarEntry): unknown {
  try {
    checkEntrySize(size, size);
  } catch (error) {
    return error;
  }
  return new UnusablePicture("not-a-file", "a link or device in the archive");
}
