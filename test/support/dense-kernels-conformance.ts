import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import type { ByteMatrix, DenseKernels, TopK } from "../../src/core/math/kernels.ts";
import { dot, type Matrix, matrix, row, zeros } from "../../src/core/math/matrix.ts";
import { Rng } from "../../src/core/math/rng.ts";

/** What every `DenseKernels` promises. Small integers make float32 sums exact in any order, so ties are real ties. */
export function describeDenseKernels(name: string, open: () => Promise<DenseKernels>): void {
  describe(`dense kernels: ${name}`, () => {
    it("finds the largest inner products of any shape, ties to the lower index, best first", async () => {
      const kernels = await open();
      await fc.assert(
        fc.asyncProperty(searches, async ({ seed, rows, cols, queries, share, biased }) => {
          const rng = new Rng(seed);
          const points = integers(rng, rows, cols);
          const bias = biased ? integers(rng, rows, 1).data : undefined;
          const asked = integers(rng, queries, cols);
          const k = Math.round(share * rows);
          expect(plain(await find(kernels, points, asked, k, bias))).toEqual(
            plain(bySorting(points, asked, k, bias)),
          );
        }),
        { numRuns: 60 },
      );
    });

    it("ranks real-valued scores and stays within float32 rounding of them", async () => {
      const rng = new Rng(5);
      const points = uniform(rng, 301, 67);
      const asked = uniform(rng, 40, 67);
      const found = await find(await open(), points, asked, 12);
      const exact = bySorting(points, asked, 12);
      expect(found.indices).toEqual(exact.indices);
      for (let i = 0; i < exact.scores.length; i++) expect(found.scores[i]).toBeCloseTo(exact.scores[i]!, 5);
    });

    it("gives all products of any shape, row by row, and leaves what is behind them alone", async () => {
      const kernels = await open();
      await fc.assert(
        fc.asyncProperty(searches, async ({ seed, rows, cols, queries }) => {
          const rng = new Rng(seed);
          const points = integers(rng, rows, cols);
          const asked = integers(rng, queries, cols);
          const products = new Float32Array(queries * rows + 3).fill(7);
          await kernels.productsInto(products, points, asked);
          const expected = [];
          for (let query = 0; query < queries; query++) {
            for (let i = 0; i < rows; i++) expected.push(dot(row(points, i), row(asked, query)));
          }
          expect(Array.from(products)).toEqual([...expected, 7, 7, 7].map((value) => value + 0));
        }),
        { numRuns: 60 },
      );
      const short = kernels.productsInto(new Float32Array(5), zeros(3, 2), zeros(2, 2));
      await expect(short).rejects.toThrow(InputError);
      const narrow = kernels.productsInto(new Float32Array(6), zeros(3, 2), zeros(2, 1));
      await expect(narrow).rejects.toThrow(InputError);
    });

    it("lists equal points in index order", async () => {
      const points = matrix(new Float32Array(700 * 3).fill(2), 700, 3);
      const found = await find(await open(), points, matrix(Float32Array.of(1, 2, 3), 1, 3), 9);
      expect([...found.indices]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect([...found.scores]).toEqual(new Array(9).fill(12));
    });

    it("answers nothing asked with nothing", async () => {
      const kernels = await open();
      expect((await find(kernels, zeros(3, 2), zeros(0, 2), 2)).indices).toHaveLength(0);
      expect((await find(kernels, zeros(3, 2), zeros(4, 2), 0)).indices).toHaveLength(0);
      expect((await find(kernels, zeros(0, 2), zeros(4, 2), 0)).scores).toHaveLength(0);
    });

    it("refuses what does not fit", async () => {
      const kernels = await open();
      await expect(find(kernels, zeros(3, 2), zeros(1, 3), 1)).rejects.toThrow(InputError);
      await expect(find(kernels, zeros(3, 2), zeros(1, 2), 4)).rejects.toThrow(/0 to 3/);
      await expect(find(kernels, zeros(3, 2), zeros(1, 2), 1.5)).rejects.toThrow(InputError);
      await expect(find(kernels, zeros(3, 2), zeros(1, 2), 1, new Float32Array(2))).rejects.toThrow(/bias/);
    });

    it("multiplies bytes exactly, whatever the shape", async () => {
      const kernels = await open();
      await fc.assert(
        fc.asyncProperty(byteShapes, async ({ seed, rows, cols, queries, extreme }) => {
          const rng = new Rng(seed);
          const draw = extreme ? () => (rng.below(2) === 0 ? 0 : 255) : () => rng.below(256);
          const points = bytes(rows, cols, draw);
          const asked = bytes(queries, cols, draw);
          const target = new Int32Array(queries * rows + 1).fill(7);
          await kernels.byteBlock(points).productsInto(target, asked);
          const expected = signedRows(asked).flatMap((query) =>
            signedRows(points).map((point) => query.reduce((sum, value, j) => sum + value * point[j]!, 0)),
          );
          expect([...target]).toEqual([...expected, 7]);
        }),
        { numRuns: 60 },
      );
    });

    it("refuses bytes of another width and targets that are too short", async () => {
      const block = (await open()).byteBlock(bytes(3, 2, () => 1));
      await expect(
        block.productsInto(
          new Int32Array(9),
          bytes(1, 3, () => 1),
        ),
      ).rejects.toThrow(/width/);
      await expect(
        block.productsInto(
          new Int32Array(5),
          bytes(2, 2, () => 1),
        ),
      ).rejects.toThrow(/6 places/);
    });
  });
}

const searches = fc.record({
  seed: fc.integer(),
  rows: fc.integer({ min: 1, max: 90 }),
  cols: fc.integer({ min: 1, max: 40 }),
  queries: fc.integer({ min: 1, max: 40 }),
  share: fc.constantFrom(0, 0.02, 0.3, 1),
  biased: fc.boolean(),
});

const byteShapes = fc.record({
  seed: fc.integer(),
  rows: fc.integer({ min: 1, max: 70 }),
  cols: fc.integer({ min: 1, max: 150 }),
  queries: fc.integer({ min: 0, max: 20 }),
  extreme: fc.boolean(),
});

function bytes(rows: number, cols: number, draw: () => number): ByteMatrix {
  return { data: Uint8Array.from({ length: rows * cols }, draw), rows, cols };
}

function signedRows({ data, rows, cols }: ByteMatrix): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from(data.subarray(i * cols, (i + 1) * cols), (byte) => byte - 128),
  );
}

async function find(
  kernels: DenseKernels,
  points: Matrix,
  queries: Matrix,
  k: number,
  bias?: Float32Array,
): Promise<TopK> {
  const index = await kernels.innerProductIndex(points, bias);
  const found = await index.search(queries, k);
  await index.dispose();
  return found;
}

function bySorting(points: Matrix, queries: Matrix, k: number, bias?: Float32Array): TopK {
  const indices = new Int32Array(queries.rows * k);
  const scores = new Float32Array(queries.rows * k);
  for (let query = 0; query < queries.rows; query++) {
    const ranked = Array.from({ length: points.rows }, (_, i) => {
      let score = bias?.[i] ?? 0;
      for (let j = 0; j < points.cols; j++) {
        score += queries.data[query * points.cols + j]! * points.data[i * points.cols + j]!;
      }
      return { i, score };
    }).sort((a, b) => b.score - a.score || a.i - b.i);
    for (let rank = 0; rank < k; rank++) {
      indices[query * k + rank] = ranked[rank]!.i;
      scores[query * k + rank] = ranked[rank]!.score;
    }
  }
  return { indices, scores, k };
}

/** Plain numbers, so that -0 and 0 count as equal. */
function plain(found: TopK): object {
  return { indices: [...found.indices], scores: [...found.scores].map((score) => score + 0), k: found.k };
}

function integers(rng: Rng, rows: number, cols: number): Matrix {
  return matrix(
    Float32Array.from({ length: rows * cols }, () => rng.below(5) - 2),
    rows,
    cols,
  );
}

function uniform(rng: Rng, rows: number, cols: number): Matrix {
  return matrix(
    Float32Array.from({ length: rows * cols }, () => 2 * rng.uniform() - 1),
    rows,
    cols,
  );
}
