import { expect, it } from "vitest";
import { Rng } from "../../../src/core/math/rng.ts";
import { WorkPacer } from "../../../src/core/math/work-pacer.ts";
import type { BlockOperator } from "../../../src/core/umap/block-operator.ts";
import type { SparseGraph } from "../../../src/core/umap/fuzzy-graph.ts";
import { leadingEigenvectors } from "../../../src/core/umap/leading-eigenvectors.ts";
import { compiledSparseOperator, referenceSparseOperator } from "../../../src/core/umap/sparse-operator.ts";

/** A path of `size` vertices: the eigenvalues of its adjacency matrix are 2 cos(pi j / (size + 1)), j from 1. */
function path(size: number): SparseGraph {
  const columns: number[] = [];
  const offsets = [0];
  for (let i = 0; i < size; i++) {
    if (i > 0) columns.push(i - 1);
    if (i < size - 1) columns.push(i + 1);
    offsets.push(columns.length);
  }
  return {
    size,
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    weights: new Float32Array(columns.length).fill(1),
  };
}

const work = () => ({ rng: new Rng(3), pacer: new WorkPacer({}), tolerance: 1e-4 });

it("finds the largest eigenvalues of a path, which are known, and vectors that belong to them", async () => {
  const size = 120;
  const operator = referenceSparseOperator(path(size), { vectors: 11, lowerBound: -2 });
  const { values, vectors, residual } = await leadingEigenvectors(operator, 3, work());
  expect(residual).toBeLessThan(1e-4);
  values.forEach((value, j) => {
    expect(value).toBeCloseTo(2 * Math.cos((Math.PI * (j + 1)) / (size + 1)), 5);
  });
  const first = Float64Array.from({ length: size }, (_, i) => vectors[i * 3]!);
  const expected = Float64Array.from({ length: size }, (_, i) => Math.sin((Math.PI * (i + 1)) / (size + 1)));
  const cosine =
    first.reduce((sum, value, i) => sum + value * expected[i]!, 0) /
    Math.hypot(...first) /
    Math.hypot(...expected);
  expect(Math.abs(cosine)).toBeCloseTo(1, 4);
});

it("leaves out an eigenvector that is known", async () => {
  const size = 40;
  const raw = Float64Array.from({ length: size }, (_, i) => Math.sin((Math.PI * (i + 1)) / (size + 1)));
  const length = Math.hypot(...raw);
  const known = Float32Array.from(raw, (value) => value / length);
  const operator = referenceSparseOperator(path(size), { vectors: 10, lowerBound: -2, known });
  const { values } = await leadingEigenvectors(operator, 2, work());
  expect(values[0]).toBeCloseTo(2 * Math.cos((2 * Math.PI) / (size + 1)), 4);
});

it.each([3, 17, 500])("the compiled operator gives the reference's bits, %i vertices", async (size) => {
  const rng = new Rng(size);
  const matrix = { ...path(size), weights: path(size).weights.map(() => rng.uniform()) };
  for (const vectors of [1, 16, 20]) {
    const options = { vectors, lowerBound: -2 };
    const [ours, reference] = [
      compiledSparseOperator(matrix, options)!,
      referenceSparseOperator(matrix, options),
    ];
    const blocks = ([current, previous, next]: BlockOperator["blocks"]) => ({ current, previous, next });
    const [a, b] = [blocks(ours.blocks), blocks(reference.blocks)];
    for (const name of ["current", "previous"] as const) {
      for (let i = 0; i < a[name].length; i++) a[name][i] = b[name][i] = rng.uniform() - 0.5;
    }
    const factors = { alpha: 1.7, beta: -0.3, gamma: 0.11 };
    ours.step({ ...a, ...factors });
    reference.step({ ...b, ...factors });
    expect(Array.from(a.next)).toEqual(Array.from(b.next));
    expect(a.next.some((value) => value !== 0)).toBe(true);
  }
});

it("finds no more vectors than there are, where all of them are asked for", async () => {
  const operator = referenceSparseOperator(path(4), { vectors: 12, lowerBound: -2 });
  const { values } = await leadingEigenvectors(operator, 4, work());
  expect(Array.from(values, (value) => Math.round(value * 1000))).toEqual([1618, 618, -618, -1618]);
});

it("says that nothing converged where products are not numbers", async () => {
  const broken = { ...path(30), weights: path(30).weights.fill(Number.NaN) };
  const operator = referenceSparseOperator(broken, { vectors: 10, lowerBound: -2 });
  const { residual } = await leadingEigenvectors(operator, 2, work());
  expect(residual).toBe(Number.POSITIVE_INFINITY);
});
