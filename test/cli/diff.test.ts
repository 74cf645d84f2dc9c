// Real pictures: a collection of emoji, and the same without its flags, some of it at other places.
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ModelDiff } from "../../src/core/compare/model-diff.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("diff");
const whole = path.join(folder, "whole");
const part = path.join(folder, "part");
const emoji = emojiOf("twitter").filter(({ category }) =>
  ["Animals & Nature", "Food & Drink", "Flags", "Objects"].includes(category),
);
const flags = emoji.filter(({ category }) => category === "Flags").map(({ short_name }) => short_name);

async function fit(pictures: string): Promise<string> {
  const model = `${pictures}.concept`;
  const options = ["--model", "mini", "--cache", path.join(folder, "cache"), "--min-size", "10", "--quiet"];
  const run = await concept(["fit", pictures, "-o", model, ...options]);
  expect(run.code).toBe(0);
  return model;
}

let before: string;
let after: string;

beforeAll(async () => {
  layOutEmoji(whole, emoji, "twitter");
  cpSync(whole, part, { recursive: true });
  for (const name of flags) rmSync(path.join(part, `${name}.png`));
  mkdirSync(path.join(part, "moved"));
  for (const name of readdirSync(part).filter((name) => name.startsWith("c"))) {
    if (name.endsWith(".png")) renameSync(path.join(part, name), path.join(part, "moved", name));
  }
  [before, after] = [await fit(whole), await fit(part)];
});

async function diff(...args: string[]): Promise<ModelDiff> {
  const run = await concept(["diff", ...args, "--json"]);
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as ModelDiff;
}

describe("concept diff", () => {
  it("says that the concepts of a removed class died, and why", async () => {
    const found = await diff(before, after);
    expect(found.matchedBy).toBe("pictures");
    // Some flags are one drawing under two names.
    expect(found.pictures.removed).toHaveLength(flags.length);
    expect(found.pictures.added).toEqual([]);
    expect(found.pictures.shared).toBe(emoji.length - flags.length);
    expect(found.pictures.relocated.length).toBeGreaterThan(20);
    const gone = found.died.filter(({ size, kept }) => kept < size / 10);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(0.5 * flags.length);
    const run = await concept(["diff", before, after]);
    expect(run.stdout).toMatch(/^died +\d+ .*of its \d+ pictures are gone$/m);
    expect(run.stdout).toContain(`${flags.length} removed`);
  });

  it("says the same the other way round: born of new pictures", async () => {
    const [forth, back] = [await diff(before, after), await diff(after, before)];
    expect(back.born.map(({ id }) => id)).toEqual(forth.died.map(({ id }) => id));
    expect(back.pictures.added).toEqual(forth.pictures.removed);
    expect((await concept(["diff", after, before])).stdout).toMatch(/^born .* pictures are new$/m);
  });

  it("finds nothing changed in a model beside itself", async () => {
    const found = await diff(before, before);
    expect(found).toMatchObject({ split: [], merged: [], born: [], died: [] });
    const run = await concept(["diff", before, before]);
    expect(run.stdout).toMatch(/\d+ concepts stayed as they were/);
    expect((await concept(["diff", before, before, "--all"])).stdout).toMatch(/^same /m);
  });

  it("compares collections that share nothing by vectors, and says so", async () => {
    const others = path.join(folder, "others");
    const same = new Set(emoji.map(({ short_name }) => short_name));
    const google = emojiOf("google").filter(({ short_name }) => same.has(short_name));
    layOutEmoji(others, google, "google");
    const found = await diff(before, await fit(others));
    expect(found.matchedBy).toBe("vectors");
    expect(found.continued.length).toBeGreaterThan(2);
    const run = await concept(["diff", before, `${others}.concept`]);
    expect(run.stdout).toContain("matched by their vectors");
  });

  it("wants two models", async () => {
    const run = await concept(["diff", before]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("takes 2 arguments");
  });
});
