import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { ModelStateError } from "../../core/errors.ts";
import { isRunning } from "../process-state.ts";

/** Edits are written in milliseconds. */
const patience = 10_000;
const pause = 20;
/** A save that replaces the folder leaves none between its two renames: so long it is waited for, in milliseconds. */
const folderless = 200;
/** A lock that says not whose it is, or of another machine, is taken for left behind after this time, in milliseconds. */
const longestHeld = 60_000;

/**
 * Does work while no other process does the same: whoever creates the lock file first goes first, the others wait. The lock of a
 * process that was killed is taken away.
 *
 * @throws ModelStateError (`EDITED_ELSEWHERE`) when another process does not come to an end
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await takeLock(file);
  try {
    return await work();
  } finally {
    await releaseLock(file);
  }
}

/** As `withLock`, for work that may carry the lock file away with its folder: only where it did not, it is to be released. */
export async function takeLock(file: string): Promise<void> {
  const owner = `${hostname()} ${process.pid} ${randomBytes(8).toString("hex")}`;
  const start = Date.now();
  const deadline = start + patience;
  while (!(await tryLock(file, owner, Date.now() < start + folderless))) {
    await removeAbandoned(file);
    if (Date.now() > deadline) {
      throw new ModelStateError("EDITED_ELSEWHERE", "The model is being edited by another process", {
        found: file,
        hint: "Try again when that is done; delete this file if nothing else is running.",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

export async function releaseLock(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** @param mayLackFolder whether it is waited for where the folder is not there */
async function tryLock(file: string, owner: string, mayLackFolder: boolean): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    try {
      await handle.writeFile(owner);
    } catch (error) {
      // On a full disk: a lock without a name would hold up the next one.
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && mayLackFolder) return false;
    // Windows says EPERM of a file that is just being deleted.
    if (["EEXIST", "EPERM"].includes(code)) return false;
    throw error;
  }
}

async function removeAbandoned(file: string): Promise<void> {
  const owner = await abandonedBy(file);
  if (owner === null) return;
  // Of several that see an abandoned lock only one gets to rename it.
  const aside = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  // Between looking and renaming somebody else may have cleared it away and made one of his own: he gets it back.
  if ((await readFile(aside, "utf8").catch(() => owner)) !== owner)
    await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** What stands in a lock that nobody holds any more; null where somebody does, or there is none. */
async function abandonedBy(file: string): Promise<string | null> {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs;
    const owner = await readFile(file, "utf8");
    const [host, pid] = owner.split(" ");
    const isHere = host === hostname() && /^\d+$/.test(pid ?? "");
    const isAbandoned = isHere ? !isRunning(Number(pid)) : age > (owner === "" ? pause * 100 : longestHeld);
    return isAbandoned ? owner : null;
  } catch {
    return null;
  }
}
