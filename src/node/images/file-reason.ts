import { ConceptError } from "../../core/errors.ts";
import { systemErrorCode } from "../system-error.ts";
import type { SkippedFile } from "./image-file.ts";
import { type SkipCode, UnusablePicture } from "./unusable-picture.ts";

const REASONS: ReadonlyMap<string, readonly [SkipCode, string]> = new Map([
  ["ENOENT", ["not-found", "file not found"]],
  ["ENOTDIR", ["not-found", "file not found"]],
  ["EACCES", ["no-permission", "permission denied"]],
  ["EPERM", ["no-permission", "permission denied"]],
  ["ELOOP", ["link", "symbolic link loop"]],
  ["EISDIR", ["not-a-file", "is a folder"]],
  ["ENAMETOOLONG", ["bad-name", "path too long"]],
  ["EIO", ["unreadable", "read error (disk or network)"]],
  ["EMFILE", ["unreadable", "too many open files"]],
  ["ENFILE", ["unreadable", "too many open files"]],
  ["ESTALE", ["unreadable", "network drive lost"]],
]);

/** A file that could not be used, with the reason. */
export function skippedFile(path: string, error: unknown): SkippedFile {
  return { path, code: skipCode(error), reason: fileReason(error) };
}

/** A few words for people on why a file could not be used. One line, at most 200 characters. */
export function fileReason(error: unknown): string {
  const known = REASONS.get(systemErrorCode(error));
  if (known !== undefined) return known[1];
  if (error instanceof ConceptError) return firstLine(error.message);
  return firstLine(error instanceof Error ? error.message : String(error));
}

function skipCode(error: unknown): SkipCode {
  if (error instanceof UnusablePicture) return error.skipCode;
  return REASONS.get(systemErrorCode(error))?.[0] ?? "unreadable";
}

function firstLine(message: string): string {
  const line = message.split("\n", 1)[0]!.trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
