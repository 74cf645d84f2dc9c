/** What the first bytes say a file is, whatever its name. */
export type ImageFormat =
  | "jpeg"
  | "png"
  | "gif"
  | "webp"
  | "tiff"
  | "avif"
  | "heic"
  | "bmp"
  | "svg"
  | "jxl"
  | "jp2";

/** @returns `undefined` when the bytes begin like no picture known here */
export function sniffImageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512)).toString(
    "latin1",
  );
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "gif";
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "webp";
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return "tiff";
  if (head.startsWith("ftyp", 4)) return sniffIsoBrand(head);
  if (head.startsWith("BM") && /^\0\0\0\0$/.test(head.slice(6, 10))) return "bmp";
  if (head.startsWith("\0\0\0\x0cJXL ") || head.startsWith("\xff\x0a")) return "jxl";
  if (head.startsWith("\0\0\0\x0cjP  ")) return "jp2";
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(
    head.replace("\xef\xbb\xbf", ""),
  )
    ? "svg"
    : undefined;
}

/** ISO base media files name what they hold in a list of four-letter brands. */
function sniffIsoBrand(head: string): ImageFormat | undefined {
  const boxSize = Buffer.from(head.slice(0, 4), "latin1").readUInt32BE(0);
  const brands = head.slice(8, Math.min(boxSize, 128));
  if (/avi[fs]/.test(brands)) return "avif";
  return /hei[cmsx]|hev[cmx]|mif1|msf1/.test(brands) ? "heic" : undefined;
}

/**
 * Whether the container itself says that bytes are missing at its end. False where it cannot tell.
 *
 * Judged from the bytes because libvips keeps one error text for the whole process: of two decodes that fail at
 * the same time one may report the other's.
 */
export function endsTooEarly(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case "jpeg":
      return !jpegEnds(view);
    case "png":
      return view.lastIndexOf("IEND", undefined, "latin1") < 0;
    case "gif":
      return !gifEnds(view);
    case "webp":
      return view.length < 12 || view.readUInt32LE(4) + 8 > view.length + 1;
    case "tiff":
      return (
        view.length < 8 || (view[0] === 0x49 ? view.readUInt32LE(4) : view.readUInt32BE(4)) >= view.length
      );
    default:
      return format === "avif" && isoBoxBreaksOff(view);
  }
}

/** Whether an end marker follows the start of the scan; a thumbnail's, inside the header segments, does not count. */
function jpegEnds(view: Buffer): boolean {
  let at = 2;
  while (at + 4 <= view.length && view[at] === 0xff && view[at + 1] !== 0xda) {
    const isFill = view[at + 1] === 0xff;
    at += isFill ? 1 : 2 + view.readUInt16BE(at + 2);
  }
  return view.indexOf("\xff\xd9", at, "latin1") >= 0;
}

/** Whether the chain of blocks leads to the trailer, or to something that is no block (damage, not truncation). */
function gifEnds(view: Buffer): boolean {
  const colours = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(view[10] ?? 0);
  while (at < view.length) {
    const block = view[at]!;
    if (block !== 0x21 && block !== 0x2c) return true;
    at += block === 0x21 ? 2 : 11 + colours(view[at + 9] ?? 0);
    while (at < view.length && view[at] !== 0) at += view[at]! + 1;
    at++;
  }
  return false;
}

/** Whether a top-level box is longer than what is left of the file. */
function isoBoxBreaksOff(view: Buffer): boolean {
  for (let at = 0; at < view.length; ) {
    if (at + 16 > view.length) return true;
    const size = view.readUInt32BE(at);
    if (size === 0) return false;
    const length = size === 1 ? Number(view.readBigUInt64BE(at + 8)) : size;
    if (length < 8 || at + length > view.length) return true;
    at += length;
  }
  return false;
}
