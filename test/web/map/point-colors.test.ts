import { describe, expect, it } from "vitest";
import { conceptColor } from "../../../src/core/view/concept-color.ts";
import type { Rgb } from "../../../src/core/view/oklch.ts";
import { GROUND, rampColor } from "../../../src/web/map/palette.ts";
import {
  COLORED_TEXTS,
  type ColorSources,
  DIMMED,
  LIT,
  pointColors,
  rampRange,
  SMALL,
} from "../../../src/web/map/point-colors.ts";

const THEMES = ["light", "dark"] as const;

/** Of WCAG 2. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(THEMES)("colours on a %s map", (theme) => {
  it("have the contrast that WCAG AA asks of graphics: 3 to 1", () => {
    for (let id = -1; id < 600; id++)
      expect(contrast(conceptColor(id, theme), GROUND[theme])).toBeGreaterThanOrEqual(3);
  });

  it("differ between concepts of neighbouring ids", () => {
    const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    for (let id = 0; id < 200; id++) {
      for (let other = id + 1; other < id + 7; other++) {
        expect(distance(conceptColor(id, theme), conceptColor(other, theme))).toBeGreaterThan(30);
      }
    }
  });

  it("of a ramp stand out the more the higher the value, to eyes that see no hues too", () => {
    let before = 0;
    for (let share = 0; share <= 1.0001; share += 0.05) {
      const now = contrast(rampColor(share, theme), GROUND[theme]);
      expect(now).toBeGreaterThan(before);
      before = now;
    }
    expect(before).toBeGreaterThan(10);
    expect(contrast(rampColor(0, theme), GROUND[theme])).toBeGreaterThanOrEqual(2.5);
  });
});

describe("the colours of points", () => {
  const sources: ColorSources = {
    colorBy: { kind: "concept" },
    groups: Int32Array.of(0, -1, 1, 0),
    probabilities: Float32Array.of(1, 0, 0.5, Number.NaN),
    columns: new Map(),
    hidden: new Set(),
    theme: "light",
  };
  const at = (colors: Uint8Array, row: number): number[] => Array.from(colors.subarray(4 * row, 4 * row + 4));
  const grey = conceptColor(-1, "light");

  it("are those of concepts; what is in none is grey and smaller", () => {
    const colors = pointColors(sources, null);
    expect(at(colors, 0)).toEqual([...conceptColor(0, "light"), LIT]);
    expect(at(colors, 1)).toEqual([...grey, SMALL]);
    expect(at(colors, 2)).toEqual([...conceptColor(1, "light"), LIT]);
  });

  it("dim what is not lit", () => {
    const colors = pointColors(sources, Uint8Array.of(0, 1, 1, 0));
    expect([0, 1, 2, 3].map((row) => colors[4 * row + 3])).toEqual([DIMMED, SMALL, LIT, DIMMED]);
  });

  it("draw hidden concepts as if they were none", () => {
    expect(at(pointColors({ ...sources, hidden: new Set([1]) }, null), 2)).toEqual([...grey, SMALL]);
  });

  it("follow probability from end to end of the ramp", () => {
    const colors = pointColors({ ...sources, colorBy: { kind: "probability" } }, null);
    expect(at(colors, 0)).toEqual([...rampColor(1, "light"), LIT]);
    expect(at(colors, 1)).toEqual([...rampColor(0, "light"), LIT]);
    expect(at(colors, 3)).toEqual([...grey, SMALL]);
  });

  it("follow numbers and dates between the lowest and the highest, grey where missing", () => {
    const values = [1e12, null, 1.5e12, 2e12];
    const columns = new Map([[0, { type: "date", values } as const]]);
    const colors = pointColors({ ...sources, columns, colorBy: { kind: "column", index: 0 } }, null);
    expect(at(colors, 0)).toEqual([...rampColor(0, "light"), LIT]);
    expect(at(colors, 1)).toEqual([...grey, SMALL]);
    expect(at(colors, 3)).toEqual([...rampColor(1, "light"), LIT]);
    expect(rampRange([Number.NaN])).toEqual({ low: 0, high: 0 });
  });

  it("tell the commonest texts apart, and leave the others grey", () => {
    const columns = new Map([
      [0, { type: "text", texts: ["a"], codes: [0, -1, COLORED_TEXTS, COLORED_TEXTS - 1] } as const],
    ]);
    const colors = pointColors({ ...sources, columns, colorBy: { kind: "column", index: 0 } }, null);
    expect(at(colors, 0)).toEqual([...conceptColor(0, "light"), LIT]);
    expect(at(colors, 1)).toEqual([...grey, SMALL]);
    expect(at(colors, 2)).toEqual([...grey, SMALL]);
    expect(at(colors, 3)).toEqual([...conceptColor(COLORED_TEXTS - 1, "light"), LIT]);
  });

  it("are grey while a column is on its way", () => {
    const colors = pointColors({ ...sources, colorBy: { kind: "column", index: 3 } }, null);
    expect(at(colors, 0)).toEqual([...grey, SMALL]);
  });
});
