import { basename } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { Location } from "../inputs/location.ts";
import { pictureSource } from "../inputs/read-picture.ts";

/** A picture to be drawn: a location, or encoded bytes (JPEG, PNG, WebP, AVIF, GIF, TIFF). */
export interface CollagePicture {
  /** Where it is, or the bytes of a file; kept, not changed. */
  readonly source: Location | Uint8Array;
  /** What it is called where it cannot be seen; default the file's name. */
  readonly name?: string | undefined;
}

/** A picture that was looked at, but not decoded yet. */
export interface MeasuredPicture {
  readonly source: string | Uint8Array;
  readonly name: string;
  /** Upright, after EXIF rotation. A picture that is missing is given a plain shape. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Drawn art rather than a photograph, where PNG may be smaller than JPEG. */
  readonly isLossless: boolean;
  /** Vanished, damaged or of a format unknown. */
  readonly isMissing: boolean;
}

const missingShape = { width: 400, height: 300 };

/** A picture opened, boxed: what sharp gives is not to be awaited. */
export interface OpenedPicture {
  readonly image: Sharp;
}

/**
 * Opens a picture upright. Damage in the last rows does not matter here: what can be decoded is drawn.
 *
 * @param source a location, or encoded bytes
 * @throws UnusablePicture or the system's error where an archive or address cannot be read
 */
export async function openPicture(source: Location | Uint8Array): Promise<OpenedPicture> {
  const opened = typeof source === "string" ? await pictureSource(source) : source;
  return { image: sharp(opened, { failOn: "error", sequentialRead: true }).autoOrient() };
}

/** Reads the size of a picture from its header. Never throws: what cannot be read is missing. */
export async function measurePicture({ source, name }: CollagePicture): Promise<MeasuredPicture> {
  const known = { source, name: name ?? (typeof source === "string" ? basename(source) : "") };
  try {
    const { image } = await openPicture(source);
    const { autoOrient, hasAlpha, format } = await image.metadata();
    const { width, height } = autoOrient;
    if (!(width > 0 && height > 0)) throw new RangeError("no size");
    const isLossless = format !== "jpeg" && format !== "heif";
    return { ...known, width, height, hasAlpha, isLossless, isMissing: false };
  } catch {
    return { ...known, ...missingShape, hasAlpha: false, isLossless: false, isMissing: true };
  }
}
