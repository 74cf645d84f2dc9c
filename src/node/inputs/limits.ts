import { UnusablePicture } from "../images/unusable-picture.ts";

/** Entries of an archive or rows of a table looked at. */
export const MAX_ENTRIES = 10_000_000;
/** Largest picture in an archive or table, or from the web. */
export const MAX_PICTURE_BYTES: number = 2 ** 28;
/** Largest text file beside a picture. */
export const MAX_TEXT_BYTES: number = 2 ** 20;
/** What grows by more than this factor when it is unpacked is no picture but a bomb, once it is larger than `BOMB_BYTES`. */
const MAX_RATIO = 100;
const BOMB_BYTES = 2 ** 24;

/** @throws UnusablePicture when an entry is too large, or far larger than what it was packed into */
export function checkEntrySize(bytes: number, packedBytes: number): void {
  if (bytes > MAX_PICTURE_BYTES) {
    throw new UnusablePicture("too-large", `larger than ${MAX_PICTURE_BYTES / 2 ** 20} MiB`);
  }
  if (bytes > BOMB_BYTES && bytes > MAX_RATIO * packedBytes) {
    throw new UnusablePicture("too-large", `unpacks to over ${MAX_RATIO} times its size`);
  }
}
