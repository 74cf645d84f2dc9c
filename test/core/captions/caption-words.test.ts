import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsByCaptions } from "../../../src/core/captions/caption-ctfidf.ts";
import { captionTerms, captionWords } from "../../../src/core/captions/caption-words.ts";
import { retrievalPower } from "../../../src/core/captions/retrieval-power.ts";

test("words of captions", () => {
  expect([
    ...captionWords(["A dog's life, on the BEACH in 2024!", "well-being of a dog's 3D 猫 और"]),
  ]).toEqual(["dog's", "life", "beach", "well-being", "3d", "猫", "और"]);
  expect(captionTerms([["red boat"], [], ["red sky", "red"], ["sky"]], { maxWords: 2 })).toEqual({
    words: ["red", "sky"],
    pictures: [Int32Array.of(0, 2), Int32Array.of(2, 3)],
  });
});

describe("c-TF-IDF over captions", () => {
  test("takes what sets a concept apart, once a picture", () => {
    const captions = [
      ["photo dog", "photo dog dog"],
      ["photo dog run"],
      ["photo cat"],
      ["photo cat sleep"],
      ["photo tree"],
      [],
    ];
    const words = wordsByCaptions(captions, Int32Array.of(0, 0, 1, 1, -1, 2), { groups: 3, count: 2 });
    expect(words.map((list) => list.map(({ word }) => word))).toEqual([["dog", "run"], ["cat", "sleep"], []]);
    // 2 of 5 words in the concept; ln(1 + 10 words in 4 classes / 2 uses).
    expect(words[0]![0]!.score).toBeCloseTo((2 / 5) * Math.log(1 + Math.floor(12 / 4) / 2), 12);
  });

  test("without captions there are no words", () => {
    expect(wordsByCaptions([[], []], Int32Array.of(0, -1), { groups: 1, count: 5 })).toEqual([[]]);
  });
});

test("the area under the curve is the share of pairs in the right order", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(scores, scores, (right, others) => {
      let pairs = 0;
      for (const a of right) for (const b of others) pairs += a > b ? 1 : a === b ? 0.5 : 0;
      const power = retrievalPower(Float64Array.from(right), Float64Array.from(others))!;
      expect(power.auc).toBeCloseTo(pairs / (right.length * others.length), 12);
      expect(power.noise).toBeGreaterThan(0);
    }),
  );
  expect(retrievalPower(new Float64Array(0), new Float64Array(3))).toBeNull();
});
