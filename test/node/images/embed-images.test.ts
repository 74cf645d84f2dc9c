import { copyFile, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Matrix, row, zeros } from "../../../src/core/math/matrix.ts";
import type { Pixels } from "../../../src/embed/image-decoder.ts";
import { EmbeddingCache } from "../../../src/node/cache/embedding-cache.ts";
import { type EmbedProgress, embedImages } from "../../../src/node/images/embed-images.ts";
import { embedTexts } from "../../../src/node/images/embed-texts.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import {
  ColourEmbedder,
  temporaryFolder,
  writeHugePicture,
  writePictures,
  writeTruncatedPicture,
} from "./pictures.ts";

async function openCache(root: string, embedder = new ColourEmbedder()): Promise<EmbeddingCache> {
  return EmbeddingCache.open({ root, embedderId: embedder.id, dimensions: embedder.dimensions });
}

describe("embedImages", () => {
  it("embeds in path order, in batches, and lists every bad file with its reason", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 20);
    await writeFile(path.join(folder, "005-empty.jpg"), "");
    await writeFile(path.join(folder, "006-text.png"), "just text");
    await writeTruncatedPicture(path.join(folder, "007-half.jpg"));
    await writeHugePicture(path.join(folder, "008-huge.png"));
    await symlink("/proc/self/mem", path.join(folder, "009-unreadable.png"));
    const { images } = await findCollection(folder, {});
    const gone = { path: "zzz-gone.png", location: path.join(folder, "zzz-gone.png") };
    const embedder = new ColourEmbedder();
    const steps: EmbedProgress[] = [];
    const result = await embedImages([...images, gone], {
      embedder,
      batchSize: 6,
      onProgress: (step) => steps.push(step),
    });
    expect(result.paths).toEqual(images.map((image) => image.path).filter((name) => /^\d+\.png$/.test(name)));
    expect(result.vectors.rows).toBe(20);
    expect([result.embedded, result.cached]).toEqual([20, 0]);
    expect(embedder.batches).toEqual([6, 6, 6, 2]);
    expect(result.bytes[3]).toBe((await readFile(path.join(folder, "003.png"))).length);
    expect(new Set(result.ids).size).toBe(20);
    expect(result.skipped.map(({ path: name, reason }) => [name, reason.replace(/: .*/, "")])).toEqual([
      ["005-empty.jpg", "empty file"],
      ["006-text.png", "not a picture (text?)"],
      ["007-half.jpg", "truncated"],
      ["008-huge.png", "20000 x 20000 pixels exceed the limit of 268 megapixels"],
      ["009-unreadable.png", expect.any(String)],
      ["zzz-gone.png", "file not found"],
    ]);
    const bytes = result.bytes.reduce((sum, size) => sum + size, 0);
    expect(steps.at(-1)).toEqual({ done: 26, total: 26, embedded: 20, cached: 0, skipped: 6, bytes });
  });

  it("embeds equal content once, and gives equal bad files the same reason", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 4);
    await copyFile(path.join(folder, "001.png"), path.join(folder, "zzz.png"));
    await copyFile(path.join(folder, "001.png"), path.join(folder, "0.png"));
    await writeFile(path.join(folder, "a.png"), "text");
    await writeFile(path.join(folder, "b.png"), "text");
    const { images } = await findCollection(folder, {});
    const result = await embedImages(images, { embedder: new ColourEmbedder() });
    expect([result.embedded, result.cached]).toEqual([4, 2]);
    const rowsOf = ["0.png", "001.png", "zzz.png"].map((name) =>
      row(result.vectors, result.paths.indexOf(name)),
    );
    expect(rowsOf[0]).toEqual(rowsOf[1]);
    expect(rowsOf[1]).toEqual(rowsOf[2]);
    expect(result.skipped.map(({ reason }) => reason)).toEqual([
      "not a picture (text?)",
      "not a picture (text?)",
    ]);
  });

  it("takes known pictures from the cache, whatever they are called now", async () => {
    const folder = await temporaryFolder();
    const root = await temporaryFolder();
    await writePictures(folder, 10);
    const first = await openCache(root);
    const calm = await embedImages((await findCollection(folder, {})).images, {
      embedder: new ColourEmbedder(),
      cache: first,
    });
    await first.close();
    await copyFile(path.join(folder, "004.png"), path.join(folder, "new name.png"));
    await rm(path.join(folder, "004.png"));
    const second = await openCache(root);
    const again = await embedImages((await findCollection(folder, {})).images, {
      embedder: new ColourEmbedder(),
      cache: second,
    });
    await second.close();
    expect([again.embedded, again.cached]).toEqual([0, 10]);
    expect(row(again.vectors, 9)).toEqual(row(calm.vectors, 4));
    expect(again.ids[9]).toBe(calm.ids[4]);
  });

  it("computes again what flipped bits have damaged in the cache", async () => {
    const folder = await temporaryFolder();
    const root = await temporaryFolder();
    await writePictures(folder, 8);
    const { images } = await findCollection(folder, {});
    const first = await openCache(root);
    const calm = await embedImages(images, { embedder: new ColourEmbedder(), cache: first });
    await first.close();
    const segments = (await readdir(first.folder)).filter((name) => name.endsWith(".vectors"));
    expect(segments).toHaveLength(1);
    const file = path.join(first.folder, segments[0]!);
    const bytes = await readFile(file);
    bytes[64 + 3 * 228 + 100]! ^= 0x10;
    await writeFile(file, bytes);
    const second = await openCache(root);
    expect(second.stats.damagedRecords).toBe(1);
    const again = await embedImages(images, { embedder: new ColourEmbedder(), cache: second });
    await second.close();
    expect([again.embedded, again.cached]).toEqual([1, 7]);
    expect(again.vectors).toEqual(calm.vectors);
  });

  it("skips a picture for which the model gives no number, and does not cache it", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 3);
    class Overflowing extends ColourEmbedder {
      override async embedPixels(pixels: readonly Pixels[]): Promise<Matrix> {
        const vectors = await super.embedPixels(pixels);
        vectors.data[this.dimensions] = Number.NaN;
        return vectors;
      }
    }
    const cache = await openCache(await temporaryFolder());
    const { images } = await findCollection(folder, {});
    const result = await embedImages(images, { embedder: new Overflowing(), cache });
    expect(result.paths).toEqual(["000.png", "002.png"]);
    expect(result.skipped).toEqual([
      { path: "001.png", code: "no-vector", reason: "the model gave no finite vector" },
    ]);
    expect(cache.stats.appended).toBe(2);
    await cache.close();
  });

  it("keeps few pictures in memory while the model is slow", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 60);
    let decoding = 0;
    let most = 0;
    let embedded = 0;
    const embedder = new ColourEmbedder();
    const slow = {
      id: embedder.id,
      dimensions: embedder.dimensions,
      pixelRequest: embedder.pixelRequest,
      embedPixels: async (pixels: readonly Pixels[]): Promise<Matrix> => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        most = Math.max(most, decoding - embedded);
        embedded += pixels.length;
        return zeros(pixels.length, embedder.dimensions);
      },
    };
    const decoder = {
      id: "counting",
      decode: async (): Promise<Pixels> => {
        decoding++;
        return { data: new Uint8Array(48), width: 4, height: 4 };
      },
    };
    const { images } = await findCollection(folder, {});
    await embedImages(images, { embedder: slow, decoder, batchSize: 4, concurrency: 2 });
    // Two batches in work, one that waits to be placed, one coming together, the decoders; and it does run ahead.
    expect(most).toBeLessThanOrEqual(3 * 4 + 4 + 2 + 1);
    expect(most).toBeGreaterThan(4);
  });

  it("stops when aborted, keeps what is saved, passes on the embedder's errors", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, 12);
    const { images } = await findCollection(folder, {});
    const cache = await openCache(await temporaryFolder());
    const abort = new AbortController();
    const embedder = new ColourEmbedder();
    const aborted = embedImages(images, {
      embedder,
      cache,
      batchSize: 4,
      signal: abort.signal,
      onProgress: () => abort.abort(new Error("enough")),
    });
    await expect(aborted).rejects.toThrow("enough");
    expect(cache.stats.appended).toBe(4);
    await cache.close();
    const broken = Object.assign(new ColourEmbedder(), {
      embedPixels: () => Promise.reject(new Error("no memory")),
    });
    await expect(embedImages(images, { embedder: broken })).rejects.toThrow("no memory");
  });

  it("answers an empty list with an empty matrix", async () => {
    const result = await embedImages([], { embedder: new ColourEmbedder() });
    expect([result.vectors.rows, result.vectors.cols, result.skipped.length]).toEqual([0, 48, 0]);
  });
});

describe("embedTexts", () => {
  /** Letters counted: a text embedder small enough to check by eye. */
  function letterEmbedder() {
    const asked: string[][] = [];
    return {
      id: "letters",
      dimensions: 26,
      asked,
      embedTexts: async (texts: readonly string[]): Promise<Matrix> => {
        asked.push([...texts]);
        const vectors = zeros(texts.length, 26);
        texts.forEach((text, i) => {
          for (const letter of text) vectors.data[i * 26 + letter.charCodeAt(0) - 97]! += 1;
        });
        return vectors;
      },
    };
  }

  it("embeds each text once, in batches by length, through the cache", async () => {
    const root = await temporaryFolder();
    const embedder = letterEmbedder();
    const open = () => EmbeddingCache.open({ root, embedderId: embedder.id, dimensions: 26 });
    let cache = await open();
    const texts = ["ccc", "a", "bb", "a", "dddd", "aa"];
    const vectors = await embedTexts(texts, { embedder, cache, batchSize: 2 });
    await cache.close();
    expect(embedder.asked).toEqual([["a", "aa"], ["bb", "ccc"], ["dddd"]]);
    expect(vectors).toEqual(await letterEmbedder().embedTexts(texts));
    cache = await open();
    expect(await embedTexts([...texts, "e"], { embedder, cache })).toEqual(
      await letterEmbedder().embedTexts([...texts, "e"]),
    );
    await cache.close();
    expect(embedder.asked.slice(3)).toEqual([["e"]]);
  });

  it("keeps the vectors of different templates apart", async () => {
    const cache = await EmbeddingCache.open({
      root: await temporaryFolder(),
      embedderId: "letters",
      dimensions: 26,
    });
    const plain = await embedTexts(["a"], { embedder: letterEmbedder(), cache });
    const filled = { ...letterEmbedder(), promptTemplate: "z{}z" };
    const embedTextsFilled = (texts: readonly string[]) =>
      filled.embedTexts(texts.map((text) => `z${text}z`));
    const other = await embedTexts(["a"], { embedder: { ...filled, embedTexts: embedTextsFilled }, cache });
    await cache.close();
    expect([plain.data[25], other.data[25]]).toEqual([0, 2]);
  });

  it("works without a cache and on nothing", async () => {
    expect((await embedTexts([], { embedder: letterEmbedder() })).rows).toBe(0);
    expect((await embedTexts(["ab"], { embedder: letterEmbedder() })).data[1]).toBe(1);
  });
});
