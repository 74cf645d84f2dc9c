import { readFileSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ApiExportTicket } from "../../../src/core/explorer/api.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { imagesTable, tableToCsv } from "../../../src/node/export-tables.ts";
import { ExportTickets } from "../../../src/node/server/export-tickets.ts";
import * as pictureFile from "../../../src/node/server/picture-file.ts";
import { temporaryFolder } from "../../support/command.ts";
import {
  ExplorerClient,
  fitShownModel,
  openExplorer,
  type ShownModel,
  untilClosed,
} from "../../support/explorer.ts";

// Its functions can be watched and stood in for.
vi.mock("../../../src/node/server/picture-file.ts", { spy: true });

const folder = temporaryFolder("explorer-export");
let shown: ShownModel;
let client: ExplorerClient;
let library: ConceptModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
  client = new ExplorerClient(await openExplorer(shown.model, { cache: shown.cache }));
  library = await ConceptModel.load(shown.model);
});

afterEach(() => vi.resetAllMocks());

async function addressOf(body: object): Promise<string> {
  const response = await client.post("/api/export", body);
  expect(response.status).toBe(201);
  return `/api/export/${((await response.json()) as ApiExportTicket).ticket}`;
}

async function exported(body: object): Promise<Response> {
  const response = await client.get(await addressOf(body));
  expect(response.status).toBe(200);
  return response;
}

/** What each picture of the model is from now on, in place of its file. */
function picturesAre(pieces: (row: number) => Readable): void {
  vi.spyOn(pictureFile, "openPictureFile").mockImplementation(async (_, row) => ({
    size: 0,
    modified: new Date(),
    tag: "",
    format: undefined,
    bytes: () => Promise.reject(new Error("it is not to be read whole")),
    pieces: () => pieces(row),
    close: async () => undefined,
  }));
}

describe("a table", () => {
  it("of all pictures is the one that concept export writes", async () => {
    const { paths } = library.fitted.images;
    const table = imagesTable(library.fitted, (row) => path.join(shown.photos, paths[row]!));
    const response = await exported({ format: "csv" });
    expect(response.headers.get("Content-Disposition")).toBe("attachment; filename*=UTF-8''emoji.csv");
    expect(response.headers.get("Content-Type")).toContain("text/csv");
    expect(await response.text()).toBe(tableToCsv(table));
  });

  it("of a selection has its rows, in its order, each once", async () => {
    const lines = (await (await exported({ format: "csv", rows: [7, 3, 7] })).text()).trim().split("\r\n");
    expect(lines.length).toBe(3);
    expect(lines[1]).toContain(library.fitted.images.ids[7]);
    expect(lines[2]).toContain(library.fitted.images.ids[3]);
    expect((await (await exported({ format: "csv", rows: [] })).text()).split("\r\n").length).toBe(2);
  });
});

describe("a list", () => {
  it("has the path of each file", async () => {
    const text = await (await exported({ format: "list", rows: [5, 6] })).text();
    const { paths } = library.fitted.images;
    expect(text).toBe([5, 6].map((row) => `${path.join(shown.photos, paths[row]!)}\n`).join(""));
  });
});

describe("an archive", () => {
  it("has copies in folders by concept, and says what is missing", async () => {
    const { images, concepts } = library.fitted;
    const gone = [...images.concepts.keys()].find((row) => images.concepts[row] === concepts[0]!.id)!;
    const bytes = new Map(
      images.paths.map((name) => [name, readFileSync(path.join(shown.photos, name))] as const),
    );
    rmSync(path.join(shown.photos, images.paths[gone]!));
    const zip = unzipSync(new Uint8Array(await (await exported({ format: "folders" })).arrayBuffer()));
    const skipped = strFromU8(zip["skipped.txt"]!);
    expect(skipped).toBe(`${images.paths[gone]}: The file is not there any more\n`);
    const files = Object.entries(zip).filter(([name]) => name !== "skipped.txt");
    expect(files.length).toBe(images.paths.length - 1);
    for (const [name, content] of files) {
      expect(name).toMatch(/^[^/]+\/[^/]+$/);
      expect(name).not.toMatch(/[<>:"|?*]|\.\./);
      expect(
        [...bytes.values()].some((original) => original.equals(content)),
        name,
      ).toBe(true);
    }
    for (const { id, name, size } of concepts) {
      const own = files.filter(([file]) => file.startsWith(`${name}/`));
      expect(own.length).toBe(size - (id === concepts[0]!.id ? 1 : 0));
    }
  });

  it("of a selection has nothing else", async () => {
    const zip = unzipSync(
      new Uint8Array(await (await exported({ format: "folders", rows: [1, 2] })).arrayBuffer()),
    );
    expect(Object.keys(zip).length).toBe(2);
  });

  it("is left by a reader without a file being kept open", async () => {
    const response = await exported({ format: "folders" });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await untilClosed(shown.photos);
  });
});

describe("a name", () => {
  it("is the one that was asked for, made safe for every system and for the header", async () => {
    const disposition = async (name: string) =>
      (await exported({ format: "list", rows: [1], name })).headers.get("Content-Disposition");
    expect(await disposition("emoji - it's (a) bée")).toBe(
      "attachment; filename*=UTF-8''emoji%20-%20it%27s%20%28a%29%20b%C3%A9e.txt",
    );
    expect(await disposition('../"a"\r\nX: \ud800/b')).toBe(
      "attachment; filename*=UTF-8''__a___X_%20__b.txt",
    );
  });
});

describe("a ticket", () => {
  it("is used once, and nobody can guess it", async () => {
    const address = await addressOf({ format: "list" });
    expect(address).toMatch(/^\/api\/export\/[\w-]{32}$/);
    expect(await addressOf({ format: "list" })).not.toBe(address);
    expect((await client.get(address)).status).toBe(200);
    expect((await client.get(address)).status).toBe(404);
    expect((await client.get(`/api/export/${"a".repeat(32)}`)).status).toBe(404);
    expect((await client.get("/api/export")).status).toBe(404);
  });

  it("is good for a minute", () => {
    vi.useFakeTimers();
    try {
      const tickets = new ExportTickets();
      const [used, late] = [tickets.issue(new Response("a")), tickets.issue(new Response("b"))];
      vi.advanceTimersByTime(59_999);
      expect(tickets.use(used)).not.toBeNull();
      vi.advanceTimersByTime(1);
      expect(tickets.use(late)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes when eight others were asked for after it", () => {
    const tickets = new ExportTickets();
    const issued = Array.from({ length: 9 }, () => tickets.issue(new Response()));
    expect(issued.map((ticket) => tickets.use(ticket) !== null)).toEqual([false, ...Array(8).fill(true)]);
  });

  it("makes nothing of its file before it is used", async () => {
    const opened = vi.spyOn(pictureFile, "openPictureFile");
    const address = await addressOf({ format: "folders", rows: [1, 2] });
    await client.json("/api/model");
    expect(opened).not.toHaveBeenCalled();
    await (await client.get(address)).arrayBuffer();
    expect(opened).toHaveBeenCalledTimes(2);
  });
});

describe("a large archive", () => {
  const PIECE = 2 ** 16;
  const PIECES = 1024;
  /** What sockets and streams of one connection hold. */
  const MOST_AHEAD = 24 * 2 ** 20;

  it("is read no faster than it is fetched, so that it is never in memory", async () => {
    let made = 0;
    picturesAre(() =>
      Readable.from(
        (function* () {
          for (let i = 0; i < PIECES; i++) {
            made += PIECE;
            yield new Uint8Array(PIECE);
          }
        })(),
      ),
    );
    const rows = [1, 2, 3, 4];
    const all = rows.length * PIECES * PIECE;
    const address = await addressOf({ format: "folders", rows });
    const file = await new Promise<IncomingMessage>((resolve) => get(`${client.base}${address}`, resolve));
    let fetched = 0;
    let pauses = 0;
    for await (const piece of file) {
      fetched += (piece as Buffer).length;
      expect(made - fetched).toBeLessThan(MOST_AHEAD);
      if (fetched < (pauses * all) / 4) continue;
      pauses++;
      await untilStill(() => made);
      expect(made - fetched).toBeLessThan(MOST_AHEAD);
    }
    expect(pauses).toBeGreaterThan(3);
    expect(made).toBe(all);
    expect(fetched).toBeGreaterThan(all);
  });

  /** Waits until nothing is made any more. */
  async function untilStill(look: () => number): Promise<void> {
    let before = -1;
    while (look() !== before) {
      before = look();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  it("that breaks off is no whole file, and the pages are told why", async () => {
    picturesAre((row) =>
      Readable.from(
        (function* () {
          for (let i = 0; i < 64; i++) yield new Uint8Array(PIECE);
          if (row === 2) throw Object.assign(new Error("EIO: /secret"), { code: "EIO" });
        })(),
      ),
    );
    const ear = await client.hear();
    const address = await addressOf({ format: "folders", rows: [1, 2], name: "two" });
    await expect(client.get(address).then((file) => file.arrayBuffer())).rejects.toThrow();
    await ear.until(({ kind }) => kind === "exportFailed");
    const told = ear.events.find(({ kind }) => kind === "exportFailed");
    expect(told).toMatchObject({ file: "two.zip", error: { code: "DISK" } });
    expect(JSON.stringify(told)).not.toContain("secret");
    await ear.stop();
  });
});

describe("what cannot be exported", () => {
  it("is refused", async () => {
    for (const body of [
      {},
      { format: "exe" },
      { format: "csv", rows: [160] },
      { format: "csv", rows: [-1] },
      { format: "csv", rows: "all" },
      { format: "csv", name: 7 },
      { format: "csv", name: "x".repeat(3000) },
    ]) {
      expect((await client.post("/api/export", body)).status, JSON.stringify(body)).toBe(400);
    }
  });
});
