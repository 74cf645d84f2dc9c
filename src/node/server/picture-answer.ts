import type { Stats } from "node:fs";
import { Readable } from "node:stream";
import sharp from "sharp";
import type { ImageFormat } from "../images/image-format.ts";
import { WorkSlots } from "../thumbnails/work-slots.ts";
import { ApiFault } from "./api-fault.ts";
import { byteRange } from "./byte-range.ts";
import { hasTag } from "./kept-answer.ts";
import type { PictureFile } from "./picture-file.ts";

/** Formats that browsers show and that hold nothing but pixels: sent as they are. */
const SHOWN: Partial<Record<ImageFormat, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
};
/** Sides of pictures that are made smaller: a few sizes, so that browsers find them again. */
const MOST_SIDE = 4096;
const MOST_PIXELS = 268e6;
const MOST_BYTES = 2 ** 30;
/** Each may hold a whole picture in memory. */
const SLOTS = new WorkSlots(2);

/** Opened by itself, a picture can do nothing either. */
const LOCKED = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The file as it is where browsers can show it, else as WebP. Closes the file. */
export async function originalAnswer(picture: PictureFile, request: Request): Promise<Response> {
  const type = picture.format === undefined ? undefined : SHOWN[picture.format];
  if (type === undefined) return smallerAnswer(picture, request, MOST_SIDE);
  const { handle, stats } = picture;
  const headers = headersFor(stats, "");
  headers.set("Accept-Ranges", "bytes");
  const range = byteRange(request.headers.get("Range"), stats.size);
  if (range === "unsatisfiable") headers.set("Content-Range", `bytes */${stats.size}`);
  const isKnown = hasTag(request.headers.get("If-None-Match"), tagOf(stats, ""));
  if (isKnown || range === "unsatisfiable") {
    await handle.close();
    return new Response(null, { status: isKnown ? 304 : 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: stats.size - 1 };
  if (range !== null) headers.set("Content-Range", `bytes ${start}-${end}/${stats.size}`);
  headers.set("Content-Type", type);
  headers.set("Content-Length", String(end - start + 1));
  const status = range === null ? 200 : 206;
  if (request.method === "HEAD") {
    await handle.close();
    return new Response(null, { status, headers });
  }
  const stream = Readable.toWeb(handle.createReadStream({ start, end }));
  return new Response(stream as ReadableStream<Uint8Array>, { status, headers });
}

/** A WebP that fits into a square of `side` pixels. Closes the file. @throws ApiFault (415) for what is no picture */
export async function smallerAnswer(
  { handle, stats, format }: PictureFile,
  request: Request,
  side: number,
): Promise<Response> {
  try {
    const headers = headersFor(stats, `-${side}`);
    if (hasTag(request.headers.get("If-None-Match"), tagOf(stats, `-${side}`))) {
      return new Response(null, { status: 304, headers });
    }
    if (format === undefined || format === "svg") throw noPicture("It is no picture of a known kind");
    if (stats.size > MOST_BYTES) throw noPicture("It is too large to be made smaller");
    const job = { signal: request.signal, isUrgent: () => true };
    const bytes = await SLOTS.run(job, async () => shrunk(await handle.readFile(), side));
    headers.set("Content-Type", "image/webp");
    headers.set("Content-Length", String(bytes.length));
    return new Response(new Uint8Array(bytes), { headers });
  } finally {
    await handle.close();
  }
}

async function shrunk(bytes: Uint8Array, side: number): Promise<Buffer> {
  try {
    return await sharp(bytes, { failOn: "error", limitInputPixels: MOST_PIXELS, autoOrient: true })
      .resize(side, side, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82, effort: 2 })
      .toBuffer();
  } catch {
    throw noPicture("It is damaged, too large, or of a kind that cannot be read");
  }
}

function headersFor(stats: Stats, variant: string): Headers {
  return new Headers({
    ETag: `"${tagOf(stats, variant)}"`,
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": LOCKED,
  });
}

function tagOf({ ino, size, mtimeMs }: Stats, variant: string): string {
  return `${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}${variant}`;
}

function noPicture(message: string): ApiFault {
  return new ApiFault(415, { code: "NO_PICTURE", message });
}
