import { type ConceptErrorDetails, FormatError } from "../../core/errors.ts";

/** The error for a saved model that is half-written, damaged or forged. @param file the file in the folder it is about */
export function badModel(file: string, details: ConceptErrorDetails = {}): FormatError {
  const hint = "Restore the folder from a copy, or fit and save the model again.";
  return new FormatError(
    `The saved model cannot be used because of ${file}`,
    { hint, ...details },
    "BAD_MODEL",
  );
}
