import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("words");
const file = (name: string): string => path.join(folder, name);
const flagsAndFood = emojiOf("twitter").filter(({ category }) =>
  ["Flags", "Food & Drink"].includes(category),
);
const MODEL = ["--model", "mini", "--cache", file("cache"), "--min-size", "10"];

interface Exported {
  readonly concepts: readonly {
    readonly words: readonly { readonly word: string; readonly auc?: number }[];
  }[];
}

async function wordsOfFit(name: string, options: readonly string[]): Promise<Exported["concepts"]> {
  const run = await concept([
    "fit",
    file("emoji"),
    "-o",
    file(name),
    ...MODEL,
    ...options,
    "--json",
    "--quiet",
  ]);
  expect(run.stderr).toBe("");
  const { stdout } = await concept(["export", file(name), "--to", "json"]);
  return (JSON.parse(stdout) as Exported).concepts;
}

beforeAll(() => {
  layOutEmoji(file("emoji"), flagsAndFood, "twitter");
  writeFileSync(file("words.csv"), "id,label,kind\n1,the flag of a country,x\n2,food,x\n3,,x\n4,foods,x\n");
});

describe("concept fit --vocabulary", () => {
  it("keeps the phrases of a table's column whole, one spelling of each word, with their proof", async () => {
    const concepts = await wordsOfFit("table.concept", ["--vocabulary", file("words.csv")]);
    const words = concepts.flatMap((one) => one.words);
    expect(new Set(words.map(({ word }) => word))).toContain("the flag of a country");
    for (const { words: own } of concepts) {
      expect(own.filter(({ word }) => word.startsWith("food"))).toHaveLength(1);
      expect(own.every(({ auc }) => auc !== undefined && auc >= 0 && auc <= 1)).toBe(true);
    }
  });

  it("never uses negative words, their plural or other case", async () => {
    const options = ["--vocabulary", file("words.csv"), "--negative-words", "FOOD, zebra"];
    const concepts = await wordsOfFit("negative.concept", options);
    const words = new Set(concepts.flatMap((one) => one.words.map(({ word }) => word)));
    expect([...words]).toEqual(["the flag of a country"]);
  });

  it("takes --word-diversity, keeps it and tells it; anything but 0 to 1 is wrong usage", async () => {
    const options = ["--vocabulary", file("words.csv"), "--word-diversity"];
    await wordsOfFit("diverse.concept", [...options, "0.4"]);
    expect((await concept(["info", file("diverse.concept")])).stdout).toContain("diversity 0.4");
    const wrong = await concept(["fit", file("emoji"), "-o", file("x.concept"), ...MODEL, ...options, "2"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("--word-diversity");
  });

  it("skips --stop-words in texts and in vocabularies, and folds by --word-language", async () => {
    writeFileSync(file("docs.txt"), "the flag of the country\nfoods and food\n");
    writeFileSync(file("stop.txt"), "The\nof\nand\n");
    const options = ["--docs", file("docs.txt"), "--stop-words", file("stop.txt"), "--word-language"];
    const found = async (language: string): Promise<string[]> => {
      const concepts = await wordsOfFit(`${language}.concept`, [...options, language]);
      return [...new Set(concepts.flatMap((one) => one.words.map(({ word }) => word)))].sort();
    };
    expect(await found("none")).toEqual(["country", "flag", "food", "foods"]);
    const perConcept = (await wordsOfFit("en.concept", [...options, "en"])).map(({ words }) => words.length);
    expect(new Set(perConcept)).toEqual(new Set([3]));
    const wrong = await concept(["fit", file("emoji"), "-o", file("x.concept"), ...MODEL, ...options, "de"]);
    expect(wrong.code).toBe(2);
    const missing = ["--stop-words", file("none.txt")];
    expect((await concept(["fit", file("emoji"), "-o", file("x.concept"), ...MODEL, ...missing])).code).toBe(
      1,
    );
  });

  it("says which columns there are where none holds words", async () => {
    const options = ["--vocabulary", file("words.csv"), "--vocabulary-column", "noun"];
    const run = await concept(["fit", file("emoji"), "-o", file("x.concept"), ...MODEL, ...options]);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain("id, label, kind");
  });

  it("refuses a file that is not there, and a column without a table", async () => {
    const missing = await concept([
      "fit",
      file("emoji"),
      "-o",
      file("x.concept"),
      ...MODEL,
      "--vocabulary",
      file("no.txt"),
    ]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("no.txt");
    const column = ["--vocabulary-column", "label"];
    expect((await concept(["fit", file("emoji"), "-o", file("x.concept"), ...MODEL, ...column])).code).toBe(
      2,
    );
  });
});
