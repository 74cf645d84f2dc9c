import { spawn } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import { DecoderPool } from "../../../src/node/decoder/decoder-pool.ts";
import { type Frame, FrameReader, frameParts } from "../../../src/node/decoder/frames.ts";
import { embedImages } from "../../../src/node/images/embed-images.ts";
import { SharpDecoder } from "../../../src/node/images/sharp-decoder.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { ColourEmbedder, temporaryFolder, writePictures } from "../images/pictures.ts";

const FAULTY = path.join(import.meta.dirname, "faulty-decoder.mjs");
const POOL = path.resolve(import.meta.dirname, "../../../dist/node/decoder/decoder-pool.js");
const request = {
  resize: { shortestEdge: 24 },
  resample: "bicubic",
  crop: { width: 24, height: 24 },
} as const;

let pools: DecoderPool[] = [];
function openPool(options: ConstructorParameters<typeof DecoderPool>[0] = {}): DecoderPool {
  const pool = new DecoderPool(options);
  pools.push(pool);
  return pool;
}
afterEach(() => {
  for (const pool of pools) pool.close();
  pools = [];
});

describe("frames", () => {
  it("come out as they went in, however the pipe cuts them", () => {
    const frame = fc.record({ head: fc.jsonValue(), body: fc.uint8Array({ maxLength: 300 }) });
    const check = fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 200 })), (frames, cuts) => {
      const stream = Buffer.concat(frames.flatMap((one) => [...frameParts(one)]));
      const read: Frame[] = [];
      const reader = new FrameReader((one) => read.push(one));
      for (let at = 0, i = 0; at < stream.length; i++) {
        const length = cuts[i % cuts.length] ?? stream.length;
        reader.push(stream.subarray(at, at + length));
        at += length;
      }
      expect(read.map(({ head }) => JSON.stringify(head))).toEqual(
        frames.map(({ head }) => JSON.stringify(head)),
      );
      expect(read.map(({ body }) => [...body])).toEqual(frames.map(({ body }) => [...body]));
    });
    fc.assert(check, { numRuns: 200 });
  });
});

describe("decoders in processes of their own", () => {
  it("give the same pixels and the same reasons as in this process", async () => {
    const picture = sharp({ create: { width: 90, height: 60, channels: 4, background: "#3a7b" } });
    const noise = { type: "gaussian", mean: 120, sigma: 60 } as const;
    const scene = sharp({ create: { width: 700, height: 500, channels: 3, background: "#000", noise } });
    const jpeg = await scene.jpeg().toBuffer();
    const files = [
      await picture.clone().png().toBuffer(),
      await picture.clone().webp().toBuffer(),
      jpeg,
      jpeg.subarray(0, 9000),
      Buffer.from(""),
      Buffer.from("just text"),
    ];
    const [pool, own] = [openPool(), new SharpDecoder()];
    expect(pool.id).toBe(own.id);
    for (const file of files) {
      const outcome = (decoder: DecoderPool | SharpDecoder) =>
        decoder.decode(file, request).then(
          ({ data, width, height }) => ({ pixels: Buffer.from(data).toString("hex"), width, height }),
          ({ skipCode, message }) => ({ skipCode, message }),
        );
      expect(await outcome(pool)).toEqual(await outcome(own));
    }
  });

  it("a picture on which the decoder crashes or hangs is tried twice, then listed, and the others are embedded", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 12);
    const mark = (name: string, wish: string) => appendFile(path.join(folder, name), `!${wish}!`);
    const note = path.join(await temporaryFolder(), "crashed");
    await mark("003.png", "crash:");
    await mark("005.png", "hang:");
    await mark("008.png", `crash-once:${note}`);
    const { images } = await findCollection([folder], {});
    const decoder = openPool({ processes: 2, timeLimit: 8000, program: FAULTY });
    const result = await embedImages(images, { embedder: new ColourEmbedder(), decoder, batchSize: 4 });
    expect(result.skipped).toEqual([
      { path: "003.png", code: "decoder-crash", reason: "the decoder ended with SIGSEGV, twice" },
      { path: "005.png", code: "decoder-timeout", reason: "decoding took longer than 8 s, twice" },
    ]);
    expect(result.embedded).toBe(10);
    expect(await readFile(note, "utf8")).toBe("");
    // What crashed once has the vector it would have had.
    const calm = await embedImages(images, { embedder: new ColourEmbedder() });
    const at = (paths: readonly string[]) => 48 * paths.indexOf("008.png");
    expect(result.vectors.data.subarray(at(result.paths), at(result.paths) + 48)).toEqual(
      calm.vectors.data.subarray(at(calm.paths), at(calm.paths) + 48),
    );
  });

  it("read what a picture says of itself, and nothing where that brings them down", async () => {
    const said = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
      .withExif({ IFD0: { Model: "X100" } })
      .png()
      .toBuffer();
    expect(await openPool().describe(said)).toEqual({ camera: "X100", keywords: [] });
    expect(await openPool().describe(Buffer.from("no picture"))).toEqual({ keywords: [] });
    const crashing = openPool({ processes: 1, program: FAULTY });
    expect(await crashing.describe(Buffer.concat([said, Buffer.from("!crash:!")]))).toEqual({ keywords: [] });
  });

  it("give up a process that never starts: decoding waited for ever", async () => {
    const program = path.join(await temporaryFolder(), "silent.mjs");
    await writeFile(program, "setInterval(() => 0, 1000)");
    const decoding = openPool({ processes: 1, timeLimit: 300, program }).decode(new Uint8Array(9), request);
    await expect(decoding).rejects.toThrow("starting the decoder took longer than 0.3 s, twice");
  });

  it("ends with a signal's reason while a picture hangs, and closes what hangs", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 2);
    const picture = path.join(folder, "001.png");
    await appendFile(picture, "!hang:!");
    const pool = openPool({ processes: 1, program: FAULTY });
    const abort = new AbortController();
    const decoding = pool.decode(await readFile(picture), request, abort.signal);
    await setTimeout(50);
    abort.abort(new Error("enough"));
    pool.close();
    await expect(decoding).rejects.toThrow("enough");
  });

  it("does not outlive a process that is killed", async () => {
    const file = path.join(await temporaryFolder(), "picture.png");
    await writeFile(
      file,
      await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
    );
    const program = `
      const { DecoderPool } = await import(${JSON.stringify(POOL)});
      const { readFileSync, readdirSync } = await import("node:fs");
      const pool = new DecoderPool();
      await pool.decode(readFileSync(${JSON.stringify(file)}), ${JSON.stringify(request)});
      setInterval(() => 0, 1000);
      const own = readdirSync("/proc").filter((id) => /^\\d+$/.test(id)).filter((id) => {
        try { return new RegExp("PPid:\\\\s" + process.pid + "\\n").test(readFileSync("/proc/" + id + "/status", "utf8")); } catch { return false; }
      });
      console.log(own.join(" "));`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", program]);
    const line: string = await new Promise((resolve) =>
      parent.stdout.once("data", (text) => resolve(String(text))),
    );
    const ids = line.trim().split(" ").map(Number);
    expect(ids).toHaveLength(1);
    parent.kill("SIGKILL");
    const lives = (id: number) => {
      try {
        process.kill(id, 0);
        return true;
      } catch {
        return false;
      }
    };
    while (ids.some(lives)) await setTimeout(20);
  });
});
