import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Smaller answers are not worth it. */
const LEAST_BYTES = 1024;
/** A quarter larger than the best, in a tenth of the time. Arrays of a million are waited for: they get the quickest. */
const BROTLI_QUALITY = 5;
const LARGE_BYTES = 2 ** 20;

export interface AnswerKind {
  readonly type: string;
  /** Changes with the content; without quotes. */
  readonly tag: string;
  /** Whether compression is worth its time; not for floats and pictures. */
  readonly compresses: boolean;
  /** Default `"no-cache"`: kept by the browser, but asked for each time. */
  readonly cache?: string | undefined;
}

/** Bytes that are answered again and again: compressed once, and not sent to those who have them. */
export class KeptAnswer {
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly kind: AnswerKind;
  private readonly encodings = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(bytes: Uint8Array<ArrayBuffer>, kind: AnswerKind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  static json(value: unknown, tag: string): KeptAnswer {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    return new KeptAnswer(bytes, { type: "application/json", tag, compresses: true });
  }

  /** The numbers as they lie in memory. */
  static array(
    values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
    kind: Omit<AnswerKind, "type">,
  ): KeptAnswer {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return new KeptAnswer(bytes, { ...kind, type: "application/octet-stream" });
  }

  async respond(request: Request): Promise<Response> {
    const { type, tag, cache = "no-cache" } = this.kind;
    const headers = new Headers({ ETag: `W/"${tag}"`, "Cache-Control": cache, Vary: "Accept-Encoding" });
    if (hasTag(request.headers.get("If-None-Match"), tag))
      return new Response(null, { status: 304, headers });
    headers.set("Content-Type", type);
    const encoding = this.encodingFor(request.headers.get("Accept-Encoding") ?? "");
    if (encoding === null) return sized(this.bytes, headers);
    headers.set("Content-Encoding", encoding);
    return sized(await this.encoded(encoding), headers);
  }

  private encodingFor(accepted: string): "br" | "gzip" | null {
    if (!this.kind.compresses || this.bytes.length < LEAST_BYTES) return null;
    const names = accepted.split(",").map((part) => part.trim());
    return (["br", "gzip"] as const).find((name) => names.includes(name)) ?? null;
  }

  private encoded(encoding: "br" | "gzip"): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.encodings.get(encoding);
    if (known !== undefined) return known;
    const quality = this.bytes.length > LARGE_BYTES ? constants.BROTLI_MIN_QUALITY + 1 : BROTLI_QUALITY;
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: quality } };
    const made = (encoding === "br" ? brotli(this.bytes, options) : gzipped(this.bytes)).then(
      (buffer) => new Uint8Array(buffer),
    );
    this.encodings.set(encoding, made);
    return made;
  }
}

/** Whether a header such as `If-None-Match` names a tag. */
export function hasTag(header: string | null, tag: string): boolean {
  return (header ?? "").split(",").some((part) => bareTag(part) === tag);
}

/** A tag without quotes and the mark of weak ones. */
export function bareTag(text: string): string {
  return text
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}

function sized(bytes: Uint8Array<ArrayBuffer>, headers: Headers): Response {
  headers.set("Content-Length", String(bytes.length));
  return new Response(bytes, { headers });
}
