import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { systemErrorCode } from "./system-error.ts";

/**
 * Makes a folder and its parents where they are missing. Node 20's own recursive `mkdir` runs for ever where the
 * system answers "not found" below a folder that exists, as under `/proc`.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder).catch((again: unknown) => {
      // Another process may have made it in between.
      if (systemErrorCode(again) !== "EEXIST") throw again;
    });
  }
}
