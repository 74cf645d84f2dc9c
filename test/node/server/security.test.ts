import { connect } from "node:net";
import { hostname } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiExportTicket } from "../../../src/core/explorer/api.ts";
import { type Explorer, startExplorer } from "../../../src/node/server/start-explorer.ts";
import { temporaryFolder } from "../../support/command.ts";
import {
  ExplorerClient,
  fitShownModel,
  layOutPage,
  MARKUP_NAME,
  openExplorer,
  rawAnswer,
  type ShownModel,
} from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-security");
let shown: ShownModel;
let page: string;
let explorer: Explorer;
let client: ExplorerClient;

beforeAll(async () => {
  shown = await fitShownModel(folder);
  page = layOutPage(folder);
  explorer = await openExplorer(shown.model, { cache: shown.cache, page });
  client = new ExplorerClient(explorer);
});

const ask = (request: string): Promise<string> => rawAnswer(explorer.port, request);
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const get = (address: string, ...headers: string[]): string =>
  [`GET ${address} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n");
const ownHost = (): string => `Host: 127.0.0.1:${explorer.port}`;

describe("the name of the server", () => {
  it("refuses names of others that lead here (DNS rebinding)", async () => {
    for (const host of [
      "evil.example",
      "evil.example:7320",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "",
      "169.254.169.254",
    ]) {
      for (const address of ["/", "/api/model", "/api/images/0/picture"]) {
        const answer = await ask(get(address, `Host: ${host}`));
        expect([400, 403], `${host} ${address}`).toContain(statusOf(answer));
        expect(answer).not.toContain("revision");
      }
    }
    expect(statusOf(await ask(get("/api/model")))).toBe(400);
  });

  it("goes by its own names, at any port that a tunnel gives it", async () => {
    for (const host of [
      "127.0.0.1",
      "localhost:9000",
      `127.0.0.1:${explorer.port}`,
      "[::1]:80",
      "LOCALHOST",
    ]) {
      expect(statusOf(await ask(get("/api/model", `Host: ${host}`))), host).toBe(200);
    }
  });

  it("is not fooled by an address with a name in it", async () => {
    const answer = await ask(get("http://evil.example/api/model", ownHost()));
    expect(statusOf(answer)).not.toBe(200);
  });
});

describe("requests of other pages (CSRF)", () => {
  const post = (address: string, ...headers: string[]): string =>
    [
      `POST ${address} HTTP/1.1`,
      ownHost(),
      "Content-Length: 0",
      ...headers,
      "Connection: close",
      "",
      "",
    ].join("\r\n");

  it("are refused, whatever they ask", async () => {
    for (const headers of [
      ["Origin: http://evil.example"],
      ["Origin: null"],
      ["Origin: https://127.0.0.1"],
      ["Origin: http://127.0.0.1:1"],
      ["Sec-Fetch-Site: cross-site"],
      ["Sec-Fetch-Site: same-site"],
    ]) {
      for (const address of ["/api/undo", "/api/edits", "/api/search", "/api/export"]) {
        expect(statusOf(await ask(post(address, ...headers))), `${address} ${headers}`).toBe(403);
      }
      expect(statusOf(await ask(get("/api/model", ownHost(), ...headers))), `${headers}`).toBe(403);
    }
  });

  it("may lead to the front page, but not frame or fetch it", async () => {
    const from = (...headers: string[]) => ask(get("/", ownHost(), "Sec-Fetch-Site: cross-site", ...headers));
    expect(statusOf(await from("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))).toBe(200);
    expect(statusOf(await from("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"))).toBe(403);
    expect(statusOf(await from("Sec-Fetch-Mode: no-cors"))).toBe(403);
  });

  it("of its own page and of programs pass", async () => {
    const own = [`Origin: http://127.0.0.1:${explorer.port}`, "Sec-Fetch-Site: same-origin"];
    expect(statusOf(await ask(get("/api/model", ownHost(), ...own)))).toBe(200);
    expect(statusOf(await ask(get("/api/model", ownHost())))).toBe(200);
  });

  it("get no ticket for an export, and cannot use one: it stays for the page", async () => {
    const asked = (headers: Record<string, string>) =>
      fetch(`${client.base}/api/export`, { method: "POST", headers, body: '{"format":"list"}' });
    expect((await asked({ "Content-Type": "text/plain" })).status).toBe(415);
    const json = { "Content-Type": "application/json" };
    expect((await asked({ ...json, Origin: "http://evil.example" })).status).toBe(403);
    const { ticket } = (await (await asked(json)).json()) as ApiExportTicket;
    const address = `/api/export/${ticket}`;
    const visit = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
    for (const headers of [
      ["Host: evil.example"],
      [ownHost(), "Origin: http://evil.example"],
      [ownHost(), "Sec-Fetch-Site: cross-site", ...visit],
      [ownHost(), "Sec-Fetch-Site: same-site", ...visit],
      [ownHost(), "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
    ]) {
      expect(statusOf(await ask(get(address, ...headers))), `${headers}`).toBe(403);
    }
    const own = await ask(get(address, ownHost(), "Sec-Fetch-Site: same-origin", ...visit));
    expect(statusOf(own)).toBe(200);
    expect(own).toMatch(/^content-disposition: attachment;/im);
    expect(own).toMatch(/^x-content-type-options: nosniff/im);
    expect(own).toMatch(/^cache-control: no-store/im);
  });

  it("cannot be sent as forms: an edit is JSON, and says its revision", async () => {
    const { revision } = await client.model();
    const body = JSON.stringify({ kind: "rename", concept: 0, name: "stolen" });
    const form = await fetch(`${client.base}/api/edits`, {
      method: "POST",
      headers: { "Content-Type": "text/plain", "If-Match": revision },
      body,
    });
    expect(form.status).toBe(415);
    expect((await client.post("/api/edits", JSON.parse(body))).status).toBe(428);
    expect((await client.model()).revision).toBe(revision);
  });
});

describe("paths", () => {
  it("lead nowhere but to the page and the API", async () => {
    for (const address of [
      "/../../../../etc/passwd",
      "/assets/../../emoji.concept/model.json",
      "/assets/%2e%2e/%2e%2e/emoji.concept/model.json",
      "/assets/..%2f..%2femoji.concept%2fmodel.json",
      "/assets/..%5c..%5cmodel.json",
      "/%00",
      "/assets/index-4f2a.js%00.html",
      "/api/images/..%2f..%2fetc%2fpasswd/picture",
      "/api/images/0%00/picture",
      "/api/sheets/0/../../model.json",
      "/api/sheets/0/..%2f..%2fmodel.json",
      "/api/sheets/1/0.webp%00",
      "//etc/passwd",
      "/.git/config",
    ]) {
      const answer = await ask(get(address, ownHost()));
      expect([400, 404], address).toContain(statusOf(answer));
      expect(answer).not.toMatch(/root:|conceptmodel|formatVersion/);
    }
  });

  it("of broken requests end well", async () => {
    for (const request of [
      "GET\r\n\r\n",
      "\0\0\0\0",
      "GET /%E0%A4%A HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "HELLO WORLD\r\n\r\n",
    ]) {
      expect([0, 400, 404]).toContain(statusOf(await ask(request)));
    }
    expect(statusOf(await ask(get("/api/model", ownHost())))).toBe(200);
  });
});

describe("headers", () => {
  it("are on every answer", async () => {
    for (const address of [
      "/",
      "/assets/index-4f2a.js",
      "/api/model",
      "/api/points/map",
      "/api/nothing",
      "/api/images/0/picture",
    ]) {
      const { headers } = await client.get(address);
      expect(headers.get("X-Content-Type-Options"), address).toBe("nosniff");
      expect(headers.get("Referrer-Policy")).toBe("no-referrer");
      expect(headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
      expect(headers.get("X-Frame-Options")).toBe("DENY");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      expect(headers.get("Access-Control-Allow-Origin")).toBeNull();
    }
  });

  it("let the page run its own scripts and styles only", async () => {
    const policy = (await client.get("/")).headers.get("Content-Security-Policy")!;
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it("keep hashed files for ever and the front page never", async () => {
    expect((await client.get("/assets/index-4f2a.js")).headers.get("Cache-Control")).toContain("immutable");
    expect((await client.get("/")).headers.get("Cache-Control")).toBe("no-cache");
    expect((await client.get("/")).headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    const packed = await client.get("/assets/index-4f2a.js", { "Accept-Encoding": "br" });
    expect(packed.headers.get("Content-Encoding")).toBe("br");
    expect(await packed.text()).toContain("console.log");
  });
});

describe("bodies", () => {
  it("of 200 MB are refused before they are read, and the connection is ended", async () => {
    const mebibyte = Buffer.alloc(2 ** 20);
    for (const [address, announced] of [
      ["/api/search/picture", true],
      ["/api/search/picture", false],
      ["/api/search", true],
      ["/api/edits", false],
    ] as const) {
      const before = process.memoryUsage().rss;
      const { answer, sent, isEnded } = await upload(address, announced, mebibyte);
      expect(statusOf(answer), `${address} ${announced}`).toBe(413);
      expect(isEnded).toBe(true);
      expect(sent).toBeLessThan(announced ? 60 : 90);
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
    }
    expect(statusOf(await ask(get("/api/model", ownHost())))).toBe(200);
  });

  /** Sends 200 pieces, or as many as are taken. */
  function upload(
    address: string,
    announced: boolean,
    piece: Buffer,
  ): Promise<{ answer: string; sent: number; isEnded: boolean }> {
    return new Promise((resolve) => {
      const socket = connect(explorer.port, "127.0.0.1");
      let answer = "";
      let sent = 0;
      const length = announced ? `Content-Length: ${200 * piece.length}` : "Transfer-Encoding: chunked";
      const type = "Content-Type: application/json\r\nIf-Match: x";
      socket.write(`POST ${address} HTTP/1.1\r\n${ownHost()}\r\n${type}\r\n${length}\r\n\r\n`);
      const more = (): void => {
        while (sent < 200 && !socket.destroyed) {
          sent++;
          if (!announced) socket.write(`${piece.length.toString(16)}\r\n`);
          if (!socket.write(piece)) return;
          if (!announced) socket.write("\r\n");
        }
      };
      socket.on("drain", () => {
        if (!announced) socket.write("\r\n");
        more();
      });
      socket.on("data", (part) => {
        answer += part.toString("latin1");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve({ answer, sent, isEnded: true }));
      socket.setTimeout(20_000, () => {
        socket.destroy();
        resolve({ answer, sent, isEnded: false });
      });
      socket.on("connect", more);
    });
  }

  it("that are no JSON, or another thing than was asked for, are refused in words", async () => {
    const { revision } = await client.model();
    const headers = { "Content-Type": "application/json", "If-Match": revision };
    const send = (address: string, body: string) =>
      fetch(`${client.base}${address}`, { method: "POST", headers, body });
    for (const body of [
      "",
      "{",
      "[]",
      "null",
      '{"kind":"format"}',
      '{"kind":"merge","concepts":"all"}',
      '{"kind":"move","pictures":[{}],"to":0}',
      '{"kind":"rename","concept":0,"name":"x","path":"/etc"}',
      '{"__proto__":{"kind":"pin"}}',
    ]) {
      const response = await send("/api/edits", body);
      expect(response.status, body).toBe(400);
      expect(((await response.json()) as { message: string }).message).not.toBe("");
    }
    for (const body of [
      '{"query":7}',
      '{"query":"x","limit":1e9}',
      '{"query":"x","like":[-1]}',
      '{"query":"x","like":[160]}',
      '{"query":"x","within":12345}',
      '{"query":""}',
    ]) {
      expect((await send("/api/search", body)).status, body).toBe(400);
    }
    expect((await client.model()).revision).toBe(revision);
  });
});

describe("slow and many clients", () => {
  it("let a client go that never ends its headers, or its body", async () => {
    const quick = await openExplorer(shown.model, {
      cache: shown.cache,
      patience: { headers: 300, request: 600 },
    });
    const host = `Host: 127.0.0.1:${quick.port}\r\n`;
    for (const start of [
      `GET /api/model HTTP/1.1\r\n${host}X-Slow: `,
      `POST /api/search HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    ]) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(quick.port, "127.0.0.1");
        let text = "";
        socket.on("data", (part) => {
          text += part.toString("latin1");
        });
        socket.on("error", () => undefined);
        socket.on("close", () => {
          clearInterval(drip);
          resolve(text);
        });
        socket.write(start);
        const drip = setInterval(() => socket.write("a"), 50);
      });
      expect([0, 408]).toContain(statusOf(answer));
    }
    expect((await fetch(`http://127.0.0.1:${quick.port}/api/model`)).status).toBe(200);
  });

  it("lets no more connections in than it can hold", async () => {
    const sockets = Array.from({ length: 300 }, () => connect(explorer.port, "127.0.0.1"));
    const outcomes = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<boolean>((resolve) => {
            socket.on("error", () => resolve(false));
            socket.on("close", () => resolve(false));
            socket.setTimeout(2000, () => resolve(true));
          }),
      ),
    );
    expect(outcomes.filter((isOpen) => isOpen).length).toBeLessThanOrEqual(256);
    for (const socket of sockets) socket.destroy();
    expect((await client.get("/api/model")).status).toBe(200);
  });
});

describe("names from strangers", () => {
  it("are text in JSON, and nothing else", async () => {
    const images = await Promise.all(
      Array.from({ length: 160 }, (_, row) => client.get(`/api/images/${row}`)),
    );
    expect(images.every(({ headers }) => headers.get("Content-Type")!.startsWith("application/json"))).toBe(
      true,
    );
    const paths = await Promise.all(
      images.map(async (image) => ((await image.json()) as { path: string }).path),
    );
    expect(paths).toContain(MARKUP_NAME);
  });
});

describe("a server that others can reach", () => {
  it("wants its token, exchanges it for a cookie that scripts cannot read, and takes no other", async () => {
    const open = await openExplorer(shown.model, { cache: shown.cache, host: "0.0.0.0", page });
    const base = `http://127.0.0.1:${open.port}`;
    expect(open.isPrivate).toBe(false);
    const { searchParams } = new URL(open.address);
    const token = searchParams.get("token")!;
    expect(token.length).toBeGreaterThan(30);
    for (const address of [
      "/",
      "/api/model",
      `/api/model?token=${token}`,
      "/?token=wrong",
      "/assets/index-4f2a.js",
    ]) {
      expect((await fetch(`${base}${address}`)).status, address).toBe(401);
    }
    const entrance = await fetch(`${base}/?token=${token}&view=3`, { redirect: "manual" });
    expect(entrance.status).toBe(303);
    expect(entrance.headers.get("Location")).toBe("/?view=3");
    const cookie = entrance.headers.get("Set-Cookie")!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(token);
    const [pair] = cookie.split(";");
    expect((await fetch(`${base}/api/model`, { headers: { Cookie: pair! } })).status).toBe(200);
    expect((await fetch(`${base}/api/model`, { headers: { Cookie: `${pair}x` } })).status).toBe(401);
    expect((await fetch(`${base}/api/model`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    const headers = { "Content-Type": "application/json", Cookie: pair! };
    const body = '{"format":"list"}';
    const exporting = { method: "POST", headers, body };
    expect(
      (await fetch(`${base}/api/export`, { ...exporting, headers: { ...headers, Cookie: "" } })).status,
    ).toBe(401);
    const { ticket } = (await (await fetch(`${base}/api/export`, exporting)).json()) as ApiExportTicket;
    expect((await fetch(`${base}/api/export/${ticket}`)).status).toBe(401);
    expect((await fetch(`${base}/api/export/${ticket}`, { headers: { Cookie: pair! } })).status).toBe(200);
    const named = await rawAnswer(
      open.port,
      `GET /api/model HTTP/1.1\r\nHost: ${hostname()}:${open.port}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(named)).toBe(401);
    const strange = await rawAnswer(
      open.port,
      `GET /api/model HTTP/1.1\r\nHost: evil.example\r\nCookie: ${pair}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(strange)).toBe(403);
  });
});

describe("starting and ending", () => {
  it("says what is wrong with a port or a host", async () => {
    await expect(startExplorer(shown.model, { port: explorer.port })).rejects.toThrow("is taken");
    await expect(startExplorer(shown.model, { host: "203.0.113.7", port: 0 })).rejects.toThrow(
      "Nothing can listen",
    );
    await expect(startExplorer(`${folder}/nothing.concept`)).rejects.toThrow("no saved model");
  });

  it("closes at once, whatever is open", async () => {
    const brief = await startExplorer(shown.model, { port: 0, cache: shown.cache });
    const events = await fetch(`http://127.0.0.1:${brief.port}/api/events`);
    const reader = events.body!.getReader();
    await reader.read();
    await brief.close();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
        await fetch(`http://127.0.0.1:${brief.port}/api/model`);
      })(),
    ).rejects.toThrow();
  });

  it("without a built page tells so, and serves the rest", async () => {
    const bare = new ExplorerClient(await openExplorer(shown.model, { page: `${folder}/no-page` }));
    const response = await bare.get("/");
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("npm run build");
    expect((await bare.get("/api/model")).status).toBe(200);
  });
});
