import { describe, expect, it } from "vitest";
import { Rng } from "../../../src/core/math/rng.ts";
import { conceptBounds } from "../../../src/web/map/concept-bounds.ts";

type Place = readonly [number, number];

const rng = new Rng(1);
const heap = (count: number, [x, y]: Place): Place[] =>
  Array.from({ length: count }, () => [x + rng.uniform(), y + rng.uniform()]);

function boundsOf(pictures: readonly Place[]) {
  // The other concept's pictures must not count.
  const places = Float32Array.from([...pictures, [500, 500]].flat());
  return conceptBounds(places, Int32Array.from([...pictures.map(() => 3), 4]), 3);
}

describe("where a concept lies on the map", () => {
  it("leaves out a fifth of strays: they made the whole map of a heap before, as a fixed share of 3 % was skipped", () => {
    const strays = heap(20, [0, 0]).map(([x, y], i): Place => [x + 30 * (i % 2 ? 1 : -1), y + 3 * i - 30]);
    const bounds = boundsOf([...heap(80, [0, 0]), ...strays])!;
    expect(bounds.left).toBeGreaterThan(-2);
    expect(bounds.right).toBeLessThan(3);
    expect(bounds.bottom).toBeGreaterThan(-3);
    expect(bounds.top).toBeLessThan(4);
  });

  it("leaves out what is far off along one axis only", () => {
    const bounds = boundsOf([...heap(50, [0, 0]), [0.5, 90], [0.5, 91]])!;
    expect(bounds.top).toBeLessThan(1.01);
  });

  it("cuts nothing off a concept without strays, and holds two heaps of like size", () => {
    const one = heap(200, [0, 0]);
    const xs = one.map(([x]) => Math.fround(x));
    expect(boundsOf(one)).toMatchObject({ left: Math.min(...xs), right: Math.max(...xs) });
    const two = boundsOf([...heap(60, [0, 0]), ...heap(40, [20, 0])])!;
    expect(two.left).toBeLessThan(1);
    expect(two.right).toBeGreaterThan(20);
  });

  it("knows pictures without a place, pictures in one place, and none", () => {
    expect(boundsOf([])).toBeNull();
    expect(boundsOf([[Number.NaN, Number.NaN]])).toBeNull();
    expect(
      boundsOf([
        [2, 3],
        [Number.NaN, 0],
        [2, 3],
      ]),
    ).toEqual({ left: 2, right: 2, bottom: 3, top: 3 });
  });
});
