/** A JPEG inside another file. */
interface EmbeddedJpeg {
  readonly start: number;
  readonly end: number;
  readonly pixels: number;
  readonly hasExif: boolean;
}

const SOI = Buffer.from([0xff, 0xd8, 0xff]);
/** Smaller ones are thumbnails for the list on a camera's back. */
const LEAST_PIXELS = 120 * 80;
const ORIENTATION = 0x0112;

/**
 * The largest JPEG that a camera has put into a RAW file for its own screen, whatever the maker's format; upright by the RAW
 * file's orientation. Null where there is none.
 */
export function rawPreview(raw: Uint8Array): Uint8Array | null {
  const file = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  let best: EmbeddedJpeg | null = null;
  for (let at = file.indexOf(SOI); at !== -1; ) {
    const found = jpegAt(file, at);
    if (found !== null && found.pixels > (best?.pixels ?? LEAST_PIXELS - 1)) best = found;
    at = file.indexOf(SOI, found?.end ?? at + 2);
  }
  if (best === null) return null;
  const jpeg = file.subarray(best.start, best.end);
  const orientation = best.hasExif ? 1 : tiffOrientation(file);
  return orientation === 1
    ? jpeg
    : Buffer.concat([SOI.subarray(0, 2), exifSegment(orientation), jpeg.subarray(2)]);
}

/** A JPEG of the kinds that are pictures; RAW data themselves are often lossless JPEG, which is another. */
function jpegAt(file: Buffer, start: number): EmbeddedJpeg | null {
  let pixels = 0;
  let hasExif = false;
  let at = start + 2;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1]!;
    const length = file.readUInt16BE(at + 2);
    if (length < 2) return null;
    if (marker === 0xe1 && file.toString("latin1", at + 4, at + 8) === "Exif") hasExif = true;
    if (marker >= 0xc0 && marker <= 0xc2 && at + 9 <= file.length && file[at + 4] === 8) {
      pixels = file.readUInt16BE(at + 5) * file.readUInt16BE(at + 7);
    }
    at += 2 + length;
    if (marker !== 0xda) continue;
    const end = scanEnd(file, at);
    return pixels === 0 || end === -1 ? null : { start, end, pixels, hasExif };
  }
  return null;
}

/** Behind the end marker; -1 where the file ends before it. Progressive ones have further segments between their scans. */
function scanEnd(file: Buffer, start: number): number {
  for (let at = file.indexOf(0xff, start); at !== -1 && at + 1 < file.length; at = file.indexOf(0xff, at)) {
    const marker = file[at + 1]!;
    if (marker === 0xd9) return at + 2;
    const isSegment = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd8);
    at += isSegment && at + 4 <= file.length ? 2 + file.readUInt16BE(at + 2) : marker === 0xff ? 1 : 2;
  }
  return -1;
}

/** From 1 to 8, as the first folder of a TIFF structure says; 1 where it says nothing. */
function tiffOrientation(file: Buffer): number {
  const little = file.toString("latin1", 0, 2) === "II";
  if (file.length < 8 || (!little && file.toString("latin1", 0, 2) !== "MM")) return 1;
  const short = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const folder = little ? file.readUInt32LE(4) : file.readUInt32BE(4);
  if (folder + 2 > file.length) return 1;
  for (let i = 0, entry = folder + 2; i < short(folder) && entry + 12 <= file.length; i++, entry += 12) {
    const value = short(entry + 8);
    if (short(entry) === ORIENTATION) return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An APP1 segment that says nothing but how a picture is turned. */
function exifSegment(orientation: number): Buffer {
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  return Buffer.from([0xff, 0xe1, 0, 8 + tiff.length, ...Buffer.from("Exif\0\0", "latin1"), ...tiff]);
}
