import { ConceptError, type ConceptErrorCode, FormatError, InputError } from "../../core/errors.ts";

/** An error in plain data: copying one between threads loses its class and its fields. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: ConceptErrorCode | undefined;
  readonly fields: { readonly expected?: string; readonly found?: string; readonly hint?: string };
}

export function carryError(error: unknown): CarriedError {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof ConceptError)) return { name, message, stack, code: undefined, fields: {} };
  const { code, expected, found, hint } = error;
  return { name, message, stack, code, fields: JSON.parse(JSON.stringify({ expected, found, hint })) };
}

/** The error as it was thrown, of its own class again. */
export function thrownError({ name, message, stack, code, fields }: CarriedError): Error {
  if (code === undefined) return Object.assign(new Error(message), { name, stack });
  // The message is composed already: the fields are put beside it.
  const error =
    name === "InputError"
      ? new InputError(message, {}, code)
      : name === "FormatError"
        ? new FormatError(message, {}, code)
        : new ConceptError(code, message);
  return Object.assign(error, fields, { stack });
}
