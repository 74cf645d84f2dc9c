import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../make-folder.ts";
import { isRunning } from "../process-state.ts";
import { carryThumbnails } from "./carry-thumbnails.ts";
import type { FileParts } from "./encode-model.ts";

// A save writes a new folder beside the old one and changes their names. After a crash at any point one whole model
// is left, under one of two names:
//
//   while `.NAME.new-*` is written    NAME is the old model (or there is none)
//   after NAME -> `.NAME.old-*`       no NAME: `.NAME.old-*` is the old model, whole
//   after `.NAME.new-*` -> NAME       NAME is the new model, `.NAME.old-*` still there
//   after old -> `.NAME.trash-*`      NAME is the new model, the rest is being deleted
//
// The loader looks for `.NAME.old-*` only when there is no NAME, and nothing deletes a folder under that name.
//
// Who edits the old model holds a lock in its folder. A save that must not lose edits takes that lock before the first rename and
// never gives it back: it goes to the trash with the folder.
type Role = "new" | "old" | "trash";

/** Asked for the folder that is to be replaced: throws to keep it, or returns what is to be done where it stays after all. */
export type Claim = (folder: string) => Promise<() => Promise<void>>;

/**
 * Writes files into a new folder and puts it in the place of `target`; what was there is deleted last. `target` keeps
 * its old content until the new one is on disk whole.
 *
 * @throws the system's errors and those of `claim`, with `target` as it was
 */
export async function replaceFolder(
  target: string,
  files: ReadonlyMap<string, FileParts>,
  claim: Claim = async () => async () => undefined,
): Promise<void> {
  await makeFolder(dirname(target));
  const stamp = `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const fresh = sibling(target, "new", stamp);
  try {
    await writeFolder(fresh, files);
    await swap(target, fresh, stamp, claim);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Finishes what a crashed save left: the old model gets its name back where it has none, and leftovers of processes
 * that no longer run are deleted.
 */
export async function recover(target: string): Promise<void> {
  const interrupted = await findInterrupted(target);
  // One whose process still runs is not interrupted, it is between its renames.
  if (interrupted !== null && !isRunning(interrupted.pid)) await rename(interrupted.path, target);
  for (const { path, role, pid } of await listSiblings(target)) {
    if (isRunning(pid)) continue;
    // An old model goes by way of the trash: half-deleted it must never be found as a whole one.
    const doomed = role === "old" ? path.replace(".old-", ".trash-") : path;
    if (role === "old") await rename(path, doomed);
    await rm(doomed, { recursive: true, force: true });
  }
}

/** The old model of a save that stopped between its two renames; null where `target` is there or nothing is. */
export async function findInterrupted(target: string): Promise<Sibling | null> {
  if (await exists(target)) return null;
  const olds = (await listSiblings(target)).filter(({ role }) => role === "old");
  return olds.sort((a, b) => b.time - a.time)[0] ?? null;
}

async function swap(target: string, fresh: string, stamp: string, claim: Claim): Promise<void> {
  const old = sibling(target, "old", stamp);
  // Moving aside an empty folder would leave an "old model" that is none.
  await rmdir(target).catch(() => undefined);
  const replaces = await exists(target);
  if (replaces) await setAside(target, old, fresh, claim);
  else await rename(fresh, target);
  await syncFolder(dirname(target));
  if (!replaces) return;
  await carryThumbnails(old, target);
  const trash = sibling(target, "trash", stamp);
  await rename(old, trash);
  await rm(trash, { recursive: true, force: true });
}

async function setAside(target: string, old: string, fresh: string, claim: Claim): Promise<void> {
  const release = await claim(target);
  try {
    await rename(target, old);
    try {
      await rename(fresh, target);
    } catch (error) {
      await rename(old, target);
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}

async function writeFolder(folder: string, files: ReadonlyMap<string, FileParts>): Promise<void> {
  const folders = new Set([folder]);
  await mkdir(folder);
  for (const [name, parts] of files) {
    const path = join(folder, ...name.split("/"));
    if (!folders.has(dirname(path))) await mkdir(dirname(path));
    folders.add(dirname(path));
    await writeSynced(path, parts);
  }
  for (const written of folders) await syncFolder(written);
}

async function writeSynced(path: string, parts: FileParts): Promise<void> {
  const handle = await open(path, "wx");
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable; Windows cannot and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function sibling(target: string, role: Role, stamp: string): string {
  return join(dirname(target), `.${basename(target)}.${role}-${stamp}`);
}

/** A folder that a save made beside its target. */
export interface Sibling {
  readonly path: string;
  readonly role: Role;
  readonly time: number;
  /** Process that made it. */
  readonly pid: number;
}

async function listSiblings(target: string): Promise<Sibling[]> {
  const prefix = `.${basename(target)}.`;
  const names = await readdir(dirname(target)).catch(() => []);
  return names.flatMap((name) => {
    const match = name.startsWith(prefix)
      ? /^(new|old|trash)-([0-9a-z]+)-(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length))
      : null;
    if (match === null) return [];
    const [, role, time, pid] = match;
    const path = join(dirname(target), name);
    return [{ path, role: role as Role, time: Number.parseInt(time!, 36), pid: Number(pid) }];
  });
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
