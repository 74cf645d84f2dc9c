/** What went wrong, in a word that programs can switch on. */
export type ConceptErrorCode =
  | "BAD_INPUT"
  | "BAD_OPTION"
  | "BAD_FILE"
  | "BAD_MODEL"
  | "NOT_FITTED"
  | "NOT_SAVED"
  | "NO_CONCEPTS"
  | "EDITED_ELSEWHERE"
  | "NO_CAPTIONS"
  | "NO_EMBEDDER"
  | "LLM_FAILED"
  | "HUB_UNREACHABLE"
  | "HUB_NOT_FOUND"
  | "HUB_UNAUTHORIZED"
  | "HUB_CHECKSUM";

/** The parts of an error's message; each a phrase without a full stop. */
export interface ConceptErrorDetails {
  /** What was expected, e.g. `"a float32 .npy file"`. */
  readonly expected?: string;
  /** What was found instead, e.g. `"a text file"`. */
  readonly found?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  /** The error underneath, if any. */
  readonly cause?: unknown;
}

/**
 * Base of every error this package throws on purpose. The message reads
 * `summary: expected X, found Y. Hint.` and stays within two lines.
 */
export class ConceptError extends Error {
  override readonly name: string = "ConceptError";
  readonly code: ConceptErrorCode;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ConceptErrorCode, summary: string, details: ConceptErrorDetails = {}) {
    super(
      composeMessage(summary, details),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.expected = details.expected;
    this.found = details.found;
    this.hint = details.hint;
  }
}

/** A value given by the caller does not fit: wrong shape, NaN, wrong range, wrong option. */
export class InputError extends ConceptError {
  override readonly name: string = "InputError";
  constructor(summary: string, details: ConceptErrorDetails = {}, code: ConceptErrorCode = "BAD_INPUT") {
    super(code, summary, details);
  }
}

/** A file or saved model is missing, half-written, damaged or forged. */
export class FormatError extends ConceptError {
  override readonly name: string = "FormatError";
  constructor(summary: string, details: ConceptErrorDetails = {}, code: ConceptErrorCode = "BAD_FILE") {
    super(code, summary, details);
  }
}

/** Something was asked of a model that it cannot answer in its present state. */
export class ModelStateError extends ConceptError {
  override readonly name: string = "ModelStateError";
}

function composeMessage(summary: string, details: ConceptErrorDetails): string {
  const facts = [
    details.expected === undefined ? "" : `expected ${details.expected}`,
    details.found === undefined ? "" : `found ${details.found}`,
  ].filter((fact) => fact !== "");
  const first = facts.length === 0 ? summary : `${summary}: ${facts.join(", ")}`;
  return details.hint === undefined ? first : `${first}.\n${details.hint}`;
}
