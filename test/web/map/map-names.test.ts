import { describe, expect, it } from "vitest";
import { densePlaces } from "../../../src/web/map/dense-places.ts";
import { placeNames } from "../../../src/web/map/map-labels.ts";
import { litConcepts, mapNames } from "../../../src/web/map/map-names.ts";

const bounds = { left: 0, right: 100, bottom: 0, top: 100 };

describe("where a name belongs", () => {
  it("is the thick of its pictures, not the void between two parts", () => {
    // Nine pictures around (10, 10), six around (90, 90): a median lies near neither's middle.
    const cloud = (x: number, y: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => [x + (i % 3) - 1, y + Math.floor(i / 3) - 1]).flat();
    const places = Float32Array.from([...cloud(10, 10, 9), ...cloud(90, 90, 6)]);
    const spot = densePlaces(places, new Int32Array(15), bounds).get(0)!;
    expect(spot.x).toBeCloseTo(10, 5);
    expect(spot.y).toBeCloseTo(10, 5);
  });

  it("is missing for concepts without a place, and pictures in none have no name", () => {
    const places = Float32Array.of(Number.NaN, 0, 5, 5, 7, 7);
    const spots = densePlaces(places, Int32Array.of(0, -1, 2), bounds);
    expect([...spots.keys()]).toEqual([2]);
  });

  it("is found on a map without extent", () => {
    const flat = { left: 3, right: 3, bottom: 4, top: 4 };
    expect(densePlaces(Float32Array.of(3, 4), Int32Array.of(0), flat).get(0)).toEqual({ x: 3, y: 4 });
  });
});

describe("the names of a map", () => {
  const sources = {
    concepts: [
      { id: 0, name: "sea", hidden: false },
      { id: 1, name: "hidden", hidden: true },
      { id: 2, name: "gone", hidden: false },
      { id: 3, name: "", hidden: false },
    ],
    places: Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4),
    groups: Int32Array.of(0, 0, 1, 3),
    bounds,
  };

  it("are those of concepts that are shown and have pictures, with how many", () => {
    expect(mapNames(sources)).toEqual([{ concept: 0, name: "sea", size: 2, x: 1.5, y: 1.5 }]);
  });

  it("are larger the more pictures a concept has, within bounds", () => {
    const name = (concept: number, size: number, x: number) => ({
      concept,
      name: `n${concept}`,
      size,
      x,
      y: 0,
    });
    const placed = placeNames(
      [name(0, 1, 0), name(1, 10_000, 10), name(2, 2500, 20)],
      (text) => 10 * text.length,
    );
    expect(placed.map(({ concept }) => concept)).toEqual([1, 2, 0]);
    const fonts = placed.map(({ font }) => font);
    expect(fonts).toEqual([...fonts].sort((a, b) => b - a));
    expect(fonts[2]).toBeGreaterThanOrEqual(12);
    expect(new Set(fonts).size).toBe(3);
  });
});

describe("which names are lit", () => {
  it("are those with more than a stray picture lit", () => {
    const groups = Int32Array.from({ length: 301 }, (_, row) =>
      row < 100 ? 0 : row < 200 ? 1 : row < 300 ? -1 : 2,
    );
    const lit = new Uint8Array(301);
    lit[0] = 1;
    lit.fill(1, 100, 103);
    lit[250] = 1;
    lit[300] = 1;
    expect([...litConcepts(groups, lit)]).toEqual([1, 2]);
  });
});
