import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const FAKE_COMMIT = "0123456789abcdef0123456789abcdef01234567";

export interface HubRequest {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Bytes of content sent in answer. */
  sent: number;
}

/** How the hub misbehaves. Changed by tests between requests. */
export interface HubMood {
  /** Token without which every request is refused. */
  token?: string;
  /** Cuts the connection after so many bytes, for the given number of GETs of large files. */
  cut?: { after: number; times: number };
  /** Serves every GET whole, whatever range it asks for. */
  ignoreRange?: boolean;
  /** Flips a bit of this file's content. */
  damage?: string;
  /** Answers this status to so many requests. */
  fail?: { status: number; times: number };
}

/** A local server that plays the hub; large files (weights) are redirected to a second server, the storage host. */
export class FakeHub {
  readonly requests: HubRequest[] = [];
  readonly files: ReadonlyMap<string, Buffer>;
  readonly repository: string;
  mood: HubMood = {};
  private readonly hub: Server = createServer((request, response) => this.answerHub(request, response));
  private readonly storage: Server = createServer((request, response) =>
    this.answerStorage(request, response),
  );

  constructor(repository: string, files: ReadonlyMap<string, Buffer>) {
    this.repository = repository;
    this.files = files;
  }

  async start(): Promise<void> {
    for (const server of [this.hub, this.storage]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.storage]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
  }

  get storageHost(): string {
    return `127.0.0.1:${(this.storage.address() as AddressInfo).port}`;
  }

  private answerHub(request: IncomingMessage, response: ServerResponse): void {
    const entry = this.record(request);
    const { fail, token } = this.mood;
    if (fail !== undefined && fail.times > 0) {
      fail.times--;
      return void response.writeHead(fail.status).end();
    }
    if (token !== undefined && entry.authorization !== `Bearer ${token}`)
      return void response.writeHead(401).end();
    const match = new RegExp(`^/${this.repository}/resolve/(main|${FAKE_COMMIT})/(.+)$`).exec(entry.url);
    const content = match === null ? undefined : this.files.get(match[2]!);
    if (content === undefined) return void response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    response.setHeader("x-repo-commit", FAKE_COMMIT);
    if (!entry.url.includes("/onnx/")) {
      const etag = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
      response.setHeader("etag", `"${etag}"`);
      this.sendContent(entry, match![2]!, content, response);
      return;
    }
    response.writeHead(302, {
      "x-linked-etag": `"${createHash("sha256").update(content).digest("hex")}"`,
      "x-linked-size": content.length,
      location: `http://${this.storageHost}/store/${match![2]!}`,
    });
    response.end();
  }

  private answerStorage(request: IncomingMessage, response: ServerResponse): void {
    const entry = this.record(request);
    const file = entry.url.slice("/store/".length);
    this.sendContent(entry, file, this.files.get(file)!, response);
  }

  private sendContent(entry: HubRequest, file: string, whole: Buffer, response: ServerResponse): void {
    const content = Buffer.from(whole);
    if (this.mood.damage === file) content[content.length - 1]! ^= 1;
    const start = this.mood.ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(entry.range ?? "")?.[1] ?? 0);
    const body = content.subarray(start);
    const range =
      start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { "content-length": body.length, ...range });
    if (entry.method === "HEAD") return void response.end();
    const { cut } = this.mood;
    if (cut !== undefined && cut.times > 0 && file.startsWith("onnx/")) {
      cut.times--;
      entry.sent = cut.after;
      response.write(body.subarray(0, cut.after), () => setTimeout(() => response.destroy(), 50));
      return;
    }
    entry.sent = body.length;
    response.end(body);
  }

  private record(request: IncomingMessage): HubRequest {
    const entry: HubRequest = {
      method: request.method!,
      url: request.url!,
      host: request.headers.host!,
      range: request.headers.range,
      authorization: request.headers.authorization,
      sent: 0,
    };
    this.requests.push(entry);
    return entry;
  }
}
