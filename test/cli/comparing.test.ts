// Similarity, duplicates, stability and charts over time, on real pictures that the bundled model never saw.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("comparing");
const pictures = path.join(folder, "pictures");
const model = path.join(folder, "emoji.concept");
const emoji = emojiOf("twitter").filter(({ category }) =>
  ["Animals & Nature", "Food & Drink", "Flags"].includes(category),
);

beforeAll(async () => {
  layOutEmoji(pictures, emoji, "twitter");
  const options = ["--model", "mini", "--cache", path.join(folder, "cache"), "--min-size", "10", "--quiet"];
  const run = await concept(["fit", pictures, "-o", model, ...options]);
  expect(run.code).toBe(0);
});

describe("concept similarity", () => {
  it("lists the most similar pairs, best first", async () => {
    const run = await concept(["similarity", model, "--top", "3"]);
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    const values = lines.slice(1).map((line) => Number(line.trim().split(/\s+/)[0]));
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });

  it("gives the matrix and the tree as JSON", async () => {
    const { concepts, similarities, merges, order } = JSON.parse(
      (await concept(["similarity", model, "--json"])).stdout,
    );
    expect(similarities).toHaveLength(concepts.length);
    expect(merges).toHaveLength(concepts.length - 1);
    expect([...order].sort((a: number, b: number) => a - b)).toEqual(
      concepts.map((_: unknown, i: number) => i),
    );
    for (let i = 0; i < concepts.length; i++) {
      expect(similarities[i][i]).toBe(1);
      for (let j = 0; j < i; j++) expect(similarities[i][j]).toBe(similarities[j][i]);
    }
  });

  it("draws a heatmap and a dendrogram", async () => {
    const png = path.join(folder, "alike.png");
    expect((await concept(["similarity", model, "-o", png])).stdout.trim()).toBe(png);
    expect((await sharp(png).metadata()).width).toBeGreaterThan(1000);
    const svg = path.join(folder, "tree.svg");
    await concept(["similarity", model, "-o", svg, "--as", "dendrogram", "--title", "Tree of emoji"]);
    expect(readFileSync(svg, "utf8")).toContain("Tree of emoji");
  });

  it("says what it cannot do", async () => {
    const run = await concept(["similarity", model, "-o", path.join(folder, "x.pdf")]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(".png or .svg");
    expect((await concept(["similarity", model, "--as", "heatmap"])).code).toBe(2);
  });
});

describe("concept over", () => {
  const table = path.join(folder, "columns.csv");

  beforeAll(() => {
    const day = (i: number): string =>
      new Date(Date.UTC(2020 + (i % 4), i % 12, 1)).toISOString().slice(0, 10);
    const rows = emoji.map(({ short_name, category }, i) => `${short_name}.png,${category},${day(i)}`);
    writeFileSync(table, ["path,category,taken", ...rows].join("\n"));
  });

  it("finds flags among the flags, and counts every picture once", async () => {
    const args = ["over", model, "--table", table, "--by", "category"];
    const { bins, concepts, unknown, kind } = JSON.parse((await concept([...args, "--json"])).stdout);
    expect(kind).toBe("class");
    expect(unknown).toBe(0);
    expect(bins.reduce((sum: number, bin: { pictures: number }) => sum + bin.pictures, 0)).toBe(emoji.length);
    const flags = bins.findIndex(({ label }: { label: string }) => label === "Flags");
    const named = concepts.filter(({ name }: { name: string }) => /flag|country|nation/.test(name));
    expect(named.length).toBeGreaterThan(0);
    for (const { shares, zScores, size } of named) {
      expect(Math.max(...shares)).toBe(shares[flags]);
      // A dozen pictures could be chance.
      expect(zScores[flags]).toBeGreaterThan(size < 30 ? 1 : 2);
    }
    const csv = (await concept([...args, "--csv"])).stdout.trimEnd().split("\r\n");
    expect(csv).toHaveLength(1 + bins.length * concepts.length);
    const file = path.join(folder, "over.csv");
    await concept([...args, "-o", file]);
    expect(readFileSync(file, "utf8").trimEnd().split("\r\n")).toEqual(csv);
    expect((await concept(args)).stdout).toMatch(/^ *id +pictures +name +of all +most in \(category\)/);
  });

  it("puts dates into years or months, and draws them", async () => {
    const args = ["over", model, "--table", table, "--by", "date"];
    const years = JSON.parse((await concept([...args, "--bin", "year", "--json"])).stdout);
    expect(years.by).toBe("taken");
    expect(years.bins.map(({ label }: { label: string }) => label)).toEqual(["2020", "2021", "2022", "2023"]);
    const svg = path.join(folder, "over.svg");
    expect((await concept([...args, "-o", svg])).stdout.trim()).toBe(svg);
    expect(readFileSync(svg, "utf8")).toContain("Concepts over taken");
  });

  it("takes the days of the files where nothing else has dates", async () => {
    const { by, unknown } = JSON.parse((await concept(["over", model, "--by", "date", "--json"])).stdout);
    expect(by).toBe("file date");
    expect(unknown).toBe(0);
  });

  it("answers as the library does, for a table's column and for the days of the files", async () => {
    const library = await ConceptModel.load(model);
    for (const [by, options, args] of [
      ["category", { table }, ["--table", table]],
      ["date", { bin: "day" as const }, ["--bin", "day"]],
    ] as const) {
      const told = JSON.parse((await concept(["over", model, "--by", by, ...args, "--json"])).stdout);
      const found = await library.conceptsOver(by, options);
      expect(told.bins).toEqual(found.bins);
      expect(told.concepts[0].counts).toEqual([...found.concepts[0]!.counts]);
    }
    expect((await library.visualizeOver("category", { table })).svg).toContain("Concepts over category");
  });

  it("says which columns there are, and what cannot be put into years", async () => {
    const unknown = await concept(["over", model, "--table", table, "--by", "colour"]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("category, taken");
    const years = await concept(["over", model, "--table", table, "--by", "category", "--bin", "year"]);
    expect(years.stderr).toContain("Only dates");
    expect((await concept(["over", model])).code).toBe(2);
    expect((await concept(["over", model, "--by", "date", "-o", "x.pdf"])).code).toBe(2);
  });
});

describe("concept duplicates", () => {
  it("lists groups with the one to keep first, as a table, JSON and CSV", async () => {
    const { threshold, groups } = JSON.parse((await concept(["duplicates", model, "--json"])).stdout);
    expect(threshold).toBeGreaterThan(0);
    expect(groups.length).toBeGreaterThan(5);
    const sizes = groups.map((group: unknown[]) => group.length);
    expect(sizes).toEqual([...sizes].sort((a: number, b: number) => b - a));
    expect(Object.keys(groups[0][0])).toEqual([
      "path",
      "concept",
      "distance",
      "sharpness",
      "width",
      "height",
      "bytes",
    ]);
    const table = await concept(["duplicates", model, "--top", "2"]);
    expect(table.stdout.match(/ keep /g)).toHaveLength(2);
    expect(table.stderr).toContain(`${groups.length} groups of near-duplicates`);
    const csv = (await concept(["duplicates", model, "--csv"])).stdout.trimEnd().split("\r\n");
    expect(csv[0]).toBe("group,keep,path,distance,sharpness,width,height,bytes");
    expect(csv).toHaveLength(1 + sizes.reduce((sum: number, size: number) => sum + size, 0));
    // Some flags are one drawing under two names.
    const [ours, french] = ["flag-mf.png", "fr.png"].map((name) =>
      groups.findIndex((group: { path: string }[]) =>
        group.some(({ path: file }) => file.endsWith(`/${name}`)),
      ),
    );
    expect(ours).toBeGreaterThanOrEqual(0);
    expect(ours).toBe(french);
  });

  it("finds no others than equal pictures at a distance of nothing, and refuses one that is none", async () => {
    const { groups } = JSON.parse(
      (await concept(["duplicates", model, "--threshold", "0.000001", "--json"])).stdout,
    );
    for (const { distance } of groups.flat()) expect(distance).toBeLessThan(2e-6);
    expect((await concept(["duplicates", model, "--threshold", "9"])).code).toBe(2);
    expect((await concept(["duplicates", model, "--csv", "--json"])).code).toBe(2);
  });
});

describe("concept fit --collapse-duplicates", () => {
  it("counts near-duplicates as one, keeps all pictures, and says how many it counted with others", async () => {
    const collapsed = path.join(folder, "collapsed.concept");
    const options = ["--model", "mini", "--cache", path.join(folder, "cache"), "--min-size", "10"];
    const run = await concept([
      "fit",
      pictures,
      "-o",
      collapsed,
      ...options,
      "--collapse-duplicates",
      "--json",
    ]);
    const report = JSON.parse(run.stdout);
    expect(report.images).toBe(emoji.length);
    expect(report.collapsed).toBeGreaterThan(5);
    const info = JSON.parse((await concept(["info", collapsed, "--json"])).stdout);
    expect(info).toMatchObject({
      collapsed: report.collapsed,
      parameters: { collapseDuplicates: expect.any(Number) },
    });
    expect((await concept(["info", collapsed])).stdout).toContain("near-duplicates counted with others");
    expect(JSON.parse((await concept(["info", model, "--json"])).stdout)).not.toHaveProperty("collapsed");
  });
});

describe("concept stability", () => {
  it("measures, stores, and is shown by concept info", async () => {
    const args = ["stability", model, "--runs", "3"];
    const dry = JSON.parse((await concept([...args, "--dry-run", "--json"])).stdout);
    expect(JSON.parse((await concept(["info", model, "--json"])).stdout)).not.toHaveProperty("stability");
    const run = await concept(args);
    expect(run.stdout).toMatch(/^stability +id +pictures +name/);
    expect(run.stderr).toMatch(/of \d+ concepts are stable over 3 refits/);
    const { stability } = JSON.parse((await concept(["info", model, "--json"])).stdout);
    expect(stability).toMatchObject({ runs: 3, share: 0.8, seed: 42 });
    const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id;
    const told = ({ id, stability: value, badge }: Record<string, unknown>) => ({
      id,
      stability: value,
      badge,
    });
    expect(stability.concepts.toSorted(byId)).toEqual(dry.concepts.toSorted(byId).map(told));
    expect((await concept(["info", model])).stdout).toMatch(/^id +pictures +name +stability +words/m);
  });

  it("stops at Ctrl-C and leaves the model as it was", async () => {
    const before = readFileSync(path.join(model, "model.json"));
    const run = await concept(["stability", model, "--runs", "5000"], {
      onStart: (child) => setTimeout(() => child.kill("SIGINT"), 2500),
    });
    expect(run.code).toBe(130);
    expect(readFileSync(path.join(model, "model.json")).equals(before)).toBe(true);
  });

  it("refuses what makes no sense", async () => {
    expect((await concept(["stability", model, "--runs", "0"])).code).toBe(2);
    expect((await concept(["stability", model, "--share", "1.5"])).code).toBe(2);
  });
});
