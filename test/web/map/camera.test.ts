import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundsOf, fit, pan, toPlace, toScreen, zoomAround } from "../../../src/web/map/camera.ts";
import { flight } from "../../../src/web/map/flight.ts";

const place = fc.double({ min: -50, max: 50, noNaN: true });
const view = fc.record({ x: place, y: place, zoom: fc.double({ min: -3, max: 12, noNaN: true }) });
const size = fc.record({
  width: fc.integer({ min: 100, max: 4000 }),
  height: fc.integer({ min: 100, max: 3000 }),
});
const spot = fc.record({
  x: fc.double({ min: 0, max: 4000, noNaN: true }),
  y: fc.double({ min: 0, max: 3000, noNaN: true }),
});

describe("the camera of the map", () => {
  it("finds the way back from the screen to the map", () => {
    fc.assert(
      fc.property(view, size, spot, (at, screen, from) => {
        const back = toScreen(at, screen, toPlace(at, screen, from));
        expect(back.x).toBeCloseTo(from.x, 6);
        expect(back.y).toBeCloseTo(from.y, 6);
      }),
    );
  });

  it("points up: what is above on the screen has a larger y", () => {
    const at = { x: 0, y: 0, zoom: 0 };
    expect(toPlace(at, { width: 100, height: 100 }, { x: 50, y: 0 })).toEqual({ x: 0, y: 50 });
  });

  it("keeps the place under the pointer while zooming", () => {
    fc.assert(
      fc.property(
        view,
        size,
        spot,
        fc.double({ min: -3, max: 12, noNaN: true }),
        (at, screen, under, zoom) => {
          const before = toPlace(at, screen, under);
          const after = toScreen(zoomAround(at, screen, under, zoom), screen, before);
          expect(after.x).toBeCloseTo(under.x, 4);
          expect(after.y).toBeCloseTo(under.y, 4);
        },
      ),
    );
  });

  it("moves with the pointer", () => {
    const at = { x: 3, y: 4, zoom: 2 };
    const screen = { width: 640, height: 480 };
    const held = toPlace(at, screen, { x: 100, y: 100 });
    expect(toScreen(pan(at, 30, -20), screen, held)).toEqual({ x: 130, y: 80 });
  });

  it("fits a part of the map into the screen, as large as it goes", () => {
    fc.assert(
      fc.property(
        place,
        place,
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        size,
        (left, bottom, side, screen) => {
          const bounds = { left, bottom, right: left + side, top: bottom + side / 2 };
          const seen = boundsOf(fit(bounds, screen, { padding: 40, closest: 30 }), screen, -40);
          expect(seen.left).toBeLessThanOrEqual(bounds.left + 1e-6);
          expect(seen.right).toBeGreaterThanOrEqual(bounds.right - 1e-6);
          expect(seen.bottom).toBeLessThanOrEqual(bounds.bottom + 1e-6);
          expect(seen.top).toBeGreaterThanOrEqual(bounds.top - 1e-6);
          const room = Math.min(
            seen.right - seen.left - (bounds.right - bounds.left),
            seen.top - seen.bottom - (bounds.top - bounds.bottom),
          );
          expect(room).toBeCloseTo(0, 5);
        },
      ),
    );
  });

  it("keeps what it fits clear of what lies over the upper edge", () => {
    const bounds = { left: 0, right: 20, bottom: 0, top: 8 };
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 60 }), (screen, covered) => {
        const at = fit(bounds, screen, { padding: 10, covered, closest: 30 });
        const upper = toScreen(at, screen, { x: bounds.left, y: bounds.top });
        const lower = toScreen(at, screen, { x: bounds.right, y: bounds.bottom });
        expect(upper.y).toBeGreaterThan(covered + 10 - 1e-6);
        expect(lower.y).toBeLessThan(screen.height - 10 + 1e-6);
        expect(upper.x).toBeGreaterThan(10 - 1e-6);
      }),
    );
  });

  it("shows a single place at the closest zoom", () => {
    const bounds = { left: 1, right: 1, bottom: 2, top: 2 };
    expect(fit(bounds, { width: 800, height: 600 }, { padding: 40, closest: 7 })).toEqual({
      x: 1,
      y: 2,
      zoom: 7,
    });
  });
});

describe("a flight", () => {
  it("leaves from one view and lands on the other, however they lie", () => {
    fc.assert(
      fc.property(view, view, size, (from, to, screen) => {
        const way = flight(from, to, screen);
        expect(way.duration).toBeLessThanOrEqual(900);
        const start = way.at(0);
        // In pixels.
        expect((start.x - from.x) * 2 ** from.zoom).toBeCloseTo(0, 1);
        expect((start.y - from.y) * 2 ** from.zoom).toBeCloseTo(0, 1);
        expect(start.zoom).toBeCloseTo(from.zoom, 4);
        expect(way.at(1)).toBe(to);
        for (const share of [0.25, 0.5, 0.75, 0.999]) {
          expect(Object.values(way.at(share)).every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it("rises on the way between far places, and does not for near ones", () => {
    const screen = { width: 1000, height: 800 };
    const far = flight({ x: 0, y: 0, zoom: 6 }, { x: 500, y: 0, zoom: 6 }, screen);
    expect(far.at(0.5).zoom).toBeLessThan(4);
    const near = flight({ x: 0, y: 0, zoom: 6 }, { x: 1, y: 0, zoom: 6 }, screen);
    expect(near.at(0.5).zoom).toBeGreaterThan(5.9);
  });
});
