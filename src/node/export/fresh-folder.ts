import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { makeFolder } from "../make-folder.ts";
import { systemErrorCode } from "../system-error.ts";

/**
 * Fills a new folder beside the target and gives it the target's name at the end: whatever goes wrong, there is no half
 * of it. What is there already is never touched.
 *
 * @param fill writes into the folder it is given
 * @throws InputError when the target is there and not an empty folder; the system's errors
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
    throw error;
  }
}

/** Writes a file beside its place and renames it: a crash leaves the old one or the new one. */
export async function writeWholeFile(target: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  const whole = path.resolve(target);
  await makeFolder(path.dirname(whole));
  const fresh = path.join(path.dirname(whole), `.${path.basename(whole)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(fresh, "wx");
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, whole);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
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
