import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { checkHost, publicLookup } from "./address-guard.ts";
import { MAX_PICTURE_BYTES } from "./limits.ts";
import { readStream } from "./read-stream.ts";

export interface WebLimits {
  /** Largest answer. */
  readonly bytes: number;
  /** Longest silence of a server, in milliseconds. */
  readonly silence: number;
  /** Longest time for one answer, in milliseconds. */
  readonly total: number;
  readonly redirects: number;
}

export const WEB_LIMITS: WebLimits = {
  bytes: MAX_PICTURE_BYTES,
  silence: 15_000,
  total: 120_000,
  redirects: 5,
};

export interface WebRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: WebLimits;
  readonly allowPrivateAddresses: boolean;
  /** A server that may be on this machine or its network all the same. */
  readonly trustedOrigin?: string | undefined;
  /** Whether an answer may be something else than a picture; default false. */
  readonly anyType?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Empty but for status 200. */
  readonly body: Uint8Array;
}

const AGENTS = {
  "http:": new http.Agent({ keepAlive: true }),
  "https:": new https.Agent({ keepAlive: true }),
} as const;

/**
 * Asks a server once, following a few redirects; each address on the way is checked.
 *
 * @throws UnusablePicture for addresses, redirects and answers that are refused; the signal's reason; the system's error
 */
export async function askServer(address: string, request: WebRequest): Promise<WebAnswer> {
  const total = AbortSignal.timeout(request.limits.total);
  const signal = request.signal === undefined ? total : AbortSignal.any([request.signal, total]);
  try {
    const first = checkedUrl(address);
    let url = first;
    for (let hop = 0; ; hop++) {
      // Another server is not told what was meant for this one.
      const headers = url.origin === first.origin ? request.headers : {};
      const answer = await askOnce(url, { ...request, headers, signal });
      const target = redirectTarget(answer, url);
      if (target === null) return answer;
      if (hop === request.limits.redirects)
        throw new UnusablePicture("http", "the server redirects too often");
      url = target;
    }
  } catch (error) {
    request.signal?.throwIfAborted();
    if (total.aborted) throw new UnusablePicture("network", "the server took too long", error);
    throw error;
  }
}

function checkedUrl(address: string | URL, base?: URL): URL {
  const url = URL.canParse(String(address), base?.href) ? new URL(address, base) : null;
  if (url === null || AGENTS[url.protocol as keyof typeof AGENTS] === undefined) {
    throw new UnusablePicture("bad-name", "no http or https address");
  }
  if (url.username !== "" || url.password !== "") {
    throw new UnusablePicture("address-refused", "an address with a password in it");
  }
  return url;
}

function redirectTarget({ status, headers }: WebAnswer, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  const target = checkedUrl(headers.location, from);
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw new UnusablePicture("address-refused", "the server redirects to an address that is not safe");
  }
  return target;
}

async function askOnce(url: URL, request: WebRequest): Promise<WebAnswer> {
  const isAllowed = request.allowPrivateAddresses || url.origin === request.trustedOrigin;
  if (!isAllowed) checkHost(url);
  const message = await open(url, { ...request, allowPrivateAddresses: isAllowed });
  try {
    const { statusCode: status = 0, headers } = message;
    if (status !== 200) return { status, headers, body: new Uint8Array(0) };
    checkHeaders(headers, request);
    return { status, headers, body: await readStream(message, { most: request.limits.bytes }) };
  } finally {
    // What was read to its end leaves the connection open for the next.
    if (!message.complete) message.destroy();
    else message.resume();
  }
}

function open(
  url: URL,
  { headers, limits, allowPrivateAddresses, signal }: WebRequest,
): Promise<IncomingMessage> {
  const { request: ask } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = ask(url, {
      agent: AGENTS[url.protocol as keyof typeof AGENTS],
      headers: {
        "user-agent": "conceptmodel",
        accept: "image/*,*/*;q=0.5",
        "accept-encoding": "identity",
        ...headers,
      },
      ...(allowPrivateAddresses ? {} : { lookup: publicLookup }),
      ...(signal === undefined ? {} : { signal }),
      timeout: limits.silence,
    });
    sent.on("timeout", () => sent.destroy(new UnusablePicture("network", "the server went silent")));
    sent.on("error", reject);
    sent.on("response", resolve);
    sent.end();
  });
}

function checkHeaders(headers: IncomingMessage["headers"], { limits, anyType }: WebRequest): void {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (anyType !== true && /^(text|audio|video|font)\/|^application\/(json|pdf|xml|xhtml)/.test(type)) {
    throw new UnusablePicture("not-a-picture", `the server sent no picture but ${type}`);
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity")
    throw new UnusablePicture("unsupported", `the server packed it with ${encoding}`);
  if (Number(headers["content-length"] ?? 0) > limits.bytes) {
    throw new UnusablePicture("too-large", `more than ${limits.bytes} bytes`);
  }
}
