import { setTimeout as sleep } from "node:timers/promises";
import { ConceptError } from "../../core/errors.ts";
import { networkReason, notFound, unauthorized, unreachable } from "./hub-errors.ts";

export interface HubClientOptions {
  readonly endpoint: string;
  readonly repository: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Silence after which a connection counts as dead, milliseconds. Default 30,000. */
  readonly stallTimeout?: number | undefined;
  /** Pause before the first repetition, milliseconds, doubled each time. Default 500. */
  readonly retryDelay?: number | undefined;
}

/** What the hub says of a file before it is fetched. */
export interface RemoteFile {
  readonly file: string;
  /** Commit the revision stands for; null where a mirror does not tell. */
  readonly commit: string | null;
  /** SHA-256 (64 hex digits) of large files, git blob SHA-1 (40) of others; anything else is only a name. */
  readonly etag: string;
  /** Bytes; null where the server does not tell. */
  readonly size: number | null;
}

const MAX_TRIES = 5;
const MAX_REDIRECTS = 5;

/** Failures that another try within seconds will not mend. */
const HOPELESS = new Set(["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

/** Asks the hub for files of one repository, as `GET /REPOSITORY/resolve/REVISION/FILE` does. */
export class HubClient {
  readonly options: HubClientOptions;

  constructor(options: HubClientOptions) {
    this.options = options;
  }

  /**
   * Asks for a file's size, commit and checksum.
   *
   * @returns null when the repository has no such file
   * @throws ConceptError HUB_UNREACHABLE, HUB_UNAUTHORIZED, or HUB_NOT_FOUND when the repository itself is missing
   */
  async describe(revision: string, file: string): Promise<RemoteFile | null> {
    const response = await this.retry(async () => {
      const answer = await this.send("HEAD", this.addressOf(revision, file), {}, hasFileHeaders);
      if (answer.status >= 500 || answer.status === 429) throw new Error(`HTTP ${answer.status}`);
      return answer;
    });
    if (response.status === 404) {
      this.throwUnlessEntryMissing(response, revision);
      return null;
    }
    this.throwOnRefusal(response);
    const size = response.headers.get("x-linked-size") ?? response.headers.get("content-length");
    const etag =
      response.headers.get("x-linked-etag") ?? response.headers.get("etag") ?? `${revision}:${file}`;
    const commit = response.headers.get("x-repo-commit");
    return {
      file,
      commit: commit !== null && /^[0-9a-f]{40}$/.test(commit) ? commit : null,
      etag: etag.replace(/^W\//, "").replaceAll('"', ""),
      size: size === null || !/^\d+$/.test(size) ? null : Number(size),
    };
  }

  /**
   * Opens a file from byte `start` on. Status 206 carries the rest, 200 the whole, 416 nothing.
   *
   * @param signal ends this request, beside the client's own signal
   */
  async open(revision: string, file: string, start: number, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
    const response = await this.send("GET", this.addressOf(revision, file), headers, () => false, signal);
    if (response.status >= 500 || response.status === 429) throw new Error(`HTTP ${response.status}`);
    if (response.status !== 416) this.throwOnRefusal(response);
    return response;
  }

  /**
   * Repeats a try that failed for a passing reason, with doubled pauses; progress (`reached` larger than ever) starts
   * the count anew, so that a poor line still brings a large file home.
   */
  async retry<T>(attempt: () => Promise<T>, reached: () => number = () => 0): Promise<T> {
    const { signal, repository, endpoint, retryDelay = 500 } = this.options;
    let best = reached();
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ConceptError) throw error;
        const now = reached();
        if (now > best) {
          best = now;
          tries = 1;
        }
        if (tries >= MAX_TRIES || isHopeless(error)) {
          const reason =
            error instanceof Error && error.message.startsWith("HTTP ")
              ? error.message
              : networkReason(error);
          throw unreachable(repository, endpoint, reason, error);
        }
        await sleep(retryDelay * 2 ** (tries - 1), undefined, signal === undefined ? {} : { signal }).catch(
          () => signal?.throwIfAborted(),
        );
      }
    }
  }

  /** Follows redirects itself: the token must reach the hub only, never a storage host that it points to. */
  private async send(
    method: "GET" | "HEAD",
    address: URL,
    headers: Readonly<Record<string, string>>,
    enough: (response: Response) => boolean,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { endpoint, token, stallTimeout = 30_000 } = this.options;
    const signals = [signal, this.options.signal].filter((one) => one !== undefined);
    if (signal === undefined) signals.push(AbortSignal.timeout(stallTimeout));
    let target = address;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const trusted = target.origin === new URL(endpoint).origin;
      const response = await fetch(target, {
        method,
        headers: {
          ...headers,
          "accept-encoding": "identity",
          "user-agent": "conceptmodel",
          ...(trusted && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
        },
        redirect: "manual",
        signal: AbortSignal.any(signals),
      });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null || enough(response))
        return response;
      await response.body?.cancel();
      target = new URL(location, target);
      if (!/^https?:$/.test(target.protocol)) throw new Error(`redirect to ${target.protocol}`);
    }
    throw new Error("too many redirects");
  }

  private addressOf(revision: string, file: string): URL {
    const { endpoint, repository } = this.options;
    return new URL(`${endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${file}`);
  }

  private throwOnRefusal(response: Response): void {
    const { repository, endpoint, token } = this.options;
    if (response.ok || hasFileHeaders(response)) return;
    if (response.headers.get("x-error-code") === "RepoNotFound" && token !== undefined) {
      throw notFound(repository, endpoint, "no such repository", "Check the model's name.");
    }
    if (response.status === 401 || response.status === 403) {
      throw unauthorized(repository, endpoint, response.status, token !== undefined);
    }
    if (response.status === 404) throw notFound(repository, endpoint, "HTTP 404", "Check the model's name.");
    throw unreachable(repository, endpoint, `HTTP ${response.status}`);
  }

  private throwUnlessEntryMissing(response: Response, revision: string): void {
    const { repository, endpoint } = this.options;
    const code = response.headers.get("x-error-code");
    if (code === "RevisionNotFound") {
      throw notFound(repository, endpoint, `no revision ${revision}`, "Check the revision.");
    }
    if (code === "RepoNotFound") {
      throw notFound(repository, endpoint, "no such repository", "Check the model's name.");
    }
  }
}

/** A redirect that already says all about the file it leads to. */
function hasFileHeaders(response: Response): boolean {
  return response.status < 400 && response.headers.has("x-linked-etag");
}

function isHopeless(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return cause.errors.every(isHopeless);
  return cause instanceof Error && "code" in cause && HOPELESS.has(String(cause.code));
}
