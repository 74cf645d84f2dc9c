import { mkdtemp, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { halvesToFloats } from "../../../src/core/math/half.ts";
import { type Matrix, matrix, normalizedRows, row, takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { blockRows, matrixSource, type VectorSource } from "../../../src/core/math/vector-source.ts";
import { exactTop } from "../../../src/core/search/exact-top.ts";
import { nearestOtherCosines } from "../../../src/core/search/image-background.ts";
import { nodeKernels } from "../../../src/node/onnx-kernels.ts";
import { NpyVectors } from "../../../src/node/vectors/npy-vectors.ts";
import { scatteredVectors } from "../../support/collections.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "npy-vectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

const isWindows = process.platform === "win32";

async function written(bytes: Uint8Array, name = "vectors.npy"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function readAll(source: VectorSource): Promise<Float32Array> {
  const data = new Float32Array(source.rows * source.cols);
  for await (const { start, points } of source.blocks()) data.set(points.data, start * source.cols);
  return data;
}

/** A float16 file as numpy writes it. */
function halvesFile(halves: Uint16Array, rows: number, cols: number): Uint8Array {
  const header = writeNpy(matrix(new Float32Array(rows * cols), rows, cols)).slice(0, 128);
  const text = new TextDecoder("latin1").decode(header).replace("<f4", "<f2");
  const end = text.indexOf("\n") + 1;
  const start = Uint8Array.from(text.slice(0, end), (char) => char.charCodeAt(0));
  return Uint8Array.from([...start, ...new Uint8Array(halves.buffer)]);
}

/** Unit vectors of which many are alike, so that answers are full of ties. */
function crowd(rows: number, cols: number, seed: number): Matrix {
  const distinct = normalizedRows(scatteredVectors(Math.max(1, rows >> 2), cols, seed));
  const rng = new Rng(seed);
  return takeRows(
    distinct,
    Int32Array.from({ length: rows }, () => rng.below(distinct.rows)),
  );
}

describe("NpyVectors", () => {
  it("gives the rows of a file of several blocks, in order and one by one", async () => {
    const cols = 4096;
    const rows = 2 * blockRows(cols) + 7;
    const points = scatteredVectors(rows, cols);
    const vectors = await NpyVectors.open(await written(writeNpy(points)));
    expect([vectors.rows, vectors.cols, vectors.dtype]).toEqual([rows, cols, "float32"]);
    expect(Buffer.from((await readAll(vectors)).buffer).equals(Buffer.from(points.data.buffer))).toBe(true);
    const wanted = [rows - 1, 0, 1, 1, 500, blockRows(cols), 3, rows - 2];
    expect(await vectors.takeRows(wanted)).toEqual(takeRows(points, wanted));
    expect((await vectors.takeRows([])).rows).toBe(0);
    // Several at once, one of which stops early.
    const both = await Promise.all([
      readAll(vectors),
      (async () => {
        for await (const { points: first } of vectors.blocks()) return row(first, 1).slice();
        return null;
      })(),
    ]);
    expect(Buffer.from(both[0].buffer).equals(Buffer.from(points.data.buffer))).toBe(true);
    expect(both[1]).toEqual(row(points, 1));
    await vectors.close();
  });

  it("widens float16 as parseNpy does", async () => {
    const halves = Uint16Array.from({ length: 12 * 4096 }, (_, i) => (i * 7919) % 0x7c00);
    const vectors = await NpyVectors.open(await written(halvesFile(halves, 4096, 12)));
    expect(vectors.dtype).toBe("float16");
    expect(await readAll(vectors)).toEqual(halvesToFloats(halves));
    expect((await vectors.takeRows([4095])).data).toEqual(halvesToFloats(halves).slice(-12));
    await vectors.close();
  });

  it.each([
    "reference",
    "native",
  ])("is searched as the matrix is, whatever the rows, ties, filter and number wanted, with %s kernels", async (name) => {
    const kernels = name === "native" ? await nodeKernels() : referenceKernels;
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 400 }),
      cols: fc.integer({ min: 1, max: 20 }),
      seed: fc.integer({ min: 1, max: 1e6 }),
      count: fc.integer({ min: 1, max: 500 }),
      keepOneIn: fc.constantFrom(1, 2, 40),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, cols, seed, count, keepOneIn }) => {
        const points = crowd(rows, cols, seed);
        const vectors = await NpyVectors.open(await written(writeNpy(points)));
        const query = row(normalizedRows(scatteredVectors(1, cols, seed + 1)), 0);
        const rng = new Rng(seed);
        const allowed =
          keepOneIn === 1
            ? undefined
            : Uint8Array.from({ length: rows }, () => (rng.below(keepOneIn) === 0 ? 1 : 0));
        const memory = matrixSource(points);
        const [ours, theirs] = [vectors, memory].map((source) =>
          exactTop(source, query, count, { kernels, allowed }),
        );
        expect(await ours).toEqual(await theirs);
        expect(await nearestOtherCosines(vectors, { kernels })).toEqual(
          await nearestOtherCosines(memory, { kernels }),
        );
        await vectors.close();
      }),
      { numRuns: 40 },
    );
  });

  it("is searched as the matrix is where blocks meet", async () => {
    const cols = 4096;
    const points = crowd(blockRows(cols) * 2 + 100, cols, 5);
    const vectors = await NpyVectors.open(await written(writeNpy(points)));
    const kernels = await nodeKernels();
    const query = row(points, 17);
    const allowed = Uint8Array.from({ length: points.rows }, (_, i) => (i % 20 === 3 ? 1 : 0));
    for (const options of [{ kernels }, { kernels, allowed }]) {
      const expected = await exactTop(matrixSource(points), query, 50, options);
      expect(await exactTop(vectors, query, 50, options)).toEqual(expected);
    }
    await vectors.close();
  });

  it("says so when the file is cut short, written to or closed while it is open", async () => {
    const bytes = writeNpy(scatteredVectors(3000, 16));
    const path = await written(bytes, "changing.npy");
    const open = (): Promise<NpyVectors> => NpyVectors.open(path);
    const cut = await open();
    await truncate(path, bytes.length - 4);
    await expect(readAll(cut)).rejects.toThrow(/changing\.npy.*bytes now/s);
    await expect(cut.takeRows([2999])).rejects.toThrow(/changing\.npy.*it ends after/s);
    await cut.close();
    await expect(open()).rejects.toThrow(/expected 192128 bytes for \(3000, 16\), found 192124 bytes/);
    await writeFile(path, bytes);
    const rewritten = await open();
    await utimes(path, 1, 1);
    await expect(readAll(rewritten)).rejects.toThrow(/it was written to/);
    await rewritten.close();
    await expect(readAll(rewritten)).rejects.toThrow(FormatError);
    await expect(rewritten.takeRows([1])).rejects.toThrow(/a file that was closed/);
  });

  it("says so when the file is cut short between two blocks, and can be left then", async () => {
    const cols = 4096;
    const bytes = writeNpy(scatteredVectors(blockRows(cols) * 4, cols));
    const path = await written(bytes, "midway.npy");
    const vectors = await NpyVectors.open(path);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { start } of vectors.blocks()) {
        seen.push(start);
        if (start === 0) await truncate(path, bytes.length >> 1);
      }
    })();
    await expect(reading).rejects.toThrow(/midway\.npy.*(it ends after|bytes now)/s);
    expect(seen[0]).toBe(0);
    expect(seen.length).toBeLessThan(4);
    await vectors.close();
  });

  it.skipIf(isWindows)("answers from the file it opened when that is deleted or replaced", async () => {
    const points = scatteredVectors(500, 8);
    const path = await written(writeNpy(points), "vanishing.npy");
    const vectors = await NpyVectors.open(path);
    await rename(await written(writeNpy(scatteredVectors(9, 8)), "other.npy"), path);
    expect(await readAll(vectors)).toEqual(points.data);
    await rm(path);
    expect(await readAll(vectors)).toEqual(points.data);
    await vectors.close();
    await expect(NpyVectors.open(path)).rejects.toThrow(/vanishing\.npy.*no such file/s);
  });

  it.each([
    ["no .npy file", new TextEncoder().encode("something else"), /\\x93NUMPY/],
    ["an empty file", new Uint8Array(0), /an empty file/],
    ["float64", writeNpy(new Float64Array(4)), /float32 or float16/],
    ["one dimension", writeNpy(new Float32Array(4)), /found float32 \(4,\)/],
    ["a cut header", writeNpy(new Float32Array(4)).slice(0, 40), /header/],
  ])("refuses %s", async (_, bytes, message) => {
    const refused = NpyVectors.open(await written(bytes, "refused.npy"));
    await expect(refused).rejects.toThrow(FormatError);
    await expect(refused).rejects.toThrow(message);
  });
});
