import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../src/node/inputs/address-guard.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readWeb, type WebOptions } from "../../../src/node/inputs/web.ts";
import { WebCache } from "../../../src/node/inputs/web-cache.ts";
import { isSafePath } from "../../../src/node/saved-model/image-paths.ts";
import { serve } from "../../support/web-server.ts";
import { temporaryFolder, twoColours } from "../images/pictures.ts";

const picture = twoColours(1).png().toBuffer();

async function options(more: WebOptions = {}): Promise<WebOptions> {
  const cache = new WebCache(await temporaryFolder());
  return { cache, allowPrivateAddresses: true, patience: 1, revalidate: true, ...more };
}

/** What is told of a picture at an address, or that it came. */
async function outcome(address: string, more: WebOptions): Promise<string> {
  return readWeb(address, more).then(
    (bytes) => `${bytes.length} bytes`,
    (error: Error & { skipCode?: string }) => `${error.skipCode}: ${error.message}`,
  );
}

describe("pictures on the web", () => {
  it("are fetched once, and asked for by what the server called them", async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve(async (request, response) => {
      asked.push(request.headers["if-none-match"]);
      response.setHeader("etag", '"one"');
      if (request.headers["if-none-match"] === '"one"') response.writeHead(304).end();
      else response.setHeader("content-type", "image/png").end(await picture);
    });
    const settings = await options();
    expect(await readWeb(`${base}/a.png`, settings)).toEqual(await picture);
    expect(await readWeb(`${base}/a.png`, settings)).toEqual(await picture);
    expect(asked).toEqual([undefined, '"one"']);
    // After the fit the copy is enough: nobody is asked.
    expect(await readWeb(`${base}/a.png`, { ...settings, revalidate: false })).toEqual(await picture);
    expect(asked).toHaveLength(2);
  });

  it("are tried again where the server fails, and given up in the end", async () => {
    let failures = 2;
    let asked = 0;
    const base = await serve(async (request, response) => {
      asked++;
      if (request.url === "/cut.png" && asked < 3) {
        response.writeHead(200, { "content-length": "1000" }).write("begun");
        setTimeout(() => response.destroy(), 5);
      } else if (request.url === "/gone.png") response.writeHead(404).end();
      else if (request.url === "/never.png" || failures-- > 0) response.writeHead(500).end();
      else response.end(await picture);
    });
    const settings = await options();
    const length = (await picture).length;
    expect(await outcome(`${base}/twice.png`, settings)).toBe(`${length} bytes`);
    expect(asked).toBe(3);
    asked = 0;
    expect(await outcome(`${base}/cut.png`, settings)).toBe(`${length} bytes`);
    expect(asked).toBe(3);
    asked = 0;
    expect(await outcome(`${base}/never.png`, settings)).toBe("http: the server answered 500");
    expect(asked).toBe(4);
    asked = 0;
    expect(await outcome(`${base}/gone.png`, settings)).toBe("http: the server answered 404");
    expect(asked).toBe(1);
    const closed = await serve(() => undefined);
    const port = Number(new URL(closed).port);
    expect(await outcome(`http://127.0.0.1:${port === 1 ? 2 : 1}/`, await options({ retries: 1 }))).toBe(
      "network: no connection (ECONNREFUSED)",
    );
  });

  it("end where a server is slow, endless, too large or of another kind", async () => {
    const base = await serve((request, response) => misbehave(request, response));
    const limits = { bytes: 100_000, silence: 200, total: 1500, redirects: 5 };
    const settings = await options({ limits, retries: 0 });
    expect(await outcome(`${base}/silent`, settings)).toBe("network: the server went silent");
    expect(await outcome(`${base}/stalls`, settings)).toMatch(/^network: /);
    expect(await outcome(`${base}/drips`, settings)).toBe("network: the server took too long");
    expect(await outcome(`${base}/endless`, settings)).toBe("too-large: more than 100000 bytes");
    expect(await outcome(`${base}/huge`, settings)).toBe("too-large: more than 100000 bytes");
    expect(await outcome(`${base}/page`, settings)).toBe(
      "not-a-picture: the server sent no picture but text/html",
    );
    expect(await outcome(`${base}/packed`, settings)).toBe("unsupported: the server packed it with gzip");
    expect(await outcome(`${base}/circle`, settings)).toBe("http: the server redirects too often");
    expect(await outcome(`${base}/file`, settings)).toBe("bad-name: no http or https address");
    expect(await outcome(base.replace("//", "//me:secret@"), settings)).toBe(
      "address-refused: an address with a password in it",
    );
  });

  it("are not fetched from this machine or its network unless that is allowed", async () => {
    let asked = 0;
    const base = await serve(async (_, response) => {
      asked++;
      response.end(await picture);
    });
    const { port } = new URL(base);
    const settings = await options({ allowPrivateAddresses: false, retries: 0 });
    const hosts = [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "0x7f.1",
      "2130706433",
      "10.0.0.1",
      "0.0.0.0",
    ];
    for (const host of hosts) {
      expect(await outcome(`http://${host}:${port}/`, settings)).toMatch(/^address-refused: /);
    }
    expect(asked).toBe(0);
  });

  it("are told from private ones by their ranges", () => {
    for (const address of [
      "127.0.0.1",
      "::1",
      "169.254.169.254",
      "192.168.1.1",
      "fd00::1",
      "100.64.0.1",
      "224.0.0.1",
      "::",
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    }
    for (const address of ["1.1.1.1", "2606:4700:4700::1111"]) expect(isPublicAddress(address)).toBe(true);
  });

  it("stop with the signal, while they wait too", async () => {
    const base = await serve((_, response) => void response.writeHead(503, { "retry-after": "20" }).end());
    const stop = new AbortController();
    const settings = await options({ signal: stop.signal });
    const reading = readWeb(`${base}/a.png`, settings);
    setTimeout(() => stop.abort(new Error("enough")), 50);
    await expect(reading).rejects.toThrow("enough");
  });

  it("are asked for eight at a time, at most", async () => {
    let now = 0;
    let most = 0;
    const base = await serve((_, response) => {
      most = Math.max(most, ++now);
      setTimeout(async () => {
        now--;
        response.end(await picture);
      }, 20);
    });
    const settings = await options();
    await Promise.all(Array.from({ length: 40 }, (_, i) => readWeb(`${base}/${i}.png`, settings)));
    expect(most).toBe(8);
  });

  it("do not trust a damaged copy", async () => {
    const root = await temporaryFolder();
    const cache = new WebCache(root);
    await cache.put("https://a/b.png", { body: await picture, etag: '"x"' });
    expect((await cache.get("https://a/b.png"))?.body).toEqual(await picture);
    const { readdirSync, readFileSync, writeFileSync } = await import("node:fs");
    const [file] = readdirSync(`${root}/web`, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const name = `${file!.parentPath}/${file!.name}`;
    const bytes = readFileSync(name);
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(name, bytes);
    expect(await cache.get("https://a/b.png")).toBeNull();
  });

  it("are called by their addresses, and lie under no folder", async () => {
    const { images, root } = await findCollection(
      ["https://b/x.png", "https://a/y.png?z=1#t", "https://b/x.png"],
      {},
    );
    expect(images.map(({ path, location }) => [path, location])).toEqual([
      ["https://a/y.png?z=1#t", "https://a/y.png?z=1#t"],
      ["https://b/x.png", "https://b/x.png"],
    ]);
    expect(root).toBe("/");
    // Nothing in an address can lead out of a folder, as it could in a path.
    expect([isSafePath("https://h/?q=/../x"), isSafePath("h/../x"), isSafePath("https:/../x")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

function misbehave({ url }: IncomingMessage, response: ServerResponse): void {
  if (url === "/silent") return;
  if (url === "/stalls") return void response.writeHead(200).write("begun");
  if (url === "/drips") return void setInterval(() => response.write("x"), 20).unref();
  if (url === "/endless") return void setInterval(() => response.write(Buffer.alloc(20_000)), 1).unref();
  if (url === "/huge") return void response.writeHead(200, { "content-length": "5000000000" }).flushHeaders();
  if (url === "/page") return void response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  if (url === "/packed") return void response.writeHead(200, { "content-encoding": "gzip" }).end("x");
  if (url === "/circle") return void response.writeHead(302, { location: "/circle" }).end();
  if (url === "/file") return void response.writeHead(302, { location: "file:///etc/passwd" }).end();
}
