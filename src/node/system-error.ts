const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "is a folder",
  EEXIST: "there is something of that name already",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the user's share of the disk is used up",
  EFBIG: "the file would be larger than is allowed here",
};

/** Whether the system refused something: the disk, the network, permissions. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** The `code` of a system error, e.g. `"ENOENT"`; empty for any other. */
export function systemErrorCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

/** A system error in plain words; undefined for one that has none. */
export function systemReason(error: unknown): string | undefined {
  return REASONS[systemErrorCode(error)];
}

/** Whether there is no room for what was to be written. */
export function isOutOfSpace(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(systemErrorCode(error));
}
