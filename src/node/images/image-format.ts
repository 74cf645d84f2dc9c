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

/** Whether the container itself says that bytes are missing at its end. False where it cannot tell. */
export function endsTooEarly(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === "png") return view.lastIndexOf("IEND", undefined, "latin1") < 0;
  if (format === "webp") return view.length < 12 || view.readUInt32LE(4) + 8 > view.length + 1;
  if (format === "tiff") {
    if (view.length < 8) return true;
    return (view[0] === 0x49 ? view.readUInt32LE(4) : view.readUInt32BE(4)) >= view.length;
  }
  return false;
}
