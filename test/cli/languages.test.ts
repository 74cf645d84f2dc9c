// Words in several languages and scripts, from a file to every place where they are shown.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import stringWidth from "string-width";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/core/format/npy.ts";
import { takeRows } from "../../src/core/math/matrix.ts";
import { groupedVectors } from "../support/collections.ts";
import { concept, temporaryFolder } from "../support/command.ts";

const folder = temporaryFolder("languages");
const file = (name: string): string => path.join(folder, name);
const { vectors, centres } = groupedVectors({ groups: 6, perGroup: 50 });
/** A word a concept, each followed by another spelling of it: upper case, or its accent written apart. */
const WORDS = ["été", "犬", "مدينة كبيرة", "चित्र", "ящик", "Häuser"];
const TWINS = ["e\u0301te\u0301", "犬 ", "مدينة كبيرة ", "चित्र ", "Ящик", "HÄUSER"];

beforeAll(async () => {
  writeFileSync(file("vectors.npy"), writeNpy(vectors));
  const places = WORDS.flatMap((_, i) => [i, i]);
  writeFileSync(file("words.npy"), writeNpy(takeRows(centres, Int32Array.from(places))));
  writeFileSync(file("words.txt"), `\uFEFF${WORDS.flatMap((word, i) => [word, TWINS[i]]).join("\r\n")}\r\n`);
  const words = [
    "--docs",
    file("words.txt"),
    "--doc-embeddings",
    file("words.npy"),
    "--word-language",
    "none",
  ];
  const run = await concept(["fit", file("vectors.npy"), "-o", file("m.concept"), ...words]);
  expect(run.stderr).not.toContain("rror");
  expect(run.code).toBe(0);
});

const shown = async (...args: string[]): Promise<string> => {
  const run = await concept(args);
  expect(run.code).toBe(0);
  return run.stdout;
};

describe("words of several languages", () => {
  it("name the concepts, one spelling of each", async () => {
    const { images, concepts } = JSON.parse(await shown("export", file("m.concept"), "--to", "json"));
    expect(images).toHaveLength(300);
    expect(concepts.map(({ name }: { name: string }) => name).sort()).toEqual([...WORDS].sort());
    for (const { words } of concepts) {
      const plain = words.map(({ word }: { word: string }) => word.normalize("NFC").toLowerCase().trim());
      expect(new Set(plain).size).toBe(plain.length);
    }
  });

  it.each(WORDS)("%s is found by search, and stands in tables as it is", async (word) => {
    const found = JSON.parse(await shown("search", file("m.concept"), `"${word}"`, "--json"));
    expect(found.concepts[0].name).toBe(word);
    expect(await shown("info", file("m.concept"))).toContain(word);
  });

  it("come through exports, edits and saved tables whole", async () => {
    await shown("export", file("m.concept"), "--to", "csv", "-o", file("tables"));
    expect(readFileSync(file("tables/concepts.csv"), "utf8")).toContain(",مدينة كبيرة,50,");
    await shown("export", file("m.concept"), "--to", "parquet", "-o", file("tables"));
    const exported = await parquetReadObjects({
      file: await asyncBufferFromFile(file("tables/concepts.parquet")),
    });
    expect(exported.map((row) => row["name"]).sort()).toEqual([...WORDS].sort());
    const saved = await parquetReadObjects({
      file: await asyncBufferFromFile(file("m.concept/words.parquet")),
    });
    expect(saved.map((row) => row["word"])).toEqual(expect.arrayContaining(WORDS));
    await shown("edit", file("m.concept"), "rename", "0", "ロケット 🚀 صاروخ");
    expect(readFileSync(file("m.concept/edits.jsonl"), "utf8")).toContain("ロケット 🚀 صاروخ");
    const table = (await shown("info", file("m.concept"))).split("\n\n")[1]!.trimEnd().split("\n");
    expect(table.slice(1).some((line) => line.includes("ロケット 🚀 صاروخ"))).toBe(true);
    // Chinese characters take two columns, accents and vowel signs none.
    const columns = table.slice(1).map((line) => stringWidth(line.slice(0, line.lastIndexOf("  "))));
    expect(new Set(columns).size).toBe(1);
  });
});
