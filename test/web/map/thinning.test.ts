import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelZooms } from "../../../src/web/map/label-ranges.ts";
import { pictureOrder } from "../../../src/web/map/picture-order.ts";
import { pictureScale } from "../../../src/web/map/picture-scale.ts";
import { type ThinningRequest, thin } from "../../../src/web/map/thinning.ts";
import { thinningText } from "../../../src/web/map/thinning-text.ts";

/** In no level. */
const NEVER = 255;

/** The level of each row. */
function levelsOf(request: ThinningRequest): Uint8Array {
  const levels = new Uint8Array(request.places.length / 2).fill(NEVER);
  for (const step of thin(request)) for (const row of step?.rows ?? []) levels[row] = step!.level;
  return levels;
}

const coordinate = fc.oneof(fc.float({ min: -4, max: 4, noNaN: true }), fc.constantFrom(0, 1, Number.NaN));
const places = fc
  .array(fc.tuple(coordinate, coordinate), { maxLength: 80 })
  .map((pairs) => Float32Array.from(pairs.flat()));

describe("the choice of pictures", () => {
  const spacings = [2, 1, 0.5, 0.25];
  const distance = (all: Float32Array, a: number, b: number): number =>
    Math.max(Math.abs(all[2 * a]! - all[2 * b]!), Math.abs(all[2 * a + 1]! - all[2 * b + 1]!));

  it("leaves no two pictures nearer than the level allows, and no room unused", () => {
    fc.assert(
      fc.property(places, (all) => {
        const order = Uint32Array.from({ length: all.length / 2 }, (_, row) => row);
        const levels = levelsOf({ places: all, order, spacings });
        for (const [level, spacing] of spacings.entries()) {
          const shown = Array.from(order).filter((row) => levels[row]! <= level);
          for (const a of shown)
            for (const b of shown) if (a < b) expect(distance(all, a, b)).toBeGreaterThanOrEqual(spacing);
          for (const row of order) {
            const isPlaced = Number.isFinite(all[2 * row]!) && Number.isFinite(all[2 * row + 1]!);
            if (!isPlaced) expect(levels[row]).toBe(NEVER);
            else if (levels[row]! > level)
              expect(shown.some((other) => distance(all, other, row) < spacing)).toBe(true);
          }
        }
      }),
    );
  });

  it("takes the first of the order where there is room for one", () => {
    const all = Float32Array.of(0, 0, 0, 0, 0.1, 0);
    expect(Array.from(levelsOf({ places: all, order: Uint32Array.of(2, 0, 1), spacings }))).toEqual([
      NEVER,
      NEVER,
      0,
    ]);
  });

  it("ends soon when all pictures lie on one place", () => {
    const count = 200_000;
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    const levels = levelsOf({ places: new Float32Array(2 * count), order, spacings });
    expect(levels.filter((level) => level !== NEVER)).toHaveLength(1);
  });

  it("lists exemplars first, then the most certain, and only lit ones where some are not", () => {
    const probabilities = Float32Array.of(0.2, 0.9, 1, 0.5);
    const slots = Uint32Array.of(0, 1, 2, 3);
    const concepts = [{ exemplars: [3, 0] }, { exemplars: [1] }];
    expect(Array.from(pictureOrder({ probabilities, slots }, concepts, null))).toEqual([3, 1, 0, 2]);
    expect(Array.from(pictureOrder({ probabilities, slots }, [], null))).toEqual([2, 1, 3, 0]);
    expect(Array.from(pictureOrder({ probabilities, slots }, concepts, Uint8Array.of(1, 0, 1, 1)))).toEqual([
      3, 0, 2,
    ]);
  });

  it("lists every row once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true })),
        fc.array(fc.nat(20)),
        (list, exemplars) => {
          const slots = Uint32Array.from(list, (_, row) => list.length - 1 - row);
          const order = pictureOrder(
            { probabilities: Float32Array.from(list), slots },
            [{ exemplars }],
            null,
          );
          expect(Array.from(order).sort((a, b) => a - b)).toEqual(list.map((_, row) => row));
        },
      ),
    );
  });
});

describe("the sizes of pictures", () => {
  const scale = pictureScale(0.01, 5);

  it("never lets pictures overlap by more than a twentieth", () => {
    for (let zoom = scale.start; zoom <= scale.closest; zoom += 0.01) {
      for (const [level, spacing] of scale.spacings.entries()) {
        if (scale.share(level, zoom) > 0)
          expect(spacing * 2 ** zoom).toBeGreaterThan(0.95 * scale.side(zoom));
      }
    }
  });

  it("grows with the zoom, brings more and more, and has all of them at the closest", () => {
    let side = 0;
    let shown = 0;
    for (let zoom = scale.start; zoom <= scale.closest; zoom += 0.05) {
      const count = scale.spacings.reduce((sum, _, level) => sum + scale.share(level, zoom), 0);
      expect(scale.side(zoom)).toBeGreaterThanOrEqual(side);
      expect(count).toBeGreaterThanOrEqual(shown - 1e-9);
      side = scale.side(zoom);
      shown = count;
    }
    expect(scale.share(scale.spacings.length - 1, scale.closest)).toBeCloseTo(1, 6);
  });

  it("begins with a map of points, also for a few pictures", () => {
    expect(pictureScale(10, 5).start).toBeGreaterThan(5);
    expect(scale.fade(scale.start)).toBe(0);
  });
});

describe("what is said of pictures that are not shown", () => {
  it.each([
    [{ shown: 100, present: 800, isClosest: false }, "Showing 1 in 8 pictures here. Come closer for more."],
    [
      { shown: 900, present: 1000, isClosest: false },
      "Showing 900 of 1,000 pictures here. Come closer for more.",
    ],
    [{ shown: 5, present: 6, isClosest: true }, "1 picture here lies on or close to others."],
    [{ shown: 6, present: 6, isClosest: false }, null],
  ])("%o", (thinning, text) => expect(thinningText(thinning)).toBe(text));
});

describe("names on the map", () => {
  const box = fc.record({
    x: fc.double({ min: -5, max: 5, noNaN: true }),
    y: fc.double({ min: -5, max: 5, noNaN: true }),
    width: fc.integer({ min: 10, max: 200 }),
    height: fc.integer({ min: 10, max: 40 }),
  });

  it("never overlap, at any zoom", () => {
    fc.assert(
      fc.property(
        fc.array(box, { maxLength: 25 }),
        fc.double({ min: -4, max: 14, noNaN: true }),
        (boxes, zoom) => {
          const zooms = labelZooms(boxes);
          const scale = 2 ** zoom;
          const shown = boxes.filter((_, at) => zooms[at]! <= zoom);
          for (const a of shown) {
            for (const b of shown) {
              if (a === b) continue;
              const isApart =
                Math.abs(a.x - b.x) * scale >= ((a.width + b.width) / 2) * (1 - 1e-9) ||
                Math.abs(a.y - b.y) * scale >= ((a.height + b.height) / 2) * (1 - 1e-9);
              expect(isApart).toBe(true);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("always show the most important, and one on the same place never", () => {
    const same = { x: 1, y: 1, width: 50, height: 20 };
    expect(Array.from(labelZooms([same, same]))).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("come as soon as there is room: a name that came in later is in nobody's way before", () => {
    const boxes = [
      { x: 0, y: 0, width: 100, height: 20 },
      { x: 1, y: 0, width: 100, height: 20 },
      { x: 1.0, y: 10, width: 100, height: 20 },
    ];
    const zooms = labelZooms(boxes);
    expect(zooms[1]).toBeCloseTo(Math.log2(100), 9);
    expect(zooms[2]).toBeCloseTo(Math.log2(2), 9);
  });
});
