import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CaptionReport } from "../../src/core/captions/caption-report.ts";
import { Rng } from "../../src/core/math/rng.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { type Emoji, emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("captions");
const pictures = path.join(folder, "pictures");
const model = path.join(folder, "emoji.concept");
const cache = ["--cache", path.join(folder, "cache")];
const table = path.join(folder, "names.csv");
let emoji: Emoji[];
/** File names whose captions went round among them. */
let exchanged: string[];

beforeAll(async () => {
  emoji = emojiOf("twitter").slice(0, 700);
  layOutEmoji(pictures, emoji, "twitter");
  const rng = new Rng(3);
  const chosen = emoji.filter(() => rng.uniform() < 0.06);
  const nextOf = new Map(chosen.map((one, i) => [one, chosen[(i + 7) % chosen.length]!]));
  exchanged = chosen.map((one) => `${one.short_name}.png`);
  const rows = emoji.map((one) => {
    const { name } = nextOf.get(one) ?? one;
    return `${one.short_name}.png,"${name.toLowerCase()}",${one.category}`;
  });
  writeFileSync(table, ["file,said,category", ...rows, "gone.png,nothing,None"].join("\n"));
  const fit = ["fit", pictures, "-o", model, "--model", "mini", "--vocabulary-size", "1000", ...cache];
  const { code, stderr } = await concept([...fit, "--captions", table, "--caption-column", "said"]);
  expect(stderr).toContain("700 of 700 pictures have captions; columns: category.");
  expect(stderr).toContain('of 701 rows, 1 match no picture ("gone.png")');
  expect(code).toBe(0);
}, 120_000);

describe("concept captions", () => {
  test("finds the captions that were exchanged among honest ones", async () => {
    const { code, stdout } = await concept(["captions", model, "--json", "--misfit", "0", ...cache]);
    expect(code).toBe(0);
    const { misfits } = JSON.parse(stdout) as CaptionReport;
    expect(misfits).toHaveLength(700);
    const worst = misfits.slice(0, exchanged.length);
    const found = worst.filter((misfit) => exchanged.includes(misfit.path)).length;
    console.log(`${found} of ${exchanged.length} exchanged captions among the ${exchanged.length} worst`);
    expect(found / exchanged.length).toBeGreaterThan(0.7);
    const flagged = misfits.filter(({ share }) => share >= 0.25);
    const right = flagged.filter((misfit) => exchanged.includes(misfit.path)).length;
    expect(right / flagged.length).toBeGreaterThan(0.8);
  });

  test("prints concepts with the owner's words, unseen words and misfits", async () => {
    const { code, stdout } = await concept(["captions", model, "--top", "3", ...cache]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^700 of 700 pictures have captions, 700 in all\./);
    expect(stdout).toMatch(/\bface 0\.\d\d\b/);
    expect(stdout).toMatch(/Words that no picture shows: \d+ of \d+/);
    expect(stdout).toMatch(/Captions that do not fit: \d+ of 700\nfits others +picture +caption\n/);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .slice(-3)
        .every((line) => /^ *\d+ % +\S+\.png +\S/.test(line)),
    ).toBe(true);
  });

  test("says what is wrong", async () => {
    const silent = path.join(folder, "silent.concept");
    await concept(["fit", pictures, "-o", silent, "--model", "mini", "--vocabulary", "none", ...cache]);
    expect(await concept(["captions", silent, ...cache])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("have no captions"),
    });
    const fit = ["fit", pictures, "-o", path.join(folder, "x"), "--model", "mini"];
    expect(await concept([...fit, "--captions", "nowhere.csv"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nowhere.csv"),
    });
    expect(await concept([...fit, "--key", "file"])).toMatchObject({ code: 2 });
  }, 60_000);
});
