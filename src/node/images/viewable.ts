import path from "node:path";
import { heicPicture } from "./heic-picture.ts";
import { sniffImageFormat } from "./image-format.ts";
import { rawPreview } from "./raw-preview.ts";
import { svgPicture } from "./svg-picture.ts";
import { UnusablePicture } from "./unusable-picture.ts";

/** Extensions of cameras' RAW files, of which the preview inside is taken. */
export const RAW_EXTENSIONS: readonly string[] =
  "3fr arw cr2 cr3 dng erf iiq kdc mef mrw nef nrw orf pef raf raw rw2 sr2 srf srw x3f".split(" ");

const RAW = new Set(RAW_EXTENSIONS);

/** Whether pictures of such a name are not what the decoder opens. */
export function needsView(name: string): boolean {
  const extension = extensionOf(name);
  return RAW.has(extension) || ["heic", "heif", "svg"].includes(extension);
}

/**
 * What the decoder opens of a picture: the file itself; the preview of a RAW file; HEIC as JPEG; a drawing as PNG.
 *
 * @param name its path, location or address, for the extension: RAW files begin like many others
 * @throws UnusablePicture when there is no such thing
 */
export async function viewable(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
  if (!needsView(name)) return bytes;
  if (RAW.has(extensionOf(name))) {
    const preview = rawPreview(bytes);
    if (preview !== null) return preview;
    throw new UnusablePicture("unsupported", "there is no preview in the RAW file");
  }
  const format = sniffImageFormat(bytes);
  if (format === "heic") return heicPicture(bytes, signal);
  return format === "svg" && extensionOf(name) === "svg" ? svgPicture(bytes) : bytes;
}

function extensionOf(name: string): string {
  return path.extname(name).slice(1).toLowerCase();
}
