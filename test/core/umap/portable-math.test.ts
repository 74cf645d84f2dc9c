import fc from "fast-check";
import { expect, it } from "vitest";
import { fitCurve } from "../../../src/core/umap/curve-fit.ts";
import { LayoutGradient } from "../../../src/core/umap/layout-gradient.ts";
import { portableExp, portableLog } from "../../../src/core/umap/portable-math.ts";
import { symmetricEigen } from "../../../src/core/umap/symmetric-eigen.ts";

it("exp agrees with the engine's", () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }),
  );
  expect([portableExp(0), portableExp(-1e9), portableExp(1e9)]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
});

it("log agrees with the engine's", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      expect(Math.abs(portableLog(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))));
    }),
  );
  expect(portableLog(1)).toBe(0);
});

it("the layout gradients agree with their formulas", () => {
  const { a, b } = fitCurve(0.1, 1);
  const gradient = new LayoutGradient([a, b, -2 * a * b, 2 * b]);
  fc.assert(
    fc.property(fc.double({ min: -11, max: 8, noNaN: true }), (exponent) => {
      const squared = Math.fround(10 ** exponent);
      const pull = (-2 * a * b * squared ** (b - 1)) / (1 + a * squared ** b);
      const push = (2 * b) / ((0.001 + squared) * (1 + a * squared ** b));
      // The tolerance covers polynomials (2e-4) and float32 logarithms of large numbers.
      expect(Math.abs(gradient.attraction(squared) / pull - 1)).toBeLessThan(1e-3);
      expect(Math.abs(gradient.repulsion(squared) / push - 1)).toBeLessThan(1e-3);
    }),
  );
  expect(gradient.attraction(0)).toBe(gradient.attraction(1e-12));
});

it("eigenpairs of a symmetric matrix rebuild it", () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  const matrices = sizes.chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n * n, maxLength: n * n }),
    ),
  );
  fc.assert(
    fc.property(matrices, ([n, entries]) => {
      const a = Float64Array.from(entries, (_, i) => entries[i]! + entries[(i % n) * n + Math.floor(i / n)]!);
      const { values, vectors } = symmetricEigen(a, n);
      for (let i = 0; i < n * n; i++) {
        const [row, col] = [Math.floor(i / n), i % n];
        let sum = 0;
        for (let e = 0; e < n; e++) sum += values[e]! * vectors[e * n + row]! * vectors[e * n + col]!;
        expect(sum).toBeCloseTo(a[i]!, 9);
      }
      expect([...values]).toEqual([...values].sort((x, y) => y - x));
    }),
  );
});
