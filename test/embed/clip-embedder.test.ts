import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dot, type Matrix, row } from "../../src/core/math/matrix.ts";
import type { ClipEmbedder } from "../../src/embed/clip-embedder.ts";
import type { ImageDecoder, Pixels } from "../../src/embed/image-decoder.ts";
import { parsePreprocessor } from "../../src/embed/preprocess.ts";
import { loadEmbedder } from "../../src/node/load-embedder.ts";

/** Stands in for files: a seed becomes a picture of noise, the same each time. */
const noise: ImageDecoder<number> = {
  async decode(seed, request): Promise<Pixels> {
    const { width, height } = request.crop ?? (request.resize as { width: number; height: number });
    const data = new Uint8Array(width * height * 3);
    let state = seed + 1;
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      data[i] = state >>> 24;
    }
    return { data, width, height };
  },
};

const TEXTS = [
  "dog",
  "a red car in the snow",
  "cat",
  "",
  "two ships",
  "the sea at night under stars",
  "zebra",
  "sun",
];
const single = new URL("./fixtures/single-file-clip", import.meta.url).pathname;

describe.each(["mini", single])("%s", (model) => {
  let embedder: ClipEmbedder<number>;

  beforeAll(async () => {
    embedder = await loadEmbedder(model, { decoder: noise });
  });
  afterAll(() => embedder.dispose());

  test("gives float32 rows of length 1 in one space, in the order given", async () => {
    const images = await embedder.embedImages([1, 2, 3]);
    const texts = await embedder.embedTexts(TEXTS);
    expect([images.rows, images.cols, texts.rows, texts.cols]).toEqual([
      3,
      embedder.dimensions,
      8,
      embedder.dimensions,
    ]);
    for (const vectors of [images, texts]) {
      for (let i = 0; i < vectors.rows; i++) expect(dot(row(vectors, i), row(vectors, i))).toBeCloseTo(1, 5);
    }
    expect(rowOf(await embedder.embedTexts(["cat"]), 0)).toEqual(rowOf(texts, 2));
    expect(rowOf(await embedder.embedImages([3]), 0)).toEqual(rowOf(images, 2));
    expect(rowOf(images, 0)).not.toEqual(rowOf(images, 1));
  });

  test("a picture's vector is the same to the last bit whatever its companions and the batch size", async () => {
    const alone = await embedder.embedImages([7]);
    for (const batchSize of [1, 3, 5, 7, 16]) {
      const other = await loadEmbedder(model, { decoder: noise, batchSize });
      for (const place of [0, 1, 4, 10]) {
        const seeds = Array.from({ length: 11 }, (_, i) => (i === place ? 7 : 100 + i));
        expect(rowOf(await other.embedImages(seeds), place)).toEqual(rowOf(alone, 0));
      }
      await other.dispose();
    }
  });

  test("a text's vector is the same to the last bit whatever its companions", async () => {
    const all = await embedder.embedTexts(TEXTS);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(TEXTS.length - 1), { minLength: 1, maxLength: 70 }), async (picks) => {
        const some = await embedder.embedTexts(picks.map((pick) => TEXTS[pick]!));
        for (const [i, pick] of picks.entries()) expect(rowOf(some, i)).toEqual(rowOf(all, pick));
      }),
      { numRuns: 15 },
    );
  });

  test("takes nothing, and texts far beyond its limit", async () => {
    expect((await embedder.embedImages([])).rows).toBe(0);
    expect((await embedder.embedTexts([])).rows).toBe(0);
    const long = await embedder.embedTexts([`${"dog ".repeat(500)}`, `${"dog ".repeat(900)}`]);
    expect(rowOf(long, 0)).toEqual(rowOf(long, 1));
  });
});

describe("options", () => {
  test("the template goes around every text", async () => {
    const framed = await loadEmbedder("mini", { decoder: noise, promptTemplate: "a photo of a {}" });
    const plain = await loadEmbedder("mini", { decoder: noise });
    expect(framed.id).toBe(plain.id);
    expect(await framed.embedTexts(["dog"])).toEqual(await plain.embedTexts(["a photo of a dog"]));
    await framed.dispose();
    await plain.dispose();
  });

  test.each([
    [{ promptTemplate: "a photo" }, "{}"],
    [{ dtype: "fp8" }, "fp32"],
    [{ device: "abacus" }, "webgpu"],
    [{ batchSize: 0 }, "at least 1"],
  ])("%j is refused with what was expected", async (options, expected) => {
    const failure = loadEmbedder("mini", { decoder: noise, ...options });
    await expect(failure).rejects.toMatchObject({
      code: "BAD_OPTION",
      expected: expect.stringContaining(expected),
    });
  });

  test("a missing weight file is named", async () => {
    await expect(loadEmbedder("mini", { decoder: noise, dtype: "q4" })).rejects.toMatchObject({
      code: "BAD_FILE",
      message: expect.stringContaining("onnx/text_model_q4.onnx"),
    });
  });

  test("an unknown name is answered with the known ones", async () => {
    await expect(loadEmbedder("clip", { decoder: noise })).rejects.toMatchObject({
      code: "BAD_OPTION",
      expected: expect.stringContaining("clip-vit-b-32"),
    });
  });

  test("aborting ends the work with the signal's reason", async () => {
    const embedder = await loadEmbedder("mini", { decoder: noise, batchSize: 2 });
    const stop = new AbortController();
    const work = embedder.embedImages([1, 2, 3, 4, 5, 6], {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("enough")),
    });
    await expect(work).rejects.toThrow("enough");
    await embedder.dispose();
  });

  test("a failing decoder fails the call, not the process", async () => {
    const decoder: ImageDecoder<number> = {
      decode: (seed, request) =>
        seed < 0 ? Promise.reject(new Error("unreadable")) : noise.decode(seed, request),
    };
    const embedder = await loadEmbedder("mini", { decoder, batchSize: 2 });
    await expect(embedder.embedImages([1, 2, -1, 4])).rejects.toThrow("unreadable");
    await embedder.dispose();
  });
});

test("the mini model's own preprocessing is followed", async () => {
  const url = new URL("../../models/mini/preprocessor_config.json", import.meta.url);
  const embedder = await loadEmbedder("mini", { decoder: noise });
  expect(embedder.pixelRequest).toEqual(parsePreprocessor(JSON.parse(await readFile(url, "utf8"))).request);
  await embedder.dispose();
});

function rowOf(vectors: Matrix, index: number): Float32Array {
  return row(vectors, index).slice();
}
