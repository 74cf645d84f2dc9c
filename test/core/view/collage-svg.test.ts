import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, ModelStateError } from "../../../src/core/errors.ts";
import { collageHtml } from "../../../src/core/view/collage-html.ts";
import { type CollageTile, layoutCollage } from "../../../src/core/view/collage-layout.ts";
import { collageSummary, percentText } from "../../../src/core/view/collage-summary.ts";
import { collageSvg } from "../../../src/core/view/collage-svg.ts";
import { type CollageTheme, collageColors } from "../../../src/core/view/collage-theme.ts";
import { interFonts } from "./fonts.ts";

const fonts = interFonts();
const square = { width: 100, height: 100 };
const tile = (title: string, words: readonly string[] = []): CollageTile => {
  return { title, words, size: 10, pictures: [square, square] };
};

/** Balance of tags, escaped text and attributes: the part of XML that a collage uses. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, end, name, _a, empty) => {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(xml).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  expect(xml).not.toMatch(/\p{Cs}/u);
}

describe("collageSvg", () => {
  it("is well-formed whatever strangers write", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom(
        "<img onerror=alert(1)>",
        "</text><script>x</script>",
        "&lt;",
        '"><x y="',
        "]]>",
        "\ud800",
      ),
    );
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), text, (title, words, name) => {
        const layout = layoutCollage([tile(title, words)], fonts, { title, subtitle: name, footer: title });
        const svg = collageSvg(layout, [[{ name }, { name, href: name }]], fonts, {
          css: title.length > 3 ? "a{}" : undefined,
        });
        assertWellFormed(svg.replaceAll(/href="[^"]*"/g, ""));
        expect(svg).not.toMatch(/<(script|img)/);
      }),
      { numRuns: 150 },
    );
  });

  it("paints with the colours of its theme only", () => {
    const layout = layoutCollage([tile("cats", ["kitten"])], fonts, { title: "Concepts" });
    for (const theme of ["light", "dark"] as const) {
      const svg = collageSvg(layout, [[{}, {}]], fonts, { theme });
      const used = new Set([...svg.matchAll(/fill="(#[0-9a-f]{6})"/g)].map((match) => match[1]!));
      expect(used.size).toBeGreaterThan(4);
      for (const color of used) expect(Object.values(collageColors[theme])).toContain(color);
    }
  });

  it("gives a page without script that follows the reader's theme", () => {
    const svg = collageSvg(layoutCollage([tile("cats")], fonts), [[]], fonts);
    const html = collageHtml(svg, "auto", "</title><script>");
    expect(html).toContain("prefers-color-scheme:dark");
    expect(html).toContain(`.cm-card{fill:${collageColors.dark.card}}`);
    expect(html).not.toContain("<script");
    expect(collageHtml(svg, "dark", "x")).not.toContain("prefers-color-scheme");
  });
});

describe("collageColors", () => {
  it.each(["light", "dark"] as CollageTheme[])("reaches contrast AA in %s", (theme) => {
    const colors = collageColors[theme];
    for (const role of ["text", "muted", "accent"] as const) {
      for (const ground of ["card", "page"] as const) {
        expect(contrast(colors[role], colors[ground])).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colors.muted, colors.missing)).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#000000", colors["dark-ink"])).toBeGreaterThanOrEqual(theme === "dark" ? 3 : 4.5);
  });
});

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

describe("layoutCollage", () => {
  it("keeps tiles equal, apart and on the page, and pictures and text in their tiles", () => {
    const options = { minLength: 1, maxLength: 30 };
    const tiles = fc.array(
      fc.record({
        title: fc.string({ maxLength: 90 }),
        words: fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }),
        size: fc.nat(1e7),
        share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        pictures: fc.array(
          fc.record({ width: fc.integer({ min: 1, max: 999 }), height: fc.integer({ min: 1, max: 999 }) }),
          { maxLength: 5 },
        ),
      }),
      options,
    );
    fc.assert(
      fc.property(tiles, (given) => {
        const layout = layoutCollage(given, fonts, { title: "A title" });
        expect(layout.tiles).toHaveLength(given.length);
        for (const placed of layout.tiles) {
          const first = layout.tiles[0]!;
          expect([placed.width, placed.height]).toEqual([first.width, first.height]);
          expect((placed.x - first.x) % (first.width + 20)).toBe(0);
          expect((placed.y - first.y) % (first.height + 20)).toBe(0);
          expect(placed.x + placed.width).toBeLessThan(layout.width);
          expect(placed.y + placed.height).toBeLessThan(layout.height);
          for (const picture of placed.pictures) {
            expect(picture.y).toBeGreaterThan(placed.rule.y);
            expect(picture.x + picture.width).toBeLessThanOrEqual(placed.rule.x + placed.rule.width);
            expect(picture.y + picture.height).toBeLessThan(placed.y + placed.height);
          }
        }
        expect(new Set(layout.tiles.map(({ x, y }) => `${x} ${y}`)).size).toBe(given.length);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves no orphan where another number of columns has none", () => {
    const columnsOf = (count: number): number => {
      const { tiles } = layoutCollage(new Array(count).fill(tile("a")), fonts);
      return new Set(tiles.map(({ x }) => x)).size;
    };
    expect([1, 3, 9, 12, 20].map(columnsOf)).toEqual([1, 3, 3, 3, 4]);
  });

  it("fits the width asked for", () => {
    const layout = layoutCollage([tile("a"), tile("b"), tile("c")], fonts, { width: 1000, columns: 2 });
    expect(layout.width).toBe(1000);
    expect(layout.tiles[1]!.x + layout.tiles[1]!.width).toBeLessThanOrEqual(1000 - layout.tiles[0]!.x);
  });

  it("leaves out words that the title says", () => {
    const { tiles } = layoutCollage([tile("Cat, kitten", ["cat", "kitten", "pet"])], fonts);
    expect(tiles[0]!.texts.map(({ text }) => text)).toEqual(["Cat, kitten", "10", "pet"]);
  });

  it("says what is wrong", () => {
    expect(() => layoutCollage([], fonts)).toThrow(ModelStateError);
    expect(() => layoutCollage([], fonts)).toThrow("no concepts to draw");
    expect(() => layoutCollage(new Array(201).fill(tile("a")), fonts)).toThrow(InputError);
    expect(() => layoutCollage([tile("a")], fonts, { columns: 0 })).toThrow(InputError);
    expect(() => layoutCollage([tile("a")], fonts, { width: 100 })).toThrow(InputError);
    const flat = { ...tile("a"), pictures: [{ width: 10, height: 0 }] };
    expect(() => layoutCollage([flat], fonts)).toThrow("has no size");
  });
});

describe("collageSummary", () => {
  it("counts", () => {
    const counts = { pictures: 1911, concepts: 23, unassigned: 212 };
    expect(collageSummary(counts)).toBe("1,911 pictures · 23 concepts · 212 in no concept (11\u00a0%)");
    expect(collageSummary({ ...counts, shown: 12 })).toContain("23 concepts, 12 shown");
    expect(collageSummary({ pictures: 1, concepts: 1, unassigned: 0 })).toBe("1 picture · 1 concept");
    expect([0, 0.0004, 0.0433, 0.02, 0.0996, 1].map(percentText)).toEqual(
      ["0", "< 0.1", "4.3", "2", "10", "100"].map((text) => `${text}\u00a0%`),
    );
  });
});
