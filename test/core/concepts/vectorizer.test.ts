import { describe, expect, it } from "vitest";
import { CountVectorizer, PhraseVectorizer } from "../../../src/core/concepts/vectorizer.ts";

describe("CountVectorizer", () => {
  it("finds lower-case words of two letters and more, those in most documents first", () => {
    expect(new CountVectorizer().vocabulary(["A red Car", "the RED bus", "x"])).toEqual([
      "red",
      "car",
      "the",
      "bus",
    ]);
  });

  it("keeps letters of any script, apostrophes and hyphens inside a word", () => {
    expect(new CountVectorizer().vocabulary(["Übermut, jack-o'-lantern x-ray 東京 don't"])).toEqual([
      "übermut",
      "jack-o",
      "lantern",
      "x-ray",
      "東京",
      "don't",
    ]);
  });

  it("takes accents composed and apart as one, vowel signs as letters, and one Chinese character as a word", () => {
    const docs = ["caf\u00e9 cafe\u0301", "हिन्दी चित्र", "犬 x", "كلب كبير"];
    expect(new CountVectorizer().vocabulary(docs)).toEqual([
      "caf\u00e9",
      "हिन्दी",
      "चित्र",
      "犬",
      "كلب",
      "كبير",
    ]);
  });

  it("makes phrases, leaves out stop words and rare words, and keeps at most so many", () => {
    const docs = ["the old harbour", "an old harbour wall"];
    expect(new CountVectorizer({ ngramRange: [2, 2], stopWords: ["THE", "an"] }).vocabulary(docs)).toEqual([
      "old harbour",
      "harbour wall",
    ]);
    expect(new CountVectorizer({ minDocuments: 2 }).vocabulary(docs)).toEqual(["old", "harbour"]);
    expect(new CountVectorizer({ maxWords: 1 }).vocabulary(docs)).toEqual(["old"]);
  });

  it("refuses an n-gram range that is upside down", () => {
    expect(() => new CountVectorizer({ ngramRange: [2, 1] })).toThrow(/1 <= shortest <= longest/);
  });
});

describe("PhraseVectorizer", () => {
  it("takes documents whole, each once", () => {
    expect(new PhraseVectorizer().vocabulary(["two dogs ", "", "two dogs", "sea"])).toEqual([
      "two dogs",
      "sea",
    ]);
  });
});
