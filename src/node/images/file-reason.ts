import { ConceptError } from "../../core/errors.ts";
import { systemErrorCode } from "../system-error.ts";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "file not found"],
  ["ENOTDIR", "file not found"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ELOOP", "symbolic link loop"],
  ["EISDIR", "is a folder"],
  ["ENAMETOOLONG", "path too long"],
  ["EIO", "read error (disk or network)"],
  ["EMFILE", "too many open files"],
  ["ENFILE", "too many open files"],
  ["ESTALE", "network drive lost"],
]);

/** A few words for people on why a file could not be used. One line, at most 200 characters. */
export function fileReason(error: unknown): string {
  const known = REASONS.get(systemErrorCode(error));
  if (known !== undefined) return known;
  if (error instanceof ConceptError) return firstLine(error.message);
  return firstLine(error instanceof Error ? error.message : String(error));
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0]!.trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
