import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { FormatError } from "../../core/errors.ts";
import type { PixelRequest } from "../../embed/image-decoder.ts";
import { fileReason } from "../images/file-reason.ts";
import { SharpDecoder } from "../images/sharp-decoder.ts";
import { fileOf } from "../inputs/location.ts";
import { readViewable } from "../inputs/read-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { CELLS } from "./sheet-layout.ts";

/** A picture that has no thumbnail. */
export interface MissingPicture {
  readonly row: number;
  /** Why, in a few words for people. */
  readonly reason: string;
}

/** A cell without its picture. */
export interface PictureGap extends MissingPicture {
  /** `fileState` when it could not be drawn: while that is the same, there is no use in trying again. */
  readonly state: number;
}

const ABSENT = -1;
const UNREADABLE = -2;
/** The file was not to blame: no state is equal to it. */
const UNKNOWN = -3;

// A tenth faster than "half" for a megapixel (bench/decode.mjs has what it costs): nobody measures thumbnails.
const DECODER = new SharpDecoder({ shrinkOnLoad: "full" });

const REQUEST: PixelRequest = {
  resize: { shortestEdge: CELLS[1] },
  resample: "lanczos3",
  crop: { width: CELLS[1], height: CELLS[1] },
};

/** Where pictures come from. */
export interface PictureFiles {
  /** The file of a picture. */
  readonly pathOf: (row: number) => string;
  /** Its bytes; default whatever is in the file. @throws FormatError for a picture that is not to be had */
  readonly read?: ((row: number) => Promise<Uint8Array>) | undefined;
}

/**
 * A picture's detail cell: upright, its centre, 128 x 128 pixels.
 *
 * @returns red, green and blue, row-major; or why there is none
 * @throws the signal's reason, and nothing else
 */
export async function drawCell(
  row: number,
  { pathOf, read }: PictureFiles,
  signal: AbortSignal,
): Promise<Uint8Array | PictureGap> {
  try {
    const bytes = read === undefined ? await readViewable(pathOf(row), { signal }) : await read(row);
    return (await DECODER.decode(bytes, REQUEST, signal)).data;
  } catch (error) {
    signal.throwIfAborted();
    const isFileToBlame =
      error instanceof FormatError ||
      ["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(systemErrorCode(error));
    return { row, reason: fileReason(error), state: isFileToBlame ? await fileState(row, pathOf) : UNKNOWN };
  }
}

/** Whether one of the files has come back, or was changed, since its picture could not be drawn. */
export async function isOutdated(
  gaps: readonly PictureGap[],
  pathOf: (row: number) => string,
): Promise<boolean> {
  for (const { row, state } of gaps) if ((await fileState(row, pathOf)) !== state) return true;
  return false;
}

/** A number that is another one when the file was. */
async function fileState(row: number, pathOf: (row: number) => string): Promise<number> {
  try {
    const file = await fileOf(pathOf(row));
    if (file === null) return UNKNOWN;
    const { ctimeMs } = await stat(file);
    await access(file, constants.R_OK);
    return ctimeMs;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes(systemErrorCode(error)) ? ABSENT : UNREADABLE;
  }
}
