import { type FileHandle, open, readFile, realpath, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Edit } from "../../core/edits/edit.ts";
import { FormatError, ModelStateError } from "../../core/errors.ts";
import { unwritable } from "../unwritable.ts";
import { decodeLog, type EditLog, encodeEdit, encodeHeader, mostBytes } from "./edit-log-format.ts";
import { releaseLock, takeLock, withLock } from "./edit-log-lock.ts";
import { syncFolder } from "./folder-swap.ts";
import { manifestChecksum } from "./manifest.ts";
import { editLogFile, editLogLockFile, manifestFile } from "./model-layout.ts";

/** What is known of a saved model: which fit it is, and its edits. */
export interface SavedState {
  /** Of its `model.json`. */
  readonly checksum: string;
  readonly edits: readonly Edit[];
}

/**
 * Keeps all writers from a saved model that is to be replaced, once it is sure that it is the one that is known. The lock lies
 * in the folder: whoever waits for it finds another model there afterwards, and is refused.
 *
 * @param known null: no model is expected
 * @returns lets writers in again, for the case that the folder stays
 * @throws ModelStateError (`EDITED_ELSEWHERE`) when the model was edited or replaced in the meantime
 */
export async function claimSaved(folder: string, known: SavedState | null): Promise<() => Promise<void>> {
  const lock = join(folder, editLogLockFile);
  await takeLock(lock);
  try {
    await requireState(folder, known);
  } catch (error) {
    await releaseLock(lock);
    throw error;
  }
  return () => releaseLock(lock);
}

async function requireState(folder: string, known: SavedState | null): Promise<void> {
  const found = await stateIn(folder);
  if (
    found !== null &&
    found.checksum === known?.checksum &&
    isSameLog(found.edits.map(encodeEdit), known.edits.map(encodeEdit))
  )
    return;
  throw new ModelStateError(
    "EDITED_ELSEWHERE",
    `${folder} was edited or saved by another process in the meantime`,
    { hint: "It is left as it is. Do this again when nobody works on it, or save to another folder." },
  );
}

/** What lies in a folder of a saved model; null where its `model.json` is missing. @throws FormatError for a damaged log */
export async function stateIn(folder: string): Promise<SavedState | null> {
  const checksum = await checksumIn(folder);
  if (checksum === null) return null;
  const bytes = await readLog(join(folder, editLogFile));
  return { checksum, edits: bytes === null ? [] : decodeLog(bytes, checksum).edits };
}

/**
 * Brings the edit log of a saved model from what a program knows of it to what it wants: lines that both have are left alone, the
 * others are cut off or added, each flushed to disk. A crash leaves whole lines, and perhaps a torn one that readers ignore and
 * the next write cuts off. Without edits there is no file, so that a model is again byte for byte what it was before the first.
 *
 * Writers in several processes take turns.
 *
 * @param known the edits that were in the log when this program read or wrote it last
 * @throws ModelStateError (`EDITED_ELSEWHERE`) when the log holds something else by now, or the model was fitted again; the log
 * is then left alone; InputError when it cannot be written, e.g. because the disk is full
 */
export async function writeEdits(
  folder: string,
  known: readonly Edit[],
  wanted: readonly Edit[],
  model: string,
): Promise<void> {
  const target = await realpath(folder).catch(() => resolve(folder));
  const lines = wanted.map(encodeEdit);
  await withLock(join(target, editLogLockFile), async () => {
    await requireModel(target, model);
    const file = join(target, editLogFile);
    const bytes = await readLog(file);
    const log: EditLog =
      bytes === null ? { edits: [], offsets: [0], isTorn: false } : decodeLog(bytes, model);
    const before = log.edits.map(encodeEdit);
    requireKnown(before, known.map(encodeEdit), folder);
    if (lines.length === 0) {
      await rm(file, { force: true });
    } else {
      let kept = 0;
      while (kept < before.length && kept < lines.length && sameBytes(before[kept]!, lines[kept]!)) kept++;
      await writeTail(
        file,
        log.offsets[kept]!,
        kept === 0 ? [encodeHeader(model), ...lines] : lines.slice(kept),
      );
    }
    await syncFolder(dirname(file));
  }).catch((error: unknown) => {
    throw unwritable(`The edits of ${folder} cannot be saved`, error);
  });
}

/** Cuts a file off and writes the rest of it. Cutting comes first: what is left is whole at any moment. */
async function writeTail(file: string, start: number, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await openLog(file);
  try {
    let position = start;
    await handle.truncate(start);
    for (const part of parts) {
      let written = 0;
      while (written < part.length) {
        const { bytesWritten } = await handle.write(part, written, part.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openLog(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return open(file, "wx");
    throw error;
  }
}

async function readLog(file: string): Promise<Uint8Array | null> {
  const stats = await stat(file).catch(() => null);
  if (stats === null) return null;
  if (!stats.isFile() || stats.size > mostBytes) {
    throw new FormatError(`The edits in ${file} cannot be read`, {
      found: "no plain file, or one too large",
    });
  }
  return readFile(file);
}

async function requireModel(target: string, model: string): Promise<void> {
  const found = await checksumIn(target);
  if (found === model) return;
  throw new ModelStateError("EDITED_ELSEWHERE", "The saved model is not the one that was edited", {
    expected: "the model as it was loaded",
    found: found === null ? "none" : "another, saved in the meantime",
    hint: "Load it and edit it again.",
  });
}

function requireKnown(before: readonly Uint8Array[], known: readonly Uint8Array[], folder: string): void {
  if (isSameLog(before, known)) return;
  throw new ModelStateError("EDITED_ELSEWHERE", `${folder} has been edited by another process`, {
    expected: `${known.length} edits`,
    found: before.length === known.length ? "others" : `${before.length}`,
    hint: "Load the model and edit it again.",
  });
}

async function checksumIn(folder: string): Promise<string | null> {
  return manifestChecksum(await readFile(join(folder, manifestFile), "utf8").catch(() => ""));
}

function isSameLog(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((line, i) => sameBytes(line, b[i]!));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
