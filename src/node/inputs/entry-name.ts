/** Longest path that systems know. */
const MAX_NAME_BYTES = 4096;

/**
 * The name of an archive's entry as its pictures are called by: parts joined with `/`, without `.` and empty parts. Null for
 * a name that leads out of the archive, is empty, or that no system could hold.
 */
export function entryName(given: string): string | null {
  const parts = given.split("/");
  if (given.startsWith("/") || /^[A-Za-z]:/.test(given) || parts.includes("..") || given.includes("\0")) {
    return null;
  }
  const name = parts.filter((part) => part !== "" && part !== ".").join("/");
  return name === "" || Buffer.byteLength(name) > MAX_NAME_BYTES ? null : name;
}

/** Whether a part of a name is hidden, or one of the folders in which macOS keeps what is no picture. */
export function isHiddenEntry(name: string): boolean {
  return name.startsWith("__MACOSX/") || name.split("/").some((part) => part.startsWith("."));
}
