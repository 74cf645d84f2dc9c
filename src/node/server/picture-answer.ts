import { Readable } from "node:stream";
import sharp from "sharp";
import type { ImageFormat } from "../images/image-format.ts";
import { WorkSlots } from "../thumbnails/work-slots.ts";
import { ApiFault } from "./api-fault.ts";
import { byteRange } from "./byte-range.ts";
import { hasTag } from "./kept-answer.ts";
import type { OpenPicture } from "./open-picture.ts";

/** Formats that browsers show and that hold nothing but pixels: sent as they are. */
const SHOWN: Partial<Record<ImageFormat, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
};
export const MOST_SIDE = 4096;
const MOST_PIXELS = 268e6;
const MOST_BYTES = 2 ** 30;
/** Each may hold a whole picture in memory. */
const SLOTS = new WorkSlots(2);

/** Opened by itself, a picture can do nothing either. */
const LOCKED = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The picture as it is where browsers can show it, else as WebP. Closes it. */
export async function originalAnswer(picture: OpenPicture, request: Request): Promise<Response> {
  const type = picture.format === undefined ? undefined : SHOWN[picture.format];
  if (type === undefined) return smallerAnswer(picture, request, MOST_SIDE);
  const { size } = picture;
  const headers = headersFor(picture.tag);
  headers.set("Accept-Ranges", "bytes");
  const range = byteRange(request.headers.get("Range"), size);
  if (range === "unsatisfiable") headers.set("Content-Range", `bytes */${size}`);
  const isKnown = hasTag(request.headers.get("If-None-Match"), picture.tag);
  if (isKnown || range === "unsatisfiable") {
    await picture.close();
    return new Response(null, { status: isKnown ? 304 : 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== null) headers.set("Content-Range", `bytes ${start}-${end}/${size}`);
  headers.set("Content-Type", type);
  headers.set("Content-Length", String(end - start + 1));
  const status = range === null ? 200 : 206;
  if (request.method === "HEAD") {
    await picture.close();
    return new Response(null, { status, headers });
  }
  const stream = Readable.toWeb(picture.pieces(start, end)) as ReadableStream<Uint8Array>;
  return new Response(stream, { status, headers });
}

/** A WebP that fits into a square of `side` pixels. Closes the picture. @throws ApiFault (415) for what is no picture */
export async function smallerAnswer(picture: OpenPicture, request: Request, side: number): Promise<Response> {
  try {
    const { format, size } = picture;
    const tag = `${picture.tag}-${side}`;
    const headers = headersFor(tag);
    if (hasTag(request.headers.get("If-None-Match"), tag))
      return new Response(null, { status: 304, headers });
    if (format === undefined || format === "svg") throw noPicture("It is no picture of a known kind");
    if (size > MOST_BYTES) throw noPicture("It is too large to be made smaller");
    const job = { signal: request.signal, isUrgent: () => true };
    const bytes = await SLOTS.run(job, async () => shrunk(await picture.bytes(), side));
    headers.set("Content-Type", "image/webp");
    headers.set("Content-Length", String(bytes.length));
    return new Response(new Uint8Array(bytes), { headers });
  } finally {
    await picture.close();
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

function headersFor(tag: string): Headers {
  return new Headers({
    ETag: `"${tag}"`,
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": LOCKED,
  });
}

function noPicture(message: string): ApiFault {
  return new ApiFault(415, { code: "NO_PICTURE", message });
}
