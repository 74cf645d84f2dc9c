import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  extremeAspect,
  mosaicChoices,
  type PlacedBox,
  placeMosaic,
  shownAspect,
} from "../../../src/core/view/picture-mosaic.ts";

const size = fc.record({
  width: fc.integer({ min: 1, max: 6000 }),
  height: fc.integer({ min: 1, max: 6000 }),
});
const sizes = fc.array(size, { minLength: 1, maxLength: 8 });
const box = fc.record({
  width: fc.integer({ min: 140, max: 560 }),
  height: fc.integer({ min: 100, max: 450 }),
});

function overlap(a: PlacedBox, b: PlacedBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("placeMosaic", () => {
  it("places every picture inside the box, on whole numbers, none over another, aspects kept", () => {
    fc.assert(
      fc.property(sizes, box, (pictures, { width, height }) => {
        const { boxes } = placeMosaic(mosaicChoices(pictures, 8), width, height);
        expect(boxes).toHaveLength(pictures.length);
        boxes.forEach((placed, i) => {
          expect(Object.values(placed).every(Number.isInteger)).toBe(true);
          expect(Math.min(placed.x, placed.y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(placed.width, placed.height)).toBeGreaterThanOrEqual(1);
          expect(placed.x + placed.width).toBeLessThanOrEqual(width);
          expect(placed.y + placed.height).toBeLessThanOrEqual(height);
          const aspect = shownAspect(pictures[i]!);
          const long = Math.max(placed.width, placed.height);
          const short = aspect >= 1 ? long / aspect : long * aspect;
          expect(Math.abs(Math.min(placed.width, placed.height) - short)).toBeLessThan(1);
          for (let j = 0; j < i; j++) expect(overlap(placed, boxes[j]!)).toBe(false);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("is the same every time", () => {
    fc.assert(
      fc.property(sizes, (pictures) => {
        const place = () => placeMosaic(mosaicChoices(pictures, 8), 336, 220).boxes;
        expect(place()).toEqual(place());
      }),
      { numRuns: 20 },
    );
  });

  it("sets eight equal squares as a regular grid", () => {
    const { boxes } = placeMosaic(mosaicChoices(new Array(8).fill({ width: 500, height: 500 }), 8), 336, 164);
    expect(new Set(boxes.map(({ width, height }) => `${width} ${height}`))).toEqual(new Set(["78 78"]));
    expect(new Set(boxes.map(({ x }) => x)).size).toBe(4);
    expect(new Set(boxes.map(({ y }) => y)).size).toBe(2);
  });

  it("enlarges small pictures by whole device pixels only, and never far", () => {
    for (const width of [150, 200, 336, 560]) {
      const [placed] = placeMosaic(mosaicChoices([{ width: 32, height: 32 }], 8), width, 200).boxes;
      expect(placed!.width % 16).toBe(0);
      expect(placed!.width).toBeLessThanOrEqual(64);
    }
    const [emoji] = placeMosaic(mosaicChoices([{ width: 64, height: 64 }], 8), 336, 300).boxes;
    expect(emoji!.width).toBe(80);
  });

  it("cuts only extreme strips", () => {
    expect(shownAspect({ width: 600, height: 100 })).toBe(6);
    expect(shownAspect({ width: 9000, height: 10 })).toBe(extremeAspect);
  });

  it("places no pictures in an empty tile", () => {
    expect(placeMosaic(mosaicChoices([], 8), 336, 200).boxes).toEqual([]);
  });
});
