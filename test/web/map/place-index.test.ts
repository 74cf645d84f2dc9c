import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineRows, rowsInside } from "../../../src/web/map/lasso.ts";
import { PlaceIndex } from "../../../src/web/map/place-index.ts";

/** Clumps, lines and rows without a place, as maps have them; float32, as places are. */
const coordinate = fc.oneof(
  fc.float({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, 0, 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY),
);
const places = fc
  .array(fc.tuple(coordinate, coordinate), { maxLength: 200 })
  .map((pairs) => Float32Array.from(pairs.flat()));
const isPlaced = (all: Float32Array, row: number): boolean =>
  Number.isFinite(all[2 * row]!) && Number.isFinite(all[2 * row + 1]!);
const rowsOf = (all: Float32Array): number[] =>
  Array.from({ length: all.length / 2 }, (_, row) => row).filter((row) => isPlaced(all, row));

describe("PlaceIndex", () => {
  it("finds in a rectangle what looking at every row finds", () => {
    fc.assert(
      fc.property(places, fc.tuple(coordinate, coordinate, coordinate, coordinate), (all, [a, b, c, d]) => {
        const bounds = {
          left: Math.min(a, b),
          right: Math.max(a, b),
          bottom: Math.min(c, d),
          top: Math.max(c, d),
        };
        const found: number[] = [];
        const index = new PlaceIndex(all);
        index.forEachIn(bounds, (row) => found.push(row));
        const expected = rowsOf(all).filter((row) => {
          const [x, y] = [all[2 * row]!, all[2 * row + 1]!];
          return x >= bounds.left && x <= bounds.right && y >= bounds.bottom && y <= bounds.top;
        });
        expect(found.sort((one, other) => one - other)).toEqual(expected);
        expect(index.someIn(bounds, () => true)).toBe(expected.length > 0);
        expect(index.someIn(bounds, (row) => row === expected.at(-1))).toBe(expected.length > 0);
      }),
    );
  });

  it("finds the nearest row, the first of equals, within reach only", () => {
    fc.assert(
      fc.property(
        places,
        fc.float({ min: -11, max: 11, noNaN: true }),
        fc.float({ min: -11, max: 11, noNaN: true }),
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        (all, x, y, radius) => {
          const square = (row: number): number => (all[2 * row]! - x) ** 2 + (all[2 * row + 1]! - y) ** 2;
          const [best] = rowsOf(all)
            .filter((row) => square(row) <= radius * radius)
            .sort((a, b) => square(a) - square(b) || a - b);
          expect(new PlaceIndex(all).nearest(x, y, radius)).toBe(best ?? -1);
        },
      ),
    );
  });

  it("passes over rows that are to be skipped", () => {
    const index = new PlaceIndex(Float32Array.of(0, 0, 1, 0, 2, 0));
    expect(index.nearest(0, 0, 5, (row) => row === 0)).toBe(1);
    expect(index.nearest(0, 0, 0.5, (row) => row === 0)).toBe(-1);
  });

  it("knows the rows of a subset only", () => {
    const index = new PlaceIndex(Float32Array.of(0, 0, 1, 1, 2, 2), Uint32Array.of(1, 2));
    expect(index.nearest(0, 0, 10)).toBe(1);
    expect(index.bounds).toEqual({ left: 1, right: 2, bottom: 1, top: 2 });
  });

  it("tells the usual distance of neighbours: that of a grid is its step", () => {
    const grid = Float32Array.from({ length: 2 * 10_000 }, (_, at) =>
      at % 2 === 0 ? 3 * ((at / 2) % 100) : 3 * Math.floor(at / 200),
    );
    expect(new PlaceIndex(grid).spacing()).toBeGreaterThan(2.4);
    expect(new PlaceIndex(grid).spacing()).toBeLessThan(3.6);
  });

  it.each([
    ["nothing", new Float32Array(0)],
    ["one row", Float32Array.of(4, 5)],
    ["rows on one place", new Float32Array(2000).fill(7)],
    ["rows on a line", Float32Array.from({ length: 2000 }, (_, at) => (at % 2 === 0 ? at : 0))],
    ["no row with a place", new Float32Array(20).fill(Number.NaN)],
  ])("takes a map of %s", (_, all) => {
    const index = new PlaceIndex(all);
    expect(index.spacing()).toBeGreaterThan(0);
    expect(Number.isFinite(index.spacing())).toBe(true);
    expect(index.starts.length).toBeLessThan(5000);
    const seen: number[] = [];
    index.forEachIn(index.bounds, (row) => seen.push(row));
    expect(seen.length).toBe(rowsOf(all).length);
  });
});

function isInside(polygon: readonly number[], x: number, y: number): boolean {
  let crossings = 0;
  for (let at = 0; at < polygon.length; at += 2) {
    const to = (at + 2) % polygon.length;
    const [x0, y0, x1, y1] = [polygon[at]!, polygon[at + 1]!, polygon[to]!, polygon[to + 1]!];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) crossings++;
  }
  return crossings % 2 === 1;
}

describe("a lasso", () => {
  // As float32, so that no product of two is too small for a number: there the two formulas round differently.
  const corner = fc.float({ min: -12, max: 12, noNaN: true });
  it("holds what a test of every row holds, for shapes that cross themselves too", () => {
    fc.assert(
      fc.property(
        places,
        fc.array(fc.tuple(corner, corner), { minLength: 3, maxLength: 12 }).map((corners) => corners.flat()),
        (all, polygon) => {
          const rows = rowsInside(new PlaceIndex(all), Float64Array.from(polygon));
          const expected = rowsOf(all).filter((row) => isInside(polygon, all[2 * row]!, all[2 * row + 1]!));
          expect(Array.from(rows)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("holds nothing with fewer than three corners", () => {
    expect(rowsInside(new PlaceIndex(Float32Array.of(0, 0)), Float64Array.of(-1, -1, 1, 1))).toHaveLength(0);
  });

  const rows = fc.uniqueArray(fc.nat(40)).map((list) => Uint32Array.from(list).sort());
  it("adds to the selection and takes away from it, as sets do", () => {
    fc.assert(
      fc.property(rows, rows, (selected, inside) => {
        const expected = {
          replace: new Set(inside),
          add: new Set([...selected, ...inside]),
          remove: new Set([...selected].filter((row) => !inside.includes(row))),
        };
        for (const mode of ["replace", "add", "remove"] as const) {
          const next = combineRows(selected, inside, mode);
          expect(Array.from(next ?? [])).toEqual([...expected[mode]].sort((a, b) => a - b));
          expect(next === null).toBe(expected[mode].size === 0 && mode !== "replace");
        }
      }),
    );
  });
});
