import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Matrix, matrix, row } from "../../../src/core/math/matrix.ts";
import { imageKey, textKey } from "../../../src/node/cache/cache-key.ts";
import { defaultCacheRoot } from "../../../src/node/cache/cache-root.ts";
import { EmbeddingCache } from "../../../src/node/cache/embedding-cache.ts";
import { tinyDisk } from "../../support/tiny-disk.ts";

const DIMENSIONS = 6;
const RECORD = 32 + 4 * DIMENSIONS + 4;

async function temporaryRoot(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "conceptmodel-cache-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

const open = (root: string, embedderId = "test/model") =>
  EmbeddingCache.open({ root, embedderId, dimensions: DIMENSIONS });
const keysOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => textKey(`${from + i}`));

function vectorsOf(from: number, count: number): Matrix {
  const values = Array.from({ length: count * DIMENSIONS }, (_, i) => Math.sin(from * DIMENSIONS + i));
  return matrix(Float32Array.from(values), count, DIMENSIONS);
}

async function filled(root: string, from: number, count: number): Promise<string> {
  const cache = await open(root);
  await cache.append(keysOf(from, count), vectorsOf(from, count));
  await cache.close();
  const segments = (await readdir(cache.folder)).filter((name) => name.endsWith(".vectors")).sort();
  return path.join(cache.folder, segments.at(-1)!);
}

describe("EmbeddingCache", () => {
  it("gives back what was stored, in the order asked, in this run and the next", async () => {
    const root = await temporaryRoot();
    const first = await open(root);
    await Promise.all([
      first.append(keysOf(0, 3), vectorsOf(0, 3)),
      first.append(keysOf(3, 4000), vectorsOf(3, 4000)),
    ]);
    const asked = [textKey("7"), textKey("unknown"), textKey("0"), textKey("4002")];
    const expected = [7, 0, 4002].map((n) => row(vectorsOf(n, 1), 0));
    for (const cache of [first, await open(root)]) {
      const { found, missing, vectors } = await cache.get(asked);
      expect([[...found], [...missing]]).toEqual([[0, 2, 3], [1]]);
      expect([0, 1, 2].map((i) => row(vectors, i))).toEqual(expected);
      expect(cache.stats).toMatchObject({
        records: 4003,
        segments: 1,
        hits: 3,
        misses: 1,
        damagedRecords: 0,
      });
      await cache.close();
    }
    expect(await readdir(first.folder)).toHaveLength(2);
  });

  it("keeps models, and pictures and texts, apart", async () => {
    const root = await temporaryRoot();
    await filled(root, 0, 5);
    const other = await open(root, "test/other");
    expect((await other.get(keysOf(0, 5))).found.length).toBe(0);
    const hash = Buffer.from("a".repeat(32)).toString("hex");
    const keys = [
      imageKey(hash, "d"),
      imageKey(hash, "e"),
      textKey("a".repeat(32)),
      textKey(`d\0${"a".repeat(32)}`),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(4);
    await other.close();
  });

  it("shares a folder between writers open at the same time", async () => {
    const root = await temporaryRoot();
    const [one, two] = [await open(root), await open(root)];
    for (let i = 0; i < 10; i++) {
      await Promise.all([
        one.append(keysOf(i * 4, 4), vectorsOf(i * 4, 4)),
        two.append(keysOf(i * 4 + 2, 4), vectorsOf(i * 4 + 2, 4)),
      ]);
    }
    await Promise.all([one.close(), two.close()]);
    const cache = await open(root);
    expect((await cache.get(keysOf(0, 42))).vectors).toEqual(vectorsOf(0, 42));
    expect(cache.stats).toMatchObject({ records: 42, segments: 2, damagedRecords: 0, tornBytes: 0 });
    await cache.close();
  });

  it("ignores a torn tail and the records that flipped bits have damaged", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 10);
    const bytes = await readFile(segment);
    bytes[64 + 2 * RECORD]! ^= 1; // a key
    bytes[64 + 5 * RECORD + 40]! ^= 0x80; // a vector
    bytes[64 + 7 * RECORD - 1]! ^= 4; // a checksum
    await writeFile(segment, bytes);
    await truncate(segment, bytes.length - 5);
    const cache = await open(root);
    expect(cache.stats).toMatchObject({ records: 6, damagedRecords: 3, tornBytes: RECORD - 5 });
    const { found, missing } = await cache.get(keysOf(0, 10));
    expect([...found]).toEqual([0, 1, 3, 4, 7, 8]);
    await cache.append(
      Array.from(missing, (i) => textKey(`${i}`)),
      matrix(
        Float32Array.from([...missing].flatMap((i) => [...vectorsOf(i, 1).data])),
        missing.length,
        DIMENSIONS,
      ),
    );
    await cache.close();
    const again = await open(root);
    expect((await again.get(keysOf(0, 10))).vectors).toEqual(vectorsOf(0, 10));
    await again.close();
  });

  it("does not believe a record damaged after it was opened, and replaces it", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 3);
    const cache = await open(root);
    const bytes = await readFile(segment);
    bytes[64 + RECORD + 50]! ^= 2;
    await writeFile(segment, bytes);
    expect([...(await cache.get(keysOf(0, 3))).missing]).toEqual([1]);
    await cache.append(keysOf(1, 1), vectorsOf(1, 1));
    expect((await cache.get(keysOf(0, 3))).vectors).toEqual(vectorsOf(0, 3));
    await cache.close();
  });

  it("treats a segment deleted while in use as missing", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 3);
    const cache = await open(root);
    await rm(segment);
    expect((await cache.get(keysOf(0, 3))).missing.length).toBe(3);
    await cache.close();
  });

  it("reads more segments than it keeps open", async () => {
    const root = await temporaryRoot();
    for (let i = 0; i < 70; i++) await filled(root, i, 1);
    const cache = await open(root);
    expect((await cache.get(keysOf(0, 70))).vectors).toEqual(vectorsOf(0, 70));
    expect((await cache.get(keysOf(0, 70))).vectors).toEqual(vectorsOf(0, 70));
    await cache.close();
  });

  it("never crashes on garbage in place of segments, nor believes it", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 4);
    const good = await readFile(segment);
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([good.subarray(0, 64), bytes])),
      fc
        .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 5 })
        .map((edits) => {
          const bytes = Buffer.from(good);
          for (const [at, flip] of edits) bytes[at]! ^= flip;
          return bytes;
        }),
    );
    await fc.assert(
      fc.asyncProperty(garbage, fc.nat(good.length), async (bytes, keep) => {
        await writeFile(segment, bytes.subarray(0, Math.max(keep, bytes.length >> 1)));
        const cache = await open(root);
        const { found, vectors } = await cache.get(keysOf(0, 4));
        found.forEach((key, i) => {
          expect(row(vectors, i)).toEqual(row(vectorsOf(key, 1), 0));
        });
        await cache.close();
      }),
      { numRuns: 200 },
    );
  });

  it("skips folders and links called like segments, and other models' segments", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 2);
    const folder = path.dirname(segment);
    const foreign = await open(root, "test/other");
    await foreign.append(keysOf(0, 2), vectorsOf(5, 2));
    await foreign.close();
    const foreignFile = (await readdir(foreign.folder)).find((name) => name.endsWith(".vectors"))!;
    await writeFile(path.join(folder, "0.vectors"), await readFile(path.join(foreign.folder, foreignFile)));
    await mkdir(path.join(folder, "1.vectors"));
    await symlink("/dev/zero", path.join(folder, "2.vectors"));
    const cache = await open(root);
    expect(cache.stats).toMatchObject({ records: 2, segments: 2, ignoredSegments: 1 });
    expect((await cache.get(keysOf(0, 2))).vectors).toEqual(vectorsOf(0, 2));
    await cache.close();
  });

  it("refuses a folder of other dimensions or with a damaged label, and says what to do", async () => {
    const root = await temporaryRoot();
    const segment = await filled(root, 0, 1);
    const narrow = EmbeddingCache.open({ root, embedderId: "test/model", dimensions: 5 });
    await expect(narrow).rejects.toThrow(/expected dimensions 5, found 6.\nDelete the folder/);
    for (const label of ["", "{", "[]", "null", '"x"', "x".repeat(100_000)]) {
      await writeFile(path.join(path.dirname(segment), "cache.json"), label);
      await expect(open(root)).rejects.toThrow("does not fit the model");
    }
  });

  it("refuses vectors of a wrong shape, and values that are no numbers", async () => {
    const cache = await open(await temporaryRoot());
    expect(() => cache.append(keysOf(0, 2), vectorsOf(0, 1))).toThrow("do not fit");
    expect(() => cache.append([new Uint8Array(31)], vectorsOf(0, 1))).toThrow("32 bytes");
    const poisoned = matrix(new Float32Array(DIMENSIONS).fill(Number.NaN), 1, DIMENSIONS);
    expect(() => cache.append(keysOf(0, 1), poisoned)).toThrow("finite");
    await cache.close();
    await expect(cache.get([])).rejects.toThrow("closed");
    await expect(
      EmbeddingCache.open({ root: await temporaryRoot(), embedderId: "x", dimensions: Number.NaN }),
    ).rejects.toThrow("positive integer");
  });

  it("says so when the root cannot be written", async () => {
    const root = await temporaryRoot();
    await appendFile(path.join(root, "file"), "");
    await expect(open(path.join(root, "file"))).rejects.toThrow(/cannot be written.*\n.*CONCEPT_CACHE/);
    await expect(open("/proc/nowhere")).rejects.toThrow(/cannot be written/);
  });
});

const disk = tinyDisk("128k");

describe("EmbeddingCache on a full disk", () => {
  it.skipIf(disk === undefined)("says so, keeps what was whole, and goes on when there is room", async () => {
    const root = disk!;
    const ballast = path.join(root, "ballast");
    await writeFile(ballast, Buffer.alloc(64 << 10));
    const cache = await open(root);
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await cache.append(keysOf(stored, 50), vectorsOf(stored, 50));
        stored += 50;
      }
    };
    await expect(fill()).rejects.toThrow(
      /cache cannot be written: found the disk is full.*\n.*free some space/,
    );
    expect(stored).toBeGreaterThan(100);
    expect((await cache.get(keysOf(0, stored))).vectors).toEqual(vectorsOf(0, stored));
    await rm(ballast);
    await cache.append(keysOf(stored, 50), vectorsOf(stored, 50));
    await cache.close();
    const again = await open(root);
    expect((await again.get(keysOf(0, stored + 50))).vectors).toEqual(vectorsOf(0, stored + 50));
    expect(again.stats.damagedRecords).toBe(0);
    await again.close();
  });
});

describe("defaultCacheRoot", () => {
  it("asks CONCEPT_CACHE, then XDG_CACHE_HOME, then the home folder", () => {
    expect(defaultCacheRoot({ CONCEPT_CACHE: "/a", XDG_CACHE_HOME: "/b" }, "/home/x")).toBe("/a");
    expect(defaultCacheRoot({ CONCEPT_CACHE: "", XDG_CACHE_HOME: "/b" }, "/home/x")).toBe("/b/conceptmodel");
    expect(defaultCacheRoot({ XDG_CACHE_HOME: "b" }, "/home/x")).toBe("/home/x/.cache/conceptmodel");
  });
});
