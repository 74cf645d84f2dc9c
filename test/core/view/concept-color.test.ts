import { describe, expect, it } from "vitest";
import { conceptColor, cssColor, type Rgb } from "../../../src/core/view/concept-color.ts";

const SURFACES = { light: [255, 255, 255], dark: [23, 24, 27] } as const;

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(["light", "dark"] as const)("colours of concepts in the %s theme", (theme) => {
  it("are seen against the surface, whichever concept it is", () => {
    for (let id = 0; id < 500; id++) {
      expect(contrast(conceptColor(id, theme), SURFACES[theme]), `${id}`).toBeGreaterThan(2.5);
    }
  });

  it("are unlike those of the ids beside them", () => {
    for (let id = 0; id < 500; id++) {
      const [a, b] = [conceptColor(id, theme), conceptColor(id + 1, theme)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${id}`).toBeGreaterThan(60);
    }
  });

  it("are grey for the pictures in none", () => {
    const [red, green, blue] = conceptColor(-1, theme);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(12);
  });
});

it("writes a colour as CSS does", () => {
  expect(cssColor([1, 2, 3])).toBe("rgb(1 2 3)");
});
