import { readFile, stat } from "node:fs/promises";
import { FormatError } from "../../core/errors.ts";
import { fileReason } from "../images/file-reason.ts";
import { readStream } from "./read-stream.ts";

const MAX_LIST_BYTES = 1 << 30;

/**
 * Reads a list of paths in the order of the file, duplicates kept: one a line (LF or CRLF), or separated by NUL
 * as `find -print0` writes them, which allows names with line breaks. Empty lines are left out; nothing else is
 * special, since `#` may begin a name. `-` is standard input.
 *
 * @throws FormatError when the list cannot be read, is over 1 GiB or is not UTF-8
 */
export async function readPathList(listFile: string): Promise<string[]> {
  try {
    if (listFile === "-") {
      const bytes = await readStream(process.stdin as AsyncIterable<Uint8Array>, { most: MAX_LIST_BYTES });
      return parsePathList(bytes);
    }
    const { size } = await stat(listFile);
    if (size > MAX_LIST_BYTES) throw new Error(`${size} bytes exceed the limit of ${MAX_LIST_BYTES}`);
    return parsePathList(await readFile(listFile));
  } catch (error) {
    throw new FormatError(`The list ${JSON.stringify(listFile)} cannot be used`, {
      expected: "a text file with one path a line",
      found: fileReason(error),
      cause: error,
    });
  }
}

/** As `readPathList`, from bytes. @throws TypeError when they are not UTF-8 */
export function parsePathList(bytes: Uint8Array): string[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const paths = text.includes("\0") ? text.split("\0") : text.split(/\r?\n/);
  return paths.filter((line) => line !== "");
}
