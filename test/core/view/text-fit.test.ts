import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { readFontMetrics } from "../../../src/core/view/font-metrics.ts";
import { cleanText, fitText, fitWords, isCovered, textWidth } from "../../../src/core/view/text-fit.ts";
import { interFonts } from "./fonts.ts";

const { regular, semibold } = interFonts();

describe("readFontMetrics", () => {
  it("reads the advances fonttools reads", () => {
    // hmtx of the shipped files by fonttools 4.38, in units of 2048 an em.
    expect(regular.advance(0x41)! * 2048).toBe(1413);
    expect(semibold.advance(0x57)! * 2048).toBe(2089);
    expect(regular.advance(0x416)! * 2048).toBe(1966);
    expect(regular.advance(0x2026)! * 2048).toBe(1770);
    expect(regular.advance(0x732b)).toBeUndefined();
  });

  it("refuses what is no font", () => {
    expect(() => readFontMetrics(new Uint8Array(3))).toThrow(FormatError);
    expect(() => readFontMetrics(new TextEncoder().encode("not a font at all, not at all"))).toThrow(
      FormatError,
    );
  });
});

describe("fitText", () => {
  it("never exceeds the width, and keeps what fits", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 80 }),
        fc.integer({ min: 20, max: 400 }),
        (text, width) => {
          const fitted = fitText(text, semibold, 18, width);
          expect(textWidth(fitted, semibold, 18)).toBeLessThanOrEqual(width);
          if (textWidth(text, semibold, 18) <= width) expect(fitted).toBe(text);
        },
      ),
    );
  });

  it("cuts between graphemes", () => {
    const family = "👩‍👩‍👧";
    const fitted = fitText(family.repeat(20), regular, 14, 120);
    expect(fitted.replace("…", "").length % family.length).toBe(0);
    expect(fitted.length).toBeGreaterThan(family.length);
  });
});

describe("fitWords", () => {
  it("keeps whole words, in order", () => {
    expect(fitWords(["cat", "dog"], regular, 14, 300)).toBe("cat · dog");
    expect(fitWords(["cat", "W".repeat(80), "dog"], regular, 14, 300)).toBe("cat");
    expect(fitWords(["W".repeat(80)], regular, 14, 100)).toMatch(/^W+…$/);
    expect(fitWords([], regular, 14, 100)).toBe("");
  });
});

describe("cleanText", () => {
  it("drops what XML forbids and what turns lines around", () => {
    expect(cleanText(" a\u0000b\u0007\n\tc\u202e\ud800d\uffff\u200b ")).toBe("ab cd");
  });

  it("keeps letters of all scripts, and joined emoji", () => {
    for (const text of ["naïve", "Ελληνικά", "قطط", "猫と犬", "👩‍👩‍👧", "❤️"])
      expect(cleanText(text)).toBe(text);
    expect(isCovered("Đặng Кошки Ελληνικά · … –", regular)).toBe(true);
    expect(isCovered("猫", regular)).toBe(false);
  });
});
