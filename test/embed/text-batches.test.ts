import fc from "fast-check";
import { expect, test } from "vitest";
import { batchTokens, checkTemplate, fillTemplate, truncateTokens } from "../../src/embed/text-batches.ts";

const rules = { maxTokens: 8, endTokens: 1, padTo: null, padId: 0 };
const sequences = fc.array(fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 8 }), {
  maxLength: 60,
});

test("every text is in exactly one batch, unpadded, with texts of its own length", () => {
  fc.assert(
    fc.property(sequences, fc.integer({ min: 1, max: 9 }), fc.nat(3), (texts, batchSize, extra) => {
      const seen = new Map<number, number[]>();
      for (const batch of batchTokens(texts, rules, batchSize, batchSize + extra)) {
        expect(batch.rows).toBe(batchSize + extra);
        expect(batch.texts.length).toBeLessThanOrEqual(batchSize);
        expect(batch.mask.every((bit) => bit === 1n)).toBe(true);
        batch.texts.forEach((text, r) => {
          expect(seen.has(text)).toBe(false);
          seen.set(text, [...batch.ids.subarray(r * batch.cols, (r + 1) * batch.cols)].map(Number));
        });
      }
      for (const [i, text] of texts.entries()) expect(seen.get(i)).toEqual(text);
      expect(seen.size).toBe(texts.length);
    }),
  );
});

test("models that read their padding get it on the right, masked", () => {
  const [batch] = batchTokens([[5, 6]], { ...rules, padTo: 4, padId: 9 }, 1, 2);
  expect([...batch!.ids].map(Number)).toEqual([5, 6, 9, 9, 5, 6, 9, 9]);
  expect([...batch!.mask].map(Number)).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
});

test("truncation keeps the end token", () => {
  expect(truncateTokens([1, 2, 3, 4, 5, 6, 7, 8, 9, 99], rules)).toEqual([1, 2, 3, 4, 5, 6, 7, 99]);
  expect(truncateTokens([1, 2, 99], rules)).toEqual([1, 2, 99]);
  expect(truncateTokens([1, 2, 3, 4, 5, 6, 7, 8, 9], { ...rules, endTokens: 0 })).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8,
  ]);
});

test("templates", () => {
  expect(fillTemplate("a photo of a {}.", "$& dog {}")).toBe("a photo of a $& dog {}.");
  for (const wrong of ["", "dog", "{} and {}"]) expect(() => checkTemplate(wrong)).toThrow("{}");
});
