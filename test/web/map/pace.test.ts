import { describe, expect, it } from "vitest";
import { COARSE_STEP, Pace } from "../../../src/web/map/pace.ts";

/** Steps of frames that are so many milliseconds apart. */
function move(pace: Pace, from: number, gap: number, frames: number): number[] {
  return Array.from({ length: frames }, (_, frame) => pace.step(from + gap * frame, true));
}

describe("the pace of a map", () => {
  it("draws all points while frames come quickly", () => {
    expect(new Set(move(new Pace(1_000_000), 0, 17, 100))).toEqual(new Set([1]));
  });

  it("draws some of them once several frames in a row were slow, and all at rest", () => {
    const pace = new Pace(1_000_000);
    const steps = move(pace, 0, 60, 8);
    expect(steps.slice(0, 3)).toEqual([1, 1, 1]);
    expect(steps.slice(4)).toEqual(new Array(4).fill(COARSE_STEP));
    expect(pace.step(2000, false)).toBe(1);
    expect(pace.step(2100, true)).toBe(COARSE_STEP);
  });

  it("waits for two very slow frames only: a million points took two seconds and a half to become fewer", () => {
    expect(move(new Pace(1_000_000), 0, 600, 4)).toEqual([1, 1, COARSE_STEP, COARSE_STEP]);
  });

  it("tries all again after a while", () => {
    const pace = new Pace(1_000_000);
    move(pace, 0, 200, 8);
    pace.step(5000, false);
    expect(move(pace, 60_000, 17, 50)).not.toContain(COARSE_STEP);
  });

  it("is not put off by one slow frame, nor by a rest", () => {
    const pace = new Pace(1_000_000);
    for (let turn = 0; turn < 20; turn++) {
      expect(move(pace, 10_000 * turn, 17, 10)).not.toContain(COARSE_STEP);
      expect(pace.step(10_000 * turn + 600, true)).toBe(1);
      pace.step(10_000 * turn + 800, false);
    }
  });

  it("always draws all where there are few", () => {
    expect(new Set(move(new Pace(100_000), 0, 500, 50))).toEqual(new Set([1]));
  });
});
