import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inkOn, luminance, rampColor } from "../../../src/core/charts/color-ramp.ts";
import { drawDendrogram } from "../../../src/core/charts/dendrogram-chart.ts";
import { drawHeatmap } from "../../../src/core/charts/heatmap.ts";
import { type ConceptSimilarity, conceptSimilarity } from "../../../src/core/compare/concept-similarity.ts";
import { axisTicks } from "../../../src/core/math/axis-ticks.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { interFonts } from "../view/fonts.ts";

const fonts = interFonts();

function similarityOf(names: readonly string[]): ConceptSimilarity {
  const rng = new Rng(names.length);
  const values = Float32Array.from({ length: names.length * 6 }, () => rng.uniform() - 0.3);
  return conceptSimilarity({
    concepts: names.map((name, place) => ({
      id: 3 * place,
      name,
      size: 2000 - place,
      words: [],
      exemplars: Int32Array.of(place),
    })),
    conceptVectors: matrix(values, names.length, 6),
  });
}

function numbersOf(svg: string): number[] {
  return Array.from(svg.matchAll(/ (?:x|y|width|height)="([^"]+)"/g), ([, value]) => Number(value));
}

describe.each([
  ["heatmap", drawHeatmap],
  ["dendrogram", drawDendrogram],
] as const)("a %s", (_, draw) => {
  it.each([1, 2, 3, 20, 150])("of %d concepts names each once and stays on its page", (count) => {
    const similarity = similarityOf(Array.from({ length: count }, (_, i) => `concept no ${i}.`));
    const chart = draw(similarity, fonts);
    const svg = chart.svg();
    for (const { name } of similarity.concepts) expect(chart.texts.filter((t) => t === name)).toHaveLength(1);
    const numbers = numbersOf(svg);
    expect(numbers.every(Number.isFinite)).toBe(true);
    for (const [, x] of svg.matchAll(/<(?:rect|text) x="([^"]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(chart.width);
    }
    for (const [, y] of svg.matchAll(/<text x="[^"]+" y="([^"]+)"/g)) {
      expect(Number(y)).toBeLessThan(chart.height);
    }
  });

  it("cuts long names, keeps them for those who hover, and escapes them", () => {
    const long = `<script>alert("x")</script> ${"very ".repeat(40)}long`;
    const svg = draw(similarityOf([long, "b", "c"]), fonts).svg();
    expect(svg).not.toContain("<script");
    expect(svg).toContain("…</text>");
    expect(svg).toContain("&lt;script&gt;");
  });

  it("is drawn light and dark in other colours", () => {
    const similarity = similarityOf(["a", "b", "c"]);
    const [light, dark] = (["light", "dark"] as const).map((theme) =>
      draw(similarity, fonts, { theme }).svg(),
    );
    expect(dark).not.toBe(light);
    expect(draw(similarity, fonts, { title: "Mine & yours" }).svg()).toContain("Mine &amp; yours");
  });
});

describe("ticks", () => {
  it("are round, ascending, within the range and not too many", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (low, span) => {
          const ticks = axisTicks(low, low + span, 6);
          expect(ticks.length).toBeLessThanOrEqual(8);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          const slack = 1e-6 * (Math.abs(low) + span);
          ticks.forEach(({ value, text }, i) => {
            expect(value).toBeGreaterThanOrEqual(low - slack);
            expect(value).toBeLessThanOrEqual(low + span + slack);
            expect(Number(text)).toBeCloseTo(value, 6);
            if (i > 0) expect(text).not.toBe(ticks[i - 1]!.text);
          });
        },
      ),
    );
  });
});

describe("the ramp of colours", () => {
  it("is judged by luminance: a contrast of 21 between black and white", () => {
    expect((luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05)).toBeCloseTo(21, 6);
    expect(luminance("#808080")).toBeCloseTo(0.2159, 3);
  });

  it("is readable everywhere: ink and ground differ by 4.5 : 1", () => {
    for (const theme of ["light", "dark"] as const) {
      for (let value = 0; value <= 1; value += 0.01) {
        const [high, low] = [luminance(inkOn(value, theme)), luminance(rampColor(value, theme))].sort(
          (a, b) => b - a,
        );
        expect((high! + 0.05) / (low! + 0.05), `${theme} ${value}`).toBeGreaterThan(4.5);
      }
    }
  });
});
