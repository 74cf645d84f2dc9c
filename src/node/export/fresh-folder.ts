import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { makeFolder } from "../make-folder.ts";
import { isOutOfSpace, systemErrorCode } from "../system-error.ts";
import { unwritable } from "../unwritable.ts";

/**
 * Fills a new folder beside the target and gives it the target's name at the end: whatever goes wrong, there is no half
 * of it. What is there already is never touched.
 *
 * @param fill writes into the folder it is given
 * @throws InputError when the target is there and not an empty folder, or the disk is full; the system's errors
 */
export async function writeFreshFolder<Result>(
  target: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  const whole = path.resolve(target);
  await assertFree(whole);
  await makeFolder(path.dirname(whole));
  const fresh = path.join(path.dirname(whole), `.${path.basename(whole)}.${randomUUID()}.tmp`);
  try {
    await mkdir(fresh);
    const result = await fill(fresh);
    await rmdir(whole).catch(() => undefined);
    await rename(fresh, whole);
    return result;
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Something came into the place while the export ran.
    if (["ENOTEMPTY", "EEXIST"].includes(systemErrorCode(error))) await assertFree(whole);
    // Others may be about what is read to fill it.
    throw isOutOfSpace(error) ? unwritable(`${target} cannot be written`, error) : error;
  }
}

/**
 * Writes a file beside its place and renames it: a crash leaves the old one or the new one. A device or pipe stays what it is and is
 * written to.
 *
 * @throws InputError when it cannot be written
 */
export async function writeWholeFile(target: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  const whole = path.resolve(target);
  const fresh = path.join(path.dirname(whole), `.${path.basename(whole)}.${randomUUID()}.tmp`);
  try {
    await makeFolder(path.dirname(whole));
    if (await isSpecialFile(whole)) {
      await writeFile(whole, parts);
      return;
    }
    const handle = await open(fresh, "wx");
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, whole);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw unwritable(`${target} cannot be written`, error);
  }
}

/** Whether there is something in the place that is neither a file nor a folder, such as `/dev/null`. */
export async function isSpecialFile(name: string): Promise<boolean> {
  const there = await stat(name).catch(() => null);
  return there !== null && !there.isFile() && !there.isDirectory();
}

async function assertFree(target: string): Promise<void> {
  const entries = await readdir(target).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    if (systemErrorCode(error) === "ENOTDIR") return ["a file"];
    throw error;
  });
  if (entries.length === 0) return;
  throw new InputError(`${target} is there already`, {
    expected: "a new or empty folder",
    found: entries.length === 1 ? "something in its place" : `${entries.length} entries in it`,
    hint: "Name another with -o, or remove it first: exports overwrite nothing.",
  });
}
