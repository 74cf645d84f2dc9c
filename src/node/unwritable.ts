import { InputError } from "../core/errors.ts";
import { isOutOfSpace, isSystemError, systemReason } from "./system-error.ts";

/**
 * What is thrown when something cannot be written. The system does not say of what there was no room for, and what it does name
 * is a temporary file.
 *
 * @param summary what could not be done, e.g. `"The model cannot be saved to photos.concept"`
 * @returns errors that are not the system's as they are
 */
export function unwritable(summary: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  return new InputError(summary, {
    found: systemReason(cause) ?? (cause as Error).message,
    hint: isOutOfSpace(cause)
      ? "Free some space, or choose another place. What was there before is as it was."
      : "Check the path, or choose another place.",
    cause,
  });
}
