import { setTimeout as pause } from "node:timers/promises";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { WorkSlots } from "../thumbnails/work-slots.ts";
import { isS3, signedS3 } from "./s3.ts";
import { WebCache } from "./web-cache.ts";
import { askServer, WEB_LIMITS, type WebAnswer, type WebLimits } from "./web-request.ts";

export interface WebOptions {
  readonly signal?: AbortSignal | undefined;
  /** Ask the server whether its picture has changed; default: a picture fetched once is taken from the cache. */
  readonly revalidate?: boolean | undefined;
  /** Addresses of this machine and its network too; default whether `CONCEPT_ALLOW_PRIVATE_ADDRESSES` is `1`. */
  readonly allowPrivateAddresses?: boolean | undefined;
  readonly limits?: Partial<WebLimits> | undefined;
  /** Times to try again; default 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first time, doubled for each; default 500. */
  readonly patience?: number | undefined;
  readonly cache?: WebCache | undefined;
}

/** Requests at a time. */
const SLOTS = new WorkSlots(8);
const LONGEST_PAUSE = 30_000;
const TRY_AGAIN = [408, 425, 429, 500, 502, 503, 504];
const TRY_AGAIN_CODES = ["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "EAI_AGAIN", "ENETUNREACH"];
const NEVER = new AbortController().signal;

/**
 * Fetches a picture from the web, or from the cache where the server says that it is the same.
 *
 * @throws UnusablePicture with the reason; the signal's reason
 */
export async function readWeb(address: string, options: WebOptions = {}): Promise<Uint8Array> {
  const cache = options.cache ?? new WebCache();
  const known = await cache.get(address);
  if (known !== null && options.revalidate !== true) return known.body;
  const job = { signal: options.signal ?? NEVER, isUrgent: () => false };
  const answer = await SLOTS.run(job, () => fetchPatiently(address, known, options));
  if (answer.status === 304 && known !== null) return known.body;
  if (answer.status !== 200) throw new UnusablePicture("http", `the server answered ${answer.status}`);
  const { etag, "last-modified": lastModified } = answer.headers;
  await cache.put(address, { body: answer.body, etag, lastModified });
  return answer.body;
}

async function fetchPatiently(
  address: string,
  known: { readonly etag?: string | undefined; readonly lastModified?: string | undefined } | null,
  { signal, limits, retries = 3, patience = 500, allowPrivateAddresses = privateAllowed() }: WebOptions,
): Promise<WebAnswer> {
  const conditions = {
    ...(known?.etag === undefined ? {} : { "if-none-match": known.etag }),
    ...(known?.lastModified === undefined ? {} : { "if-modified-since": known.lastModified }),
  };
  for (let attempt = 0; ; attempt++) {
    let wait = patience * 2 ** attempt;
    try {
      const target = isS3(address)
        ? await signedS3(address, conditions)
        : { url: address, headers: conditions };
      const answer = await askServer(target.url, {
        headers: target.headers,
        limits: { ...WEB_LIMITS, ...limits },
        allowPrivateAddresses,
        // Whoever names an endpoint for s3:// addresses means it.
        trustedOrigin: isS3(address) ? new URL(target.url).origin : undefined,
        signal,
      });
      if (attempt === retries || !TRY_AGAIN.includes(answer.status)) return answer;
      const asked = Number(answer.headers["retry-after"]) * 1000;
      if (asked > 0) wait = Math.max(wait, asked);
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt === retries || !mayPass(error)) throw networkError(error);
    }
    await pause(Math.min(wait, LONGEST_PAUSE), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    );
    signal?.throwIfAborted();
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof UnusablePicture) return error.skipCode === "network";
  return TRY_AGAIN_CODES.includes(systemErrorCode(error)) || isCutOff(error);
}

/** Node tells of a connection that was closed too early by a message only. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && /aborted|socket hang up/.test(error.message);
}

function networkError(error: unknown): unknown {
  if (error instanceof UnusablePicture) return error;
  const code = systemErrorCode(error);
  const reason = code === "ENOTFOUND" ? "no server of this name" : `no connection (${code || "cut off"})`;
  return new UnusablePicture("network", reason, error);
}

function privateAllowed(): boolean {
  return process.env["CONCEPT_ALLOW_PRIVATE_ADDRESSES"] === "1";
}
