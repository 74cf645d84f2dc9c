import { open as openFile } from "node:fs/promises";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { ArchiveList } from "./archive-list.ts";
import { entryName } from "./entry-name.ts";
import { GzipTar, isGzip, scanGzipTar } from "./gzip-tar.ts";
import type { ContainerKind, Listed, ListedPicture, ListOptions, OpenContainer } from "./input.ts";
import { checkEntrySize, MAX_TEXT_BYTES } from "./limits.ts";
import { entryLocation } from "./location.ts";
import { ShardTexts } from "./shard-texts.ts";
import { type IsWanted, scanTar, type TarEntry } from "./tar-scan.ts";

/**
 * Tar archives, packed with gzip or not, and shards of the webdataset format: what lies beside a picture becomes its captions
 * and columns. Of entries with one name the last counts, as it does when they are unpacked.
 */
export const tarKind: ContainerKind = { name: "tar", extensions: ["tar", "tar.gz", "tgz"], list, open };

async function* list(file: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  const texts = new ShardTexts();
  const list = new ArchiveList(file, options);
  const isWanted: IsWanted = ({ given, size, isFile }) =>
    isFile && size <= MAX_TEXT_BYTES && ShardTexts.isText(given);
  try {
    const { size } = await statOf(file);
    for await (const entry of await scan(file, isWanted, options.signal)) {
      const name = entryName(entry.given);
      if (entry.content !== undefined && name !== null) {
        texts.add(name, entry.content);
        continue;
      }
      if (!entry.isFolder) list.add(entry, () => checkEntry(entry, size));
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    list.breakOff(error);
  }
  for (const listed of list.entries) {
    yield listed.kind === "picture" ? withTexts(listed, file, texts) : listed;
  }
}

function checkEntry({ isFile, size }: TarEntry, archiveSize: number): void {
  if (!isFile) throw new UnusablePicture("link", "a link or device in the archive");
  checkEntrySize(size, archiveSize);
}

function withTexts(picture: ListedPicture, file: string, texts: ShardTexts): ListedPicture {
  return { ...picture, metadata: texts.of(picture.location.slice(entryLocation(file, "").length)) };
}

async function statOf(file: string): Promise<{ readonly size: number }> {
  const handle = await openFile(file, "r");
  try {
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

async function scan(
  file: string,
  isWanted: IsWanted,
  signal?: AbortSignal,
): Promise<AsyncGenerator<TarEntry, void, void>> {
  return (await isGzip(file)) ? scanGzipTar(file, isWanted, signal) : scanTar(file, isWanted, signal);
}

async function open(file: string): Promise<OpenContainer> {
  if (await isGzip(file)) return GzipTar.open(file);
  const entries = new Map<string, TarEntry>();
  try {
    for await (const entry of scanTar(file, () => false)) {
      const name = entryName(entry.given);
      if (name !== null && entry.isFile) entries.set(name, entry);
    }
  } catch {
    // The list told of the damage; what was found before it can be read.
  }
  const handle = await openFile(file, "r");
  return {
    read: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new UnusablePicture("not-found", "no such entry in the archive");
      checkEntrySize(entry.size, entry.size);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(entry.size), 0, entry.size, entry.offset);
      if (bytesRead < entry.size)
        throw new UnusablePicture("truncated", "truncated: the archive ends too early");
      return buffer;
    },
    close: () => handle.close(),
  };
}
