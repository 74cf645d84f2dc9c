// Files that are gone, changing, mislabelled, animated or strangely named when they are read, each really made.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { row } from "../../../src/core/math/matrix.ts";
import { embedImages } from "../../../src/node/images/embed-images.ts";
import { SharpDecoder } from "../../../src/node/images/sharp-decoder.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { ColourEmbedder, temporaryFolder, writePictures } from "./pictures.ts";

const filesOf = async (folder: string) => (await findCollection([folder], {})).images;

async function vectorOf(bytes: Uint8Array): Promise<Float32Array> {
  const embedder = new ColourEmbedder();
  const pixels = await new SharpDecoder().decode(bytes, embedder.pixelRequest);
  return row(await embedder.embedPixels([pixels]), 0);
}

const plain = (colour: string, size = 64) =>
  sharp({ create: { width: size, height: size, channels: 3, background: colour } });

describe("files with a fault", () => {
  it("that vanish between being found and being read are listed; the others are embedded", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 30);
    const images = await filesOf(folder);
    const gone = images.slice(20);
    const result = await embedImages(images, {
      embedder: new ColourEmbedder(),
      concurrency: 1,
      onRead: async (name) => {
        if (name === images[0]!.path) await Promise.all(gone.map(({ location }) => rm(location)));
      },
    });
    expect(result.paths).toEqual(images.slice(0, 20).map((image) => image.path));
    expect(result.skipped).toEqual(
      gone.map((image) => ({ path: image.path, code: "not-found", reason: "file not found" })),
    );
  });

  it("that change while they are read have the vector of the very bytes that their id names, or a reason", async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, "changing.png");
    const contents = await Promise.all(
      ["red", "green", "blue"].map((colour) => plain(colour, 700).png({ compressionLevel: 0 }).toBuffer()),
    );
    await writeFile(file, contents[0]!);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        // In place: a reader may see the start of one and the end of another, or half a file.
        await writeFile(file, contents[i % 3]!);
        if (i % 5 === 0) await truncate(file, 100_000);
        await setTimeout(2);
      }
    })();
    const read = new Map<string, Uint8Array>();
    for (let round = 0; round < 40 || read.size === 0; round++) {
      let bytes: Uint8Array = new Uint8Array(0);
      const result = await embedImages([{ path: "changing.png", location: file }], {
        embedder: new ColourEmbedder(),
        onRead: async (_, seen) => {
          bytes = seen;
        },
      });
      expect(result.paths.length + result.skipped.length).toBe(1);
      if (result.paths.length === 0) {
        expect(["empty", "truncated", "damaged"]).toContain(result.skipped[0]!.code);
        continue;
      }
      expect(result.ids[0]).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(row(result.vectors, 0)).toEqual(await vectorOf(bytes));
      read.set(result.ids[0]!, bytes);
    }
    writing = false;
    await writer;
  });

  it("that are called what they are not are read by their bytes", async () => {
    const folder = await temporaryFolder();
    const picture = plain("teal");
    await picture.clone().png().toFile(path.join(folder, "a.png"));
    await writeFile(path.join(folder, "b.jpg"), await picture.clone().png().toBuffer());
    await writeFile(path.join(folder, "c.gif"), await picture.clone().webp({ lossless: true }).toBuffer());
    await writeFile(path.join(folder, "d.png"), "GIF89a, or so it says");
    const result = await embedImages(await filesOf(folder), { embedder: new ColourEmbedder() });
    expect(result.paths).toEqual(["a.png", "b.jpg", "c.gif"]);
    expect(row(result.vectors, 2)).toEqual(row(result.vectors, 0));
    expect(result.skipped.map(({ path: name }) => name)).toEqual(["d.png"]);
  });

  it("that move are seen by their first frame", async () => {
    const folder = await temporaryFolder();
    const frames = await Promise.all(["red", "blue"].map((colour) => plain(colour).png().toBuffer()));
    for (const format of ["gif", "webp"] as const) {
      const moving = sharp(frames, { join: { animated: true } });
      await moving.toFormat(format, { lossless: true }).toFile(path.join(folder, `moving.${format}`));
      expect((await sharp(path.join(folder, `moving.${format}`), { animated: true }).metadata()).pages).toBe(
        2,
      );
    }
    await writeFile(path.join(folder, "still.png"), frames[0]!);
    const result = await embedImages(await filesOf(folder), { embedder: new ColourEmbedder() });
    expect(result.paths).toEqual(["moving.gif", "moving.webp", "still.png"]);
    for (const i of [0, 1]) expect(row(result.vectors, i)).toEqual(row(result.vectors, 2));
  });

  it.skipIf(process.platform === "win32")(
    "with paths of nearly 4,096 bytes are embedded; longer ones are told",
    async () => {
      const folder = await temporaryFolder();
      const part = "n".repeat(200);
      // A path longer than the system takes at once is made step by step, as other programs leave them behind.
      const deepest = Math.floor((4080 - folder.length) / (part.length + 1));
      await writeFile(path.join(folder, "p.png"), await plain("olive").png().toBuffer());
      const script = `cd "$1"; for i in $(seq ${deepest + 1}); do mkdir ${part}; cp p.png ${part}/; cd ${part}; done`;
      execFileSync("bash", ["-ec", script, "bash", folder]);
      // Node cannot remove what it cannot name.
      onTestFinished(() => void execFileSync("rm", ["-rf", path.join(folder, part)]));
      const collection = await findCollection([folder], {});
      const result = await embedImages(collection.images, { embedder: new ColourEmbedder() });
      const lengths = result.paths.map((name) => Buffer.byteLength(path.join(folder, name)));
      expect(Math.max(...lengths)).toBeGreaterThan(3800);
      expect(result.paths.length).toBe(deepest + 1);
      const told = [...collection.skipped, ...result.skipped];
      expect(told.length).toBeGreaterThan(0);
      for (const { code } of told) expect(code).toBe("bad-name");
    },
  );

  it.skipIf(process.platform !== "linux")(
    "with names in any encoding are embedded where they are UTF-8, and told where they are not",
    async () => {
      const folder = await temporaryFolder();
      const picture = await plain("navy").png().toBuffer();
      const names = ["ünï.png", "u\u0308n.png", "写真 1.png", "📷.png", "tab\tline\nbreak.png", "-o.png"];
      for (const name of names) await writeFile(path.join(folder, name), picture);
      await mkdir(path.join(folder, "latin"));
      // "é.png" as an old system wrote it.
      await writeFile(
        Buffer.concat([Buffer.from(`${folder}/latin/`), Buffer.from([0xe9, 0x2e, 0x70, 0x6e, 0x67])]),
        picture,
      );
      const collection = await findCollection([folder], {});
      const result = await embedImages(collection.images, { embedder: new ColourEmbedder() });
      expect([...result.paths].sort()).toEqual([...names].sort());
      expect([...collection.skipped, ...result.skipped]).toEqual([
        {
          path: "latin/\uFFFD.png",
          code: "bad-name",
          reason: "name is not valid UTF-8: rename it",
        },
      ]);
    },
  );
});
