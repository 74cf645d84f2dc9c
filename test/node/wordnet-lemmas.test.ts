import { beforeAll, describe, expect, it } from "vitest";
import type { Lemmatizer } from "../../src/core/concepts/lemmatizer.ts";
import { withoutTwins } from "../../src/core/concepts/word-twins.ts";
import { wordnetLemmatizer } from "../../src/node/wordnet-lemmas.ts";
import { wordnetNouns } from "../../src/node/wordnet-nouns.ts";

describe("lemmas by WordNet", () => {
  let lemmas: Lemmatizer;
  beforeAll(async () => {
    lemmas = await wordnetLemmatizer();
  });

  it.each([
    ["dogs", ["dog"]],
    ["Boxes", ["box"]],
    ["geese", ["goose"]],
    ["mice", ["mouse"]],
    ["wolves", ["wolf"]],
    ["men", ["man", "men"]],
    ["cherries", ["cherry"]],
    ["leaves", ["leaf", "leave"]],
    ["glasses", ["glass", "glasses"]],
    ["running", ["running", "run"]],
    ["photographed", ["photograph"]],
    ["ice creams", ["ice cream"]],
    ["a photo of dogs", ["a photo of dog"]],
    ["merry-go-rounds", ["merry-go-round"]],
    ["taller", ["tall"]],
  ])("%s comes from %j", (word, expected) => {
    expect(lemmas(word)).toEqual(expected);
  });

  it.each([
    "gas",
    "bus",
    "glass",
    "tennis",
    "lens",
    "canvas",
    "Häuser",
    "犬",
    "كلب",
    "ящики",
    "",
    " ",
  ])("%j stays itself", (word) => {
    expect(lemmas(word)[0]).toBe(word.toLowerCase());
  });

  it("fold forms that no rule of plurals tells, and keep the better one", () => {
    const words = ["geese", "swimming", "goose", "swim", "swam", "duck", "ducks"].map((word) => ({ word }));
    expect(withoutTwins(words, lemmas).map(({ word }) => word)).toEqual(["geese", "swimming", "duck"]);
  });

  it("of the commonest nouns are mostly the nouns themselves", async () => {
    const nouns = await wordnetNouns({ count: 2000 });
    expect(nouns.filter((noun) => lemmas(noun)[0] !== noun).length).toBeLessThan(100);
    for (const noun of nouns) expect(lemmas(noun)).not.toContain("");
  });
});
