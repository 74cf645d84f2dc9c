import { describe, expect, it } from "vitest";
import { conceptNames } from "../../../src/core/concepts/names.ts";

const scored = (...words: string[]) => words.map((word, i) => ({ word, score: 1 - i / 10 }));

describe("concept names", () => {
  it("are the best word", () => {
    expect(conceptNames([scored("dog", "puppy"), scored("cat")])).toEqual(["dog", "cat"]);
  });

  it("take as many words as tell concepts with the same best word apart", () => {
    expect(conceptNames([scored("dog", "puppy"), scored("dog", "hound"), scored("cat", "x")])).toEqual([
      "dog, puppy",
      "dog, hound",
      "cat",
    ]);
  });

  it("fall back to the id when words are missing or the same", () => {
    expect(conceptNames([[], scored("sea"), scored("sea")])).toEqual(["Concept 0", "sea (1)", "sea (2)"]);
  });

  it("are distinct for equal lists of different length", () => {
    const names = conceptNames([scored("dog"), scored("dog", "puppy")]);
    expect(new Set(names).size).toBe(2);
  });
});
