import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConceptError } from "../../../src/core/errors.ts";
import { checkedQuery, parseImageTerm, parseQuery } from "../../../src/core/search/parse-query.ts";

const text = (words: string, weight = 1) => ({ text: words, weight });

describe("parseQuery", () => {
  it.each([
    ["beach", [text("beach")]],
    ["  two dogs  in the snow ", [text("two dogs in the snow")]],
    ["+sunset -people 2:boat", [text("sunset"), text("people", -1), text("boat", 2)]],
    ["red car -blue car", [text("red car"), text("blue car", -1)]],
    ['"red car" -0.5:"traffic light"', [text("red car"), text("traffic light", -0.5)]],
    ['dog "in a car" cat', [text("dog"), text("in a car"), text("cat")]],
    ["t-shirt 5:30 a:b", [text("t-shirt"), text("30 a:b", 5)]],
    ["\\-5 degrees", [text("-5 degrees")]],
    ["\\2:boat \\+1", [text("2:boat +1")]],
    ['"say \\"hi\\" \\\\"', [text('say "hi" \\')]],
    ['5" screen', [text('5" screen')]],
    ["Straße 東京", [text("Straße 東京")]],
  ])("reads %s", (query, terms) => {
    expect(parseQuery(query)).toEqual(terms);
  });

  it.each([
    "",
    "   ",
    '"open',
    "+",
    "dogs - cats",
    "2:",
    '""',
    '" "',
    "0:dog",
    "-0.0:dog",
    "a".repeat(5000),
  ])("refuses %j with an error that says why", (query) => {
    expect(() => parseQuery(query)).toThrow(ConceptError);
  });

  it("never ends in anything but terms or its own error, and never in an empty text or a weight of 0", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab "\\+-:20.') }), (query) => {
        try {
          for (const term of parseQuery(query)) {
            expect("text" in term && term.text.trim()).not.toBe("");
            expect(term.weight).not.toBe(0);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_OPTION" });
        }
      }),
    );
  });

  it("reads back every phrase that is quoted with backslashes", () => {
    const phrase = fc.string({ minLength: 1, unit: "grapheme" }).filter((words) => words.trim() !== "");
    fc.assert(
      fc.property(fc.array(phrase, { minLength: 1, maxLength: 5 }), (phrases) => {
        const query = phrases.map((words) => `"${words.replace(/["\\]/g, "\\$&")}"`).join(" ");
        expect(parseQuery(query)).toEqual(phrases.map((words) => text(words)));
      }),
    );
  });
});

describe("checkedQuery", () => {
  it("wants something, not only something not", () => {
    expect(() => checkedQuery(parseQuery("-people"))).toThrow(/only what is not/);
    expect(() => checkedQuery([])).toThrow(ConceptError);
    expect(() => checkedQuery([{ text: "a", weight: Number.NaN }])).toThrow(/weights/);
    expect(checkedQuery([{ image: "a.jpg" }])).toHaveLength(1);
  });
});

describe("parseImageTerm", () => {
  it.each([
    ["a b.jpg", { image: "a b.jpg", weight: 1 }],
    ["-people.jpg", { image: "people.jpg", weight: -1 }],
    ["0.5:C:\\photos\\a.jpg", { image: "C:\\photos\\a.jpg", weight: 0.5 }],
    ["\\2:boat.jpg", { image: "2:boat.jpg", weight: 1 }],
  ])("reads %s", (given, term) => {
    expect(parseImageTerm(given)).toEqual(term);
  });
});
