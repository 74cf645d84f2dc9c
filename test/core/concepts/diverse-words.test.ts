import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unlikeWords } from "../../../src/core/concepts/concept-words.ts";
import { diverseWords } from "../../../src/core/concepts/diverse-words.ts";
import { dot, matrix, normalizedRows, row } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { ScoredWord, Vocabulary } from "../../../src/core/model.ts";

function drawn(
  seed: number,
  count: number,
): { readonly words: ScoredWord[]; readonly vocabulary: Vocabulary } {
  const rng = new Rng(seed);
  const names = Array.from({ length: count }, (_, i) => `w${i}`);
  const data = Float32Array.from({ length: count * 5 }, () => rng.uniform() - 0.3);
  const scores = names.map(() => rng.uniform() * 2 - 1).sort((a, b) => b - a);
  return {
    words: names.map((word, i) => ({ word, score: scores[i]! })),
    vocabulary: { words: names.toReversed(), vectors: normalizedRows(matrix(data, count, 5)) },
  };
}

/** By the definition, each similarity anew. */
function byDefinition(
  words: readonly ScoredWord[],
  { words: names, vectors }: Vocabulary,
  diversity: number,
) {
  const mean = Array.from({ length: 5 }, (_, j) =>
    names.reduce((sum, _word, i) => sum + row(vectors, i)[j]! / names.length, 0),
  );
  const centred = (word: string) =>
    Float32Array.from(row(vectors, names.indexOf(word)), (value, j) => value - mean[j]!);
  const cosine = (a: string, b: string) => {
    const [u, v] = [centred(a), centred(b)];
    return dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v));
  };
  const [high, low] = [words[0]!.score, words.at(-1)!.score];
  return (word: ScoredWord, picked: readonly ScoredWord[]) =>
    (1 - diversity) * ((word.score - low) / (high - low)) -
    diversity * Math.max(...picked.map((other) => cosine(word.word, other.word)));
}

describe("diverse words", () => {
  const draws = [
    fc.integer(),
    fc.integer({ min: 2, max: 12 }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
  ] as const;

  it("are the best word, then each time the one below that is best by the definition", () => {
    fc.assert(
      fc.property(...draws, (seed, length, diversity) => {
        const { words, vocabulary } = drawn(seed, length);
        const count = 1 + (Math.abs(seed) % length);
        const [picked] = diverseWords([words], vocabulary, { count, diversity });
        const places = picked!.map((word) => words.indexOf(word));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect([places[0], new Set(places).size]).toEqual([0, count]);
        const gain = byDefinition(words, vocabulary, diversity);
        for (let i = 1; i < count; i++) {
          // Enough are left below for those still to come.
          const open = words.slice(places[i - 1]! + 1, length - (count - i) + 1);
          const best = Math.max(...open.map((word) => gain(word, picked!.slice(0, i))));
          expect(gain(picked![i]!, picked!.slice(0, i))).toBeCloseTo(best, 5);
        }
      }),
    );
  });

  it("are the list as it is without diversity, and no more than asked for", () => {
    fc.assert(
      fc.property(...draws, (seed, count, diversity) => {
        const { words, vocabulary } = drawn(seed, count);
        expect(diverseWords([words, []], vocabulary, { count: 3, diversity: 0 })).toEqual([
          words.slice(0, 3),
          [],
        ]);
        const few = diverseWords([words, []], vocabulary, { count: 3, diversity });
        expect(few.map((list) => list.length)).toEqual([Math.min(3, count), 0]);
      }),
    );
  });

  it("do not spell one thing in five ways", () => {
    const words = ["ship", "shipping", "shipboard", "shipyard", "shipment", "harbour", "dog", "cat"];
    const close = (i: number) => [1, 0.02 * i, 0, 0, 0.3];
    const data = [...[0, 1, 2, 3, 4].flatMap(close), 0.9, 0, 0.5, 0, 0.3, 0, 1, 0, 0, 0.3, 0, 0, 0, 1, 0.3];
    const vocabulary = { words, vectors: normalizedRows(matrix(Float32Array.from(data), 8, 5)) };
    const scored = words.map((word, i) => ({
      word,
      score: [0.9, 0.89, 0.88, 0.87, 0.86, 0.8, 0.2, 0.1][i]!,
    }));
    const best = (wordDiversity: number | undefined) =>
      unlikeWords([scored], vocabulary, { wordScoring: "cosine", wordDiversity }, 2)[0]!.map(
        ({ word }) => word,
      );
    expect(best(0)).toEqual(["ship", "shipping"]);
    expect(best(undefined)).toEqual(best(0));
    expect(best(0.3)).toEqual(["ship", "harbour"]);
  });
});
