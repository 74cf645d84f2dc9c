import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApiSearchAnswer } from "../../src/core/explorer/api.ts";
import { dateText } from "../../src/web/picture/date-text.ts";
import { sheetCell } from "../../src/web/picture/sheet-cell.ts";
import { searchOutcome } from "../../src/web/search/search-outcome.ts";
import { countOf, countText, percentText } from "../../src/web/ui/count-text.ts";

describe("numbers for people", () => {
  it("are grouped, and agree with their noun", () => {
    expect(countText(1234567)).toBe("1,234,567");
    expect(countOf(1, "picture")).toBe("1 picture");
    expect(countOf(0, "picture")).toBe("0 pictures");
  });

  it("never call nothing what is there, or all what is not", () => {
    expect([0, 0.001, 0.005, 0.146, 0.996, 1].map(percentText)).toEqual([
      "0 %",
      "<1 %",
      "<1 %",
      "15 %",
      ">99 %",
      "100 %",
    ]);
  });
});

describe("dates of pictures", () => {
  it("are shown as they were written, whatever the time zone", () => {
    expect(dateText("2019-03-14")).toBe("14 March 2019");
    expect(dateText("2019-03-14T00:00:00.000Z")).toBe("14 March 2019");
    expect(dateText("2019-03-14T09:30:00Z")).toBe("14 March 2019 at 09:30");
    expect(dateText("2019-03-14T09:30")).toBe("14 March 2019 at 09:30");
  });

  it("leaves other texts alone", () => {
    for (const text of ["", "2019", "12", "2019-13-45", "about 2019-03-14"])
      expect(dateText(text)).toBeNull();
  });
});

describe("a cell of a sheet of thumbnails", () => {
  it("is where the sheet has it", () => {
    const level = { cell: 128, columns: 8, rows: 8, sheets: 3 };
    expect(sheetCell(level, 0)).toEqual({ sheet: 0, position: "0% 0%", size: "800% 800%" });
    expect(sheetCell(level, 64 + 63)).toMatchObject({ sheet: 1, position: "100% 100%" });
  });

  it("has a place of its own for every slot", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (columns, rows) => {
        const level = { cell: 32, columns, rows, sheets: 2 };
        const slots = Array.from({ length: 2 * columns * rows }, (_, slot) => sheetCell(level, slot));
        const places = new Set(slots.map(({ sheet, position }) => `${sheet} ${position}`));
        expect(places.size).toBe(slots.length);
      }),
    );
  });
});

describe("what a search came to", () => {
  const hit = { score: 0.4, relevance: 0.9, matches: true };
  const miss = { score: 0.1, relevance: 0.2, matches: false };
  const answer: ApiSearchAnswer = {
    matches: true,
    nothing: null,
    unknown: [],
    concepts: [
      { ...hit, id: 1 },
      { ...miss, id: 2 },
    ],
    images: [
      { ...hit, row: 5 },
      { ...miss, row: 6 },
    ],
  };

  it("is the matches alone, counted", () => {
    const { headline, note, concepts, images } = searchOutcome(answer);
    expect(headline).toBe("1 concept, 1 picture");
    expect(note).toBeNull();
    expect([concepts.map(({ id }) => id), images.map(({ row }) => row)]).toEqual([[1], [5]]);
  });

  it("says when there are more than were asked for", () => {
    const images = Array.from({ length: 400 }, (_, row) => ({ ...hit, row }));
    expect(searchOutcome({ ...answer, concepts: [], images }).headline).toBe("The best 400 pictures");
  });

  it("tells the words that the model does not know", () => {
    expect(searchOutcome({ ...answer, unknown: ["xqz", "zzy"] }).note).toBe(
      "The model does not know “xqz”, “zzy”.",
    );
  });

  it("calls the nearest what they are when nothing matches", () => {
    const nothing = searchOutcome({
      ...answer,
      matches: false,
      nothing: "below the floor",
      concepts: [{ ...miss, id: 2 }],
      images: Array.from({ length: 100 }, (_, row) => ({ ...miss, row })),
    });
    expect(nothing).toMatchObject({ headline: "Nothing matches", concepts: [] });
    expect(nothing.note).toMatch(/nearest/);
    expect(nothing.images).toHaveLength(12);
  });

  it("shows no nearest to words that mean nothing to the model", () => {
    const unknown = searchOutcome({ ...answer, matches: false, nothing: "unknown words", unknown: ["xqz"] });
    expect(unknown.images).toEqual([]);
    expect(unknown.note).toBe("The model does not know “xqz”.");
  });
});
