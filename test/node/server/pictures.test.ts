import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { zipSync } from "fflate";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiImage } from "../../../src/core/explorer/api.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { temporaryFolder } from "../../support/command.ts";
import {
  ExplorerClient,
  fitShownModel,
  openExplorer,
  type ShownModel,
  untilClosed,
} from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-pictures");
let shown: ShownModel;
let client: ExplorerClient;
let paths: readonly string[];

beforeAll(async () => {
  shown = await fitShownModel(folder);
  paths = (await ConceptModel.load(shown.model)).fitted.images.paths;
  client = new ExplorerClient(await openExplorer(shown.model, { cache: shown.cache }));
});

const fileOf = (row: number): string => path.join(shown.photos, paths[row]!);
const picture = (row: number, query = "", headers: Record<string, string> = {}): Promise<Response> =>
  client.get(`/api/images/${row}/picture${query}`, headers);
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const image = (row: number): Promise<ApiImage> => client.json(`/api/images/${row}`);

describe("originals", () => {
  it("are the files, byte by byte, and not sent again", async () => {
    const response = await picture(3);
    expect(response.headers.get("Content-Type")).toBe("image/png");
    expect(response.headers.get("Content-Security-Policy")).toContain("sandbox");
    expect(await bytesOf(response)).toEqual(await readFile(fileOf(3)));
    const again = await picture(3, "", { "If-None-Match": response.headers.get("ETag")! });
    expect(again.status).toBe(304);
  });

  it("come in parts for those who ask for parts", async () => {
    const whole = await readFile(fileOf(4));
    for (const [range, expected] of [
      ["bytes=0-9", whole.subarray(0, 10)],
      ["bytes=10-", whole.subarray(10)],
      ["bytes=-5", whole.subarray(-5)],
      [`bytes=5-${whole.length + 100}`, whole.subarray(5)],
    ] as const) {
      const response = await picture(4, "", { Range: range });
      expect(response.status, range).toBe(206);
      expect(response.headers.get("Content-Range")).toMatch(new RegExp(`^bytes \\d+-\\d+/${whole.length}$`));
      expect(await bytesOf(response)).toEqual(expected);
    }
    expect((await picture(4, "", { Range: `bytes=${whole.length}-` })).status).toBe(416);
    for (const range of ["bytes=9-3", "bytes=0-1,3-4", "lines=1-2", "bytes=-"]) {
      expect((await picture(4, "", { Range: range })).status, range).toBe(200);
    }
  });

  it("answer HEAD without a body", async () => {
    const response = await fetch(`${client.base}/api/images/4/picture`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("Content-Length"))).toBe((await readFile(fileOf(4))).length);
    expect(await response.text()).toBe("");
  });

  it("are closed, whoever leaves before the end", async () => {
    const large = Buffer.concat([await readFile(fileOf(70)), Buffer.alloc(30e6)]);
    writeFileSync(fileOf(70), large);
    for (let i = 0; i < 5; i++) {
      const leaving = new AbortController();
      const response = await fetch(`${client.base}/api/images/70/picture`, { signal: leaving.signal });
      expect(response.status).toBe(200);
      leaving.abort();
    }
    await untilClosed(shown.photos);
  });

  it("are told by what is in them, whatever they are called", async () => {
    for (const [row, format, type] of [
      [10, "jpeg", "image/jpeg"],
      [11, "webp", "image/webp"],
      [12, "gif", "image/gif"],
      [13, "avif", "image/avif"],
    ] as const) {
      writeFileSync(fileOf(row), await sharp(fileOf(row)).toFormat(format).toBuffer());
      const response = await picture(row);
      expect(response.headers.get("Content-Type")).toBe(type);
      expect(await bytesOf(response)).toEqual(await readFile(fileOf(row)));
      expect((await image(row)).file).toBe("changed");
    }
  });

  it("that browsers cannot show are made WebP", async () => {
    writeFileSync(fileOf(14), await sharp(fileOf(14)).tiff().toBuffer());
    const response = await picture(14);
    expect(response.headers.get("Content-Type")).toBe("image/webp");
    expect((await sharp(await bytesOf(response)).metadata()).width).toBe(64);
  });
});

describe("pictures in archives", () => {
  it("are read in place, whole, in parts and smaller, and told when the archive has gone", async () => {
    const archive = path.join(folder, "zipped", "some.zip");
    mkdirSync(path.dirname(archive));
    const names = paths.slice(80, 120);
    const entries = names.map((name) => [`in/${name}`, readFileSync(path.join(shown.photos, name))] as const);
    writeFileSync(archive, zipSync(Object.fromEntries(entries)));
    const model = new ConceptModel({ embeddingModel: "mini", cache: shown.cache, minConceptSize: 5 });
    await model.fit([archive], { docs: [] });
    const place = path.join(folder, "zipped.concept");
    await model.save(place);
    await model.close();
    const zipped = new ExplorerClient(await openExplorer(place, { cache: shown.cache }));
    const image = await zipped.json<ApiImage>("/api/images/3");
    const content = entries.find(([name]) => image.path.endsWith(name))![1];
    expect(image.file).toBe("present");
    expect(await bytesOf(await zipped.get("/api/images/3/picture"))).toEqual(content);
    const part = await zipped.get("/api/images/3/picture", { Range: "bytes=5-20" });
    expect(part.status).toBe(206);
    expect(await bytesOf(part)).toEqual(content.subarray(5, 21));
    expect((await zipped.get("/api/images/3/picture?size=32")).headers.get("Content-Type")).toBe(
      "image/webp",
    );
    expect((await zipped.get("/api/sheets/1/0.webp")).status).toBe(200);
    rmSync(archive);
    expect((await zipped.get("/api/images/3/picture")).status).toBe(410);
    expect((await zipped.json<ApiImage>("/api/images/3")).file).toBe("missing");
  });
});

describe("what has become something else since the fit", () => {
  it("is never given away as a page or a drawing with scripts", async () => {
    const script = "<script>alert(1)</script>";
    for (const [row, content] of [
      [20, `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`],
      [21, `<!doctype html><html>${script}</html>`],
      [22, `\n  <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`],
      [23, "%PDF-1.7 and so on"],
      [24, ""],
      [25, `GIF89a${script}`],
    ] as const) {
      writeFileSync(fileOf(row), content);
      for (const query of ["", "?size=64"]) {
        const response = await picture(row, query);
        // A GIF's first bytes are enough to be sent as one: nosniff keeps it from being more.
        if (row === 25 && query === "") {
          expect(response.headers.get("Content-Type")).toBe("image/gif");
          expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
          continue;
        }
        expect(response.status, content).toBe(415);
        expect(await response.text()).not.toContain("alert");
      }
    }
  });

  it("is told when it has gone", async () => {
    rmSync(fileOf(30));
    expect((await picture(30)).status).toBe(410);
    expect((await picture(30, "?size=64")).status).toBe(410);
    expect((await image(30)).file).toBe("missing");
    rmSync(fileOf(31));
    mkdirSync(fileOf(31));
    expect((await picture(31)).status).toBe(410);
  });

  it("is not followed out of the folder, unless it is the very picture of the fit", async () => {
    const secret = path.join(folder, "secret.png");
    copyFileSync(fileOf(1), secret);
    for (const [row, target] of [
      [40, secret],
      [41, "/etc/passwd"],
      [42, "../secret.png"],
      [43, "/dev/zero"],
    ] as const) {
      rmSync(fileOf(row));
      symlinkSync(target, fileOf(row));
      for (const query of ["", "?size=64"]) {
        const response = await picture(row, query);
        expect([403, 410], target).toContain(response.status);
        expect((await bytesOf(response)).length).toBeLessThan(300);
      }
    }
    // Moved away, with a link left behind: what the fit saw.
    const moved = path.join(folder, "moved.png");
    copyFileSync(fileOf(44), moved);
    rmSync(fileOf(44));
    symlinkSync(moved, fileOf(44));
    expect((await picture(44)).status).toBe(200);
    // Below the folder, links lead where they like.
    rmSync(fileOf(45));
    symlinkSync(fileOf(46), fileOf(45));
    expect(await bytesOf(await picture(45))).toEqual(await readFile(fileOf(46)));
  });

  it("leaves grey cells in sheets, also for links to strangers", async () => {
    const secret = path.join(folder, "green.png");
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "#00ff00" } })
      .png()
      .toFile(secret);
    rmSync(fileOf(50));
    symlinkSync(secret, fileOf(50));
    const slots = new Uint32Array(await (await client.get("/api/points/slots")).arrayBuffer());
    const sheet = await bytesOf(await client.get(`/api/sheets/1/${slots[50]! >> 6}.webp`));
    const place = slots[50]! & 63;
    const cell = { left: (place % 8) * 128, top: (place >> 3) * 128, width: 128, height: 128 };
    const { dominant } = await sharp(await sharp(sheet).extract(cell).png().toBuffer()).stats();
    expect(dominant.g - dominant.r).toBeLessThan(40);
  });
});

describe("smaller pictures", () => {
  it("fit into the square asked for, upright, and are never enlarged", async () => {
    const wide = await sharp({ create: { width: 400, height: 100, channels: 3, background: "#c33" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    writeFileSync(fileOf(60), wide);
    const response = await picture(60, "?size=200");
    expect(response.headers.get("Content-Type")).toBe("image/webp");
    const { width, height } = await sharp(await bytesOf(response)).metadata();
    expect([width, height]).toEqual([50, 200]);
    const same = await sharp(await bytesOf(await picture(61, "?size=4096"))).metadata();
    expect(same.width).toBe(64);
    for (const size of ["0", "-1", "5000", "x", "1e3"]) {
      expect((await picture(61, `?size=${size}`)).status).toBe(400);
    }
  });

  it("do not fall for pictures that are damaged or pretend to be huge", async () => {
    const png = await readFile(fileOf(62));
    writeFileSync(fileOf(62), png.subarray(0, png.length / 2));
    expect((await picture(62, "?size=32")).status).toBe(415);
    const huge = await readFile(fileOf(63));
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    writeFileSync(fileOf(63), huge);
    expect((await picture(63, "?size=32")).status).toBe(415);
  });
});

describe("sheets", () => {
  it("are WebP of all pictures, and known by what is on them", async () => {
    const { sheets } = await client.model();
    for (const [level, { sheets: count, cell, columns }] of sheets.entries()) {
      const response = await client.get(`/api/sheets/${level}/${count - 1}.webp`);
      expect(response.headers.get("Content-Type")).toBe("image/webp");
      expect((await sharp(await bytesOf(response)).metadata()).width).toBe(cell * columns);
      const tag = response.headers.get("ETag")!;
      const again = await client.get(`/api/sheets/${level}/${count - 1}.webp`, { "If-None-Match": tag });
      expect(again.status).toBe(304);
      expect((await client.get(`/api/sheets/${level}/${count}.webp`)).status).toBe(404);
    }
    for (const address of ["2/0.webp", "0/0.png", "0/-1.webp", "0/00000000000.webp", "x/0.webp"]) {
      expect((await client.get(`/api/sheets/${address}`)).status, address).toBe(404);
    }
  });
});
