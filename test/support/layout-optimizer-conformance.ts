import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../../src/core/math/matrix.ts";
import { decayingRates, type LayoutOptimizer } from "../../src/core/umap/layout-task.ts";
import { referenceLayoutOptimizer } from "../../src/core/umap/reference-layout-optimizer.ts";
import { type TaskShape, taskOf } from "./layout-tasks.ts";

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 300 }),
  dimensions: fc.integer({ min: 1, max: 13 }),
  epochs: fc.integer({ min: 0, max: 12 }),
  negativeSampleRate: fc.integer({ min: 0, max: 7 }),
  minDist: fc.constantFrom(0, 0.1, 0.9),
  seed: fc.integer(),
  fixed: fc.boolean(),
});

/** What every implementation must do: the places of `referenceLayoutOptimizer`, to the last bit. */
export function describeLayoutOptimizer(
  optimizer: LayoutOptimizer,
  options: { readonly runs: number },
): void {
  describe(`layout optimizer: ${optimizer.name}`, () => {
    it("gives the places of the reference to the last bit", async () => {
      const check = async (shape: TaskShape): Promise<void> => {
        const task = await taskOf(shape);
        const before = task.start.data.slice();
        const expected = await referenceLayoutOptimizer.optimize(task, {});
        const found = await optimizer.optimize(task, {});
        expect([found.rows, found.cols]).toEqual([shape.rows, shape.dimensions]);
        expect(new Int32Array(found.data.buffer)).toEqual(new Int32Array(expected.data.buffer));
        expect(task.start.data).toEqual(before);
      };
      await fc.assert(fc.asyncProperty(shapes, check), { numRuns: options.runs });
    });

    it("moves 5,000 points alike, whatever the dimensions", async () => {
      for (const dimensions of [1, 2, 4, 5, 9]) {
        // 200,000 moves once: so many that the rows are shared among threads where there are some.
        const epochs = dimensions === 5 ? 40 : 4;
        const shape = { rows: 5000, dimensions, epochs, negativeSampleRate: 5, minDist: 0, seed: 3 };
        const task = await taskOf({ ...shape, fixed: false });
        const expected = await referenceLayoutOptimizer.optimize(task, {});
        const { data } = await optimizer.optimize(task, {});
        expect(new Int32Array(data.buffer)).toEqual(new Int32Array(expected.data.buffer));
        expect(data).not.toEqual(task.start.data);
      }
    });

    it("places fixed rows the same alone as in company", async () => {
      const shape = { rows: 40, dimensions: 5, epochs: 10, negativeSampleRate: 5, minDist: 0, seed: 5 };
      const task = await taskOf({ ...shape, fixed: true });
      const together = await optimizer.optimize(task, {});
      const { offsets, columns, rates } = task.schedule;
      for (const i of [0, 17, 39]) {
        const [from, to] = [offsets[i]!, offsets[i + 1]!];
        const schedule = {
          rows: 1,
          offsets: Int32Array.of(0, to - from),
          columns: columns.slice(from, to),
          rates: rates.slice(from, to),
        };
        const start = matrix(task.start.data.slice(i * 5, i * 5 + 5), 1, 5);
        const alone = await optimizer.optimize({ ...task, start, schedule }, {});
        expect(alone.data).toEqual(together.data.slice(i * 5, i * 5 + 5));
      }
    });

    it("reports progress, and stops when aborted", async () => {
      const shape = { rows: 300, dimensions: 5, epochs: 12, negativeSampleRate: 5, minDist: 0, seed: 9 };
      const task = await taskOf({ ...shape, fixed: false });
      const fractions: number[] = [];
      await optimizer.optimize(task, { onProgress: (fraction) => fractions.push(fraction) });
      expect(fractions.at(-1)).toBe(1);
      const controller = new AbortController();
      const endless = { ...task, learningRates: decayingRates(1, 1_000_000) };
      const onProgress = (): void => controller.abort(new Error("enough"));
      const work = optimizer.optimize(endless, { signal: controller.signal, onProgress });
      await expect(work).rejects.toThrow("enough");
      const late = optimizer.optimize(task, { signal: controller.signal });
      await expect(late).rejects.toThrow("enough");
    });
  });
}
