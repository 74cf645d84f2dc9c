import { win32 } from "node:path";
import { InputError } from "../../core/errors.ts";
import { isAddress } from "../inputs/location.ts";

/**
 * Whether a path stays in the folder it is relative to: not empty, not absolute, no `..`. On Windows a backslash
 * separates too and a drive letter leaves the folder. Addresses of pictures on the web lie in no folder.
 */
export function isSafePath(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (path === "" || path.includes("\0")) return false;
  if (isAddress(path)) return true;
  const separator = platform === "win32" ? /[\\/]/ : "/";
  // Few paths have two dots anywhere, and to take a million apart takes half a second.
  if (path.includes("..") && path.split(separator).includes("..")) return false;
  if (platform !== "win32") return path[0] !== "/";
  return !win32.isAbsolute(path) && !/^[A-Za-z]:/.test(path);
}

/** @throws InputError naming the first path that leaves its folder */
export function assertSafePaths(paths: readonly string[]): void {
  const row = paths.findIndex((path) => !isSafePath(path));
  if (row < 0) return;
  throw new InputError("An image's path leaves the folder of the images", {
    expected: "a relative path without ..",
    found: `${JSON.stringify(paths[row])} in row ${row}`,
  });
}
