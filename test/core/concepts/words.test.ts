import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordsByContrast } from "../../../src/core/concepts/contrastive-words.ts";
import { provenWords } from "../../../src/core/concepts/label-proof.ts";
import { lemmasByRule, lemmatizerOf } from "../../../src/core/concepts/lemmatizer.ts";
import { conceptNames, labelFault } from "../../../src/core/concepts/names.ts";
import { singular } from "../../../src/core/concepts/singular.ts";
import { withoutTwins } from "../../../src/core/concepts/word-twins.ts";
import { matrix, normalizedRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";

const kernels = referenceKernels;

describe("contrastive words", () => {
  it("prefer what sets concepts apart to what they share, where cosine does not", async () => {
    // "photograph" lies between both concepts, nearer to each than its own word is.
    const vocabulary = {
      words: ["photograph", "dog", "ship"],
      vectors: normalizedRows(matrix(Float32Array.of(1, 0.3, 0.3, 0.1, 1, 0, 0.1, 0, 1), 3, 3)),
    };
    const means = matrix(Float32Array.of(1, 0.7, 0, 1, 0, 0.7), 2, 3);
    const words = await wordsByContrast(means, vocabulary, { count: 3, kernels });
    expect(words.map((list) => list[0]!.word)).toEqual(["dog", "ship"]);
    const plain = await wordsByContrast(matrix(means.data.subarray(0, 3), 1, 3), vocabulary, {
      count: 3,
      kernels,
    });
    expect(plain[0]![0]!.word).toBe("photograph");
  });

  it("have the scores of their formula, falling, whatever the lengths of the means", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 5 }), async (seed, concepts) => {
        const rng = new Rng(seed);
        const draw = (rows: number) =>
          matrix(
            Float32Array.from({ length: rows * 4 }, () => rng.uniform() - 0.5),
            rows,
            4,
          );
        const vocabulary = { words: ["a", "b", "c", "d", "e"], vectors: normalizedRows(draw(5)) };
        const means = draw(concepts);
        const words = await wordsByContrast(means, vocabulary, { count: 5, kernels });
        const unit = normalizedRows(means);
        const at = (m: typeof unit, i: number, j: number) => m.data[i * 4 + j]!;
        words.forEach((list, c) => {
          expect(list.map(({ score }) => score)).toEqual(
            list.map(({ score }) => score).sort((x, y) => y - x),
          );
          for (const { word, score } of list) {
            const w = vocabulary.words.indexOf(word);
            let expected = 0;
            for (let j = 0; j < 4; j++) {
              let others = 0;
              for (let o = 0; o < concepts; o++) if (o !== c) others += at(unit, o, j) / (concepts - 1);
              let mean = 0;
              for (let v = 0; v < 5; v++) mean += at(vocabulary.vectors, v, j) / 5;
              expected += (at(vocabulary.vectors, w, j) - mean) * (at(unit, c, j) - others / 2);
            }
            expect(score).toBeCloseTo(expected, 5);
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe("twins among words", () => {
  it.each([
    ["dogs", "dog"],
    ["Boxes", "box"],
    ["leaves", "leaf"],
    ["wolves", "wolf"],
    ["knives", "knife"],
    ["puppies", "puppy"],
    ["tomatoes", "tomato"],
    ["shoes", "shoe"],
    ["children", "child"],
    ["movies", "movie"],
    ["toes", "toe"],
    ["pies", "pie"],
    ["cookies", "cookie"],
    ["ice creams", "ice cream"],
  ])("%s are folded into %s", (plural, word) => {
    expect(withoutTwins([{ word: plural }, { word }], lemmasByRule)).toEqual([{ word: plural }]);
  });

  it.each(["glass", "bus", "tennis", "gas", "bee"])("%s stays itself", (word) => {
    expect(singular(word)).toBe(word);
  });

  it("are words of their own in no language, but for their case", () => {
    const words = ["Haus", "haus", "Hals", "Hal", "dogs", "dog"].map((word) => ({ word }));
    const kept = (language?: "en" | "none") =>
      withoutTwins(words, lemmatizerOf(language, lemmasByRule)).map(({ word }) => word);
    expect(kept("none")).toEqual(["Haus", "Hals", "Hal", "dogs", "dog"]);
    expect(kept("en")).toEqual(kept());
    expect(kept()).not.toContain("dog");
  });

  it("keep the first spelling and everything that is no twin", () => {
    const words = ["dog", "cat", "dogs", "Cat", "catalog"].map((word) => ({ word }));
    expect(withoutTwins(words, lemmasByRule).map(({ word }) => word)).toEqual(["dog", "cat", "catalog"]);
  });

  it("share one lemma of several: a form of either word is passed over, a word with other lemmas is not", () => {
    const lemmas: Record<string, string[]> = { leaves: ["leaf", "leave"], running: ["running", "run"] };
    const words = ["leaves", "leaf", "leave", "run", "running", "runner"].map((word) => ({ word }));
    const kept = withoutTwins(words, (word) => lemmas[word] ?? [word]);
    expect(kept.map(({ word }) => word)).toEqual(["leaves", "run", "runner"]);
  });
});

describe("words put to the test", () => {
  /** Scores are the images' own single coordinates: the word is the axis. */
  const prove = async (scores: readonly number[], concepts: readonly number[], count = 1) => {
    const vocabulary = { words: ["word"], vectors: matrix(Float32Array.of(1), 1, 1) };
    const words = Array.from({ length: count }, () => [{ word: "word", score: 1 }]);
    const images = matrix(Float32Array.from(scores), scores.length, 1);
    return (await provenWords(words, vocabulary, images, Int32Array.from(concepts), kernels)).map(
      (list) => list[0]!,
    );
  };

  it("are certain where all own images come first, and hopeless where they come last", async () => {
    const [first, second] = await prove([0.9, 0.8, 0.7, 0.2, 0.1, 0], [0, 0, 0, 1, 1, -1], 2);
    expect(first).toMatchObject({ auc: 1, precision: 1 });
    expect(second!.auc).toBeCloseTo(1 / 4, 3);
    expect(second!.precision).toBe(0);
  });

  it("count ties half", async () => {
    const [tied] = await prove([0.5, 0.5, 0.5, 0.5], [0, 0, -1, -1]);
    expect(tied).toMatchObject({ auc: 0.5, precision: 0.5 });
  });

  it("agree with counting pairs, whatever the scores", async () => {
    const images = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: -1, max: 0 })), {
      minLength: 2,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(images, async (pairs) => {
        const own = pairs.filter(([, concept]) => concept === 0);
        const others = pairs.filter(([, concept]) => concept !== 0);
        fc.pre(own.length > 0 && others.length > 0);
        let won = 0;
        for (const [a] of own) for (const [b] of others) won += a > b ? 1 : a === b ? 0.5 : 0;
        const [proof] = await prove(
          pairs.map(([score]) => score / 8),
          pairs.map(([, concept]) => concept),
        );
        expect(proof!.auc).toBeCloseTo(won / own.length / others.length, 6);
        expect(proof!.precision).toBeGreaterThanOrEqual(0);
        expect(proof!.precision).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("name a concept unclear, with the reason, where even the best one fails", () => {
    const words = [
      [{ word: "dog", score: 0.4, auc: 0.97, precision: 0.8 }],
      [{ word: "thing", score: 0.4, auc: 0.52, precision: 0.1 }],
    ];
    expect(conceptNames(words)).toEqual(["dog", "unclear: thing"]);
    expect(labelFault(words[0]!)).toBeNull();
    expect(labelFault(words[1]!)).toContain("52 %");
    expect(conceptNames([words[1]!, words[1]!])).toEqual(["unclear: thing (0)", "unclear: thing (1)"]);
  });
});
