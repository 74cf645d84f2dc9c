import { execFile } from "node:child_process";
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { ClipEmbedder } from "../../../src/embed/clip-embedder.ts";
import type { Pixels } from "../../../src/embed/image-decoder.ts";
import { EncoderPool } from "../../../src/node/encoder/encoder-pool.ts";
import { EncoderThread } from "../../../src/node/encoder/encoder-thread.ts";
import { SharpDecoder } from "../../../src/node/images/sharp-decoder.ts";
import { loadEmbedder } from "../../../src/node/load-embedder.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");

function noise(count: number): Pixels[] {
  const rng = new Rng(7);
  return Array.from({ length: count }, () => ({
    data: Uint8Array.from({ length: 32 * 32 * 3 }, () => rng.below(256)),
    width: 32,
    height: 32,
  }));
}

describe("a model on threads of its own", () => {
  let here: ClipEmbedder<Uint8Array>;
  let away: ClipEmbedder<Uint8Array>;
  let pool: EncoderPool;

  beforeAll(async () => {
    const decoder = new SharpDecoder();
    here = await loadEmbedder("mini", { decoder });
    away = await loadEmbedder("mini", {
      decoder,
      loadEncoder: async (source, options) => {
        pool = await EncoderPool.load(source, options);
        return pool;
      },
    });
  });
  afterAll(async () => {
    await here.dispose();
    await away.dispose();
  });

  it("gives the same vectors to the last bit as on the thread that asks, of pictures and of texts", async () => {
    const pixels = noise(21);
    expect(await away.embedPixels(pixels)).toEqual(await here.embedPixels(pixels));
    const texts = ["a dog", "red", "a photo of a mountain", ""];
    expect(await away.embedTexts(texts)).toEqual(await here.embedTexts(texts));
    expect([away.dimensions, away.id]).toEqual([here.dimensions, here.id]);
  });

  it("loads its towers once for an arrangement that it has: a trial of two batch sizes loaded them three times", async () => {
    const load = vi.spyOn(EncoderThread, "loadImages");
    for (let turn = 0; turn < 3; turn++) await pool.arrange({ sessions: 2, threads: 1 });
    expect(load).toHaveBeenCalledTimes(2);
    await pool.arrange({ sessions: 1, threads: 2 });
    await pool.arrange({ sessions: 2, threads: 1 });
    expect(load).toHaveBeenCalledTimes(4);
    load.mockRestore();
  });

  it("gives the same vectors to the last bit in every arrangement and batch size", async () => {
    const pixels = noise(40);
    const expected = await here.embedPixels(pixels);
    for (const arrangement of [
      { sessions: 2, threads: 1 },
      { sessions: 3, threads: 2 },
      { sessions: 1, threads: 1 },
    ]) {
      await pool.arrange(arrangement);
      for (const batch of [2, 8, 16]) expect(await away.embedPixels(pixels, batch)).toEqual(expected);
    }
  });

  it("answers other work while it computes", async () => {
    const pending = away.embedPixels(noise(400));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await pending;
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it("throws what loading throws: class, code and parts", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "conceptmodel-"));
    await cp(path.join(PROJECT, "models/mini"), folder, { recursive: true });
    await writeFile(path.join(folder, "onnx/vision_model.onnx"), "no graph");
    const load = (loadEncoder?: typeof EncoderPool.load) =>
      loadEmbedder(folder, { decoder: new SharpDecoder(), loadEncoder }).then(
        () => undefined,
        (error: unknown) => error,
      );
    const [thrown, expected] = [await load(EncoderPool.load), await load()];
    expect(thrown).toBeInstanceOf(FormatError);
    const parts = ({ name, code, message, found }: FormatError) => ({ name, code, message, found });
    expect(parts(thrown as FormatError)).toEqual(parts(expected as FormatError));
    expect((thrown as FormatError).code).toBe("BAD_MODEL");
  });

  it("does not keep a program from ending that forgets to close it", async () => {
    const program = `
      const { openFileEmbedder } = await import(${JSON.stringify(path.join(PROJECT, "dist/node/index.js"))});
      const embedder = await openFileEmbedder("mini", { cache: process.argv[1] });
      const vectors = await embedder.embedTexts(["dog"]);
      console.log(vectors.cols);`;
    const cache = await mkdtemp(path.join(tmpdir(), "conceptmodel-"));
    const words = ["--input-type=module", "-e", program, cache];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 100_000 });
    expect(stdout).toBe("128\n");
  });
});
