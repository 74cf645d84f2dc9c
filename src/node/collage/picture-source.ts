import { basename } from "node:path";
import sharp, { type Sharp } from "sharp";

/** A picture to be drawn: a file, or encoded bytes (JPEG, PNG, WebP, AVIF, GIF, TIFF). */
export interface CollagePicture {
  /** File path, or the bytes of a file; kept, not changed. */
  readonly source: string | Uint8Array;
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

/** Opens a picture upright. Damage in the last rows does not matter here: what can be decoded is drawn. */
export function openPicture(source: string | Uint8Array): Sharp {
  return sharp(source, { failOn: "error", sequentialRead: true }).autoOrient();
}

/** Reads the size of a picture from its header. Never throws: what cannot be read is missing. */
export async function measurePicture({ source, name }: CollagePicture): Promise<MeasuredPicture> {
  const known = { source, name: name ?? (typeof source === "string" ? basename(source) : "") };
  try {
    const { autoOrient, hasAlpha, format } = await openPicture(source).metadata();
    const { width, height } = autoOrient;
    if (!(width > 0 && height > 0)) throw new RangeError("no size");
    const isLossless = format !== "jpeg" && format !== "heif";
    return { ...known, width, height, hasAlpha, isLossless, isMissing: false };
  } catch {
    return { ...known, ...missingShape, hasAlpha: false, isLossless: false, isMissing: true };
  }
}
