import type { Edit } from "../../core/edits/edit.ts";
import { parseEdit } from "../../core/edits/parse-edit.ts";
import { FormatError } from "../../core/errors.ts";
import { editLogFile } from "./model-layout.ts";

/** The edits of a model: JSON Lines, a header first, then one edit a line, in the order made. */
export interface EditLog {
  readonly edits: readonly Edit[];
  /** Where each edit's line begins, in bytes, and last the end of the last whole line. */
  readonly offsets: readonly number[];
  /** Whether there is something behind the last whole line: a write that was cut off. */
  readonly isTorn: boolean;
}

const formatName = "conceptmodel-edits";
const formatVersion = 1;

const newline = 10;
const mebibyte = 2 ** 20;
/** Bounds of what is read; far more than people can do. */
export const mostBytes: number = 512 * mebibyte;
const longestLine = 64 * mebibyte;
const mostEdits = 100_000;

/** @param model checksum of the `model.json` that the edits are of */
export function encodeHeader(model: string): Uint8Array<ArrayBuffer> {
  return encodeLine(JSON.stringify({ format: formatName, formatVersion, model }));
}

/**
 * An edit as a line of the log: equal edits give equal bytes, whatever the order of their fields.
 *
 * @throws FormatError for an edit that could not be read again
 */
export function encodeEdit(edit: Edit): Uint8Array<ArrayBuffer> {
  const line = encodeLine(JSON.stringify(parseEdit(edit)));
  if (line.length <= longestLine) return line;
  throw new FormatError("The edit is too large to be kept", {
    expected: `at most ${longestLine / mebibyte} MiB`,
    found: `${Math.ceil(line.length / mebibyte)} MiB`,
    hint: "Move fewer pictures at a time.",
  });
}

/** @throws FormatError for an edit that could not be read again */
export function encodeLog(model: string, edits: readonly Edit[]): Uint8Array<ArrayBuffer>[] {
  return edits.length === 0 ? [] : [encodeHeader(model), ...edits.map(encodeEdit)];
}

/**
 * Reads a log, taking nothing in it for granted; what follows the last line break is left out, as a write that was cut off leaves
 * it. Nothing in it is executed, and whether the edits fit the model is for `applyEdits` to say.
 *
 * @param model checksum of the `model.json` that the edits must be of
 * @throws FormatError (BAD_MODEL) with the number of the line that cannot be read
 */
export function decodeLog(bytes: Uint8Array, model: string): EditLog {
  const edits: Edit[] = [];
  const offsets: number[] = [];
  let start = 0;
  for (let line = 1; start < bytes.length; line++) {
    const end = bytes.indexOf(newline, start);
    if (end === -1) break;
    if (end - start > longestLine)
      throw badLine(line, { expected: `at most ${longestLine} bytes`, found: "more" });
    if (line > mostEdits + 1) throw badLine(line, { expected: `at most ${mostEdits} edits`, found: "more" });
    const value = parseLine(bytes.subarray(start, end), line);
    if (line === 1) requireHeader(value, model);
    else {
      offsets.push(start);
      edits.push(editOfLine(value, line));
    }
    start = end + 1;
  }
  return { edits, offsets: [...offsets, start], isTorn: start < bytes.length };
}

/** The error about one line of the log. @param line counted from 1 */
export function badLine(
  line: number,
  details: { readonly expected?: string; readonly found?: string; readonly cause?: unknown },
): FormatError {
  return new FormatError(
    `The saved model cannot be used because of line ${line} of ${editLogFile}`,
    { hint: `Restore ${editLogFile} from a copy, or delete it to go back to the fit.`, ...details },
    "BAD_MODEL",
  );
}

/** The line of an edit: the header stands before the first. @param place counted from 0 */
export function lineOfEdit(place: number): number {
  return place + 2;
}

function encodeLine(json: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${json}\n`);
}

function parseLine(bytes: Uint8Array, line: number): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw badLine(line, { expected: "JSON", found: "something else", cause });
  }
}

function requireHeader(value: unknown, model: string): void {
  const header = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (header["format"] !== formatName || header["formatVersion"] !== formatVersion) {
    throw badLine(1, {
      expected: `the header of an edit log of version ${formatVersion}`,
      found: "another line",
    });
  }
  if (header["model"] !== model) {
    throw badLine(1, { expected: "edits of this model", found: "edits of another" });
  }
}

function editOfLine(value: unknown, line: number): Edit {
  try {
    return parseEdit(value);
  } catch (cause) {
    const { expected, found } = cause as FormatError;
    throw badLine(line, { expected: expected ?? "an edit", found: found ?? "something else", cause });
  }
}
