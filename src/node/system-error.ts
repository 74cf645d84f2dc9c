/** Whether the system refused something: the disk, the network, permissions. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** The `code` of a system error, e.g. `"ENOENT"`; empty for any other. */
export function systemErrorCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}
