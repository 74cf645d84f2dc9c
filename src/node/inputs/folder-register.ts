import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/** Remembers which folders were read, by device and inode, so that links lead to each of them once. */
export class FolderRegister {
  private readonly read = new Set<string>();

  /** @returns false when the folder was entered before, under whatever path */
  async enter(folder: string): Promise<boolean> {
    const identity = await folderIdentity(folder);
    if (this.read.has(identity)) return false;
    this.read.add(identity);
    return true;
  }

  /** Why a link to a folder is not followed; `undefined` when it is. */
  async linkRefusal(link: string): Promise<string | undefined> {
    const target = await realpath(link);
    const holder = await realpath(path.dirname(link));
    const fromTarget = path.relative(target, holder);
    const leadsUp =
      fromTarget === "" ||
      !(fromTarget === ".." || fromTarget.startsWith(`..${path.sep}`) || path.isAbsolute(fromTarget));
    if (leadsUp) return "symbolic link loop: leads back to a folder it lies in";
    return this.read.has(await folderIdentity(link)) ? "symbolic link to a folder already read" : undefined;
  }
}

async function folderIdentity(folder: string): Promise<string> {
  const status = await stat(folder, { bigint: true });
  return `${status.dev}:${status.ino}`;
}
