// The whole product on real pictures: another vendor's emoji, which the bundled model never saw.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("emoji");
const pictures = path.join(folder, "pictures");
const model = path.join(folder, "emoji.concept");
const cache = path.join(folder, "cache");
const emoji = emojiOf("twitter").filter(({ category }) =>
  ["Animals & Nature", "Food & Drink", "Flags", "Activities"].includes(category),
);
let fitted: {
  images: number;
  concepts: number;
  outliers: number;
  skipped: unknown[];
  embedded: number;
  cached: number;
};

beforeAll(async () => {
  layOutEmoji(pictures, emoji, "twitter");
  const run = await concept([
    "fit",
    pictures,
    "-o",
    model,
    "--model",
    "mini",
    "--cache",
    cache,
    "--min-size",
    "10",
    "--json",
  ]);
  expect(run.code).toBe(0);
  fitted = JSON.parse(run.stdout);
});

describe("concept fit", () => {
  it("prints one object with counts, model and seconds", () => {
    // Some flags are drawn alike, byte by byte: equal files are embedded once.
    const contents = new Set(
      readdirSync(pictures).map((name) => readFileSync(path.join(pictures, name), "base64")),
    );
    expect(fitted).toMatchObject({ images: emoji.length, embedded: contents.size, skipped: [], model });
    expect(fitted.cached).toBe(emoji.length - contents.size);
    expect(contents.size).toBeLessThan(emoji.length);
    expect(fitted.concepts).toBeGreaterThanOrEqual(3);
  });

  it("embeds nothing again in a second run, and gives the same bytes", async () => {
    const second = path.join(folder, "second.concept");
    const args = [
      "fit",
      pictures,
      "-o",
      second,
      "--model",
      "mini",
      "--cache",
      cache,
      "--min-size",
      "10",
      "--json",
    ];
    const run = await concept(args);
    expect(JSON.parse(run.stdout)).toMatchObject({ embedded: 0, cached: emoji.length });
    for (const file of readdirSync(model, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const name = path.relative(model, path.join(file.parentPath, file.name));
      expect(readFileSync(path.join(second, name)).equals(readFileSync(path.join(model, name))), name).toBe(
        true,
      );
    }
  });

  it("replaces an earlier model but never a folder that is none", async () => {
    const run = await concept(["fit", pictures, "-o", pictures, "--model", "mini", "--cache", cache]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(pictures);
    expect(readdirSync(pictures)).toHaveLength(emoji.length);
  });

  it("shows the concepts as a table for people, with what to do next", async () => {
    const run = await concept([
      "fit",
      pictures,
      "-o",
      model,
      "--model",
      "mini",
      "--cache",
      cache,
      "--min-size",
      "10",
    ]);
    expect(run.stdout).toMatch(/^ *id +pictures +name +words/);
    expect(run.stderr).toMatch(/Next: concept visualize/);
  });
});

describe("concept export", () => {
  it("gives concepts and images as JSON", async () => {
    const run = await concept(["export", model, "--to", "json"]);
    const { concepts, images } = JSON.parse(run.stdout);
    expect(images).toHaveLength(emoji.length);
    for (const image of images) {
      expect(Object.keys(image)).toEqual(["path", "concept", "probability", "x", "y"]);
      expect(existsSync(image.path)).toBe(true);
    }
    for (const { id, name, size, words, exemplars } of concepts) {
      expect(images.filter((image: { concept: number }) => image.concept === id)).toHaveLength(size);
      expect(name).toContain(words[0].word);
      expect(words[0].score).toBeGreaterThanOrEqual(words[1].score);
      expect(exemplars.length).toBeGreaterThan(0);
      for (const file of exemplars) expect(existsSync(file)).toBe(true);
    }
  });

  it("writes the tables as CSV and as Parquet", async () => {
    const csv = await concept(["export", model, "--to", "csv", "-o", path.join(folder, "csv")]);
    expect(csv.stdout.trim().split("\n")).toHaveLength(2);
    const lines = readFileSync(path.join(folder, "csv", "images.csv"), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(lines).toHaveLength(emoji.length + 1);
    expect(lines[0]).toBe("id,path,concept,name,probability,x,y");
    await concept(["export", model, "--to", "parquet", "-o", path.join(folder, "parquet")]);
    const bytes = readFileSync(path.join(folder, "parquet", "concepts.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(fitted.concepts);
    expect((rows[0]!["words"] as string[]).length).toBeGreaterThan(0);
  });
});

describe("concept search and assign", () => {
  it("finds flags by the word, in concepts and pictures", async () => {
    const run = await concept(["search", model, "flag", "--json", "--cache", cache]);
    const { concepts, images } = JSON.parse(run.stdout);
    expect(concepts[0].score).toBeGreaterThanOrEqual(concepts[1].score);
    const flags = new Set(
      emoji.filter(({ category }) => category === "Flags").map(({ short_name }) => short_name),
    );
    const found = images.filter(({ path: file }: { path: string }) => flags.has(path.basename(file, ".png")));
    expect(found.length).toBeGreaterThanOrEqual(8);
  });

  it("finds what is like a picture of the collection, itself left out, without the embedding model", async () => {
    const self = path.join(pictures, `${emoji[5]!.short_name}.png`);
    for (const image of [self, path.basename(self)]) {
      const run = await concept(["search", model, "--image", image, "--json", "--cache", "/nowhere"]);
      const { images } = JSON.parse(run.stdout);
      expect(images).toHaveLength(10);
      expect(images.map((found: { path: string }) => found.path)).not.toContain(self);
    }
  });

  it("finds a picture from elsewhere, alone and with words", async () => {
    const [stranger] = layOutEmoji(path.join(folder, "elsewhere"), [emoji[5]!], "google");
    const run = await concept(["search", model, "--image", stranger!, "--json", "--cache", cache]);
    expect(JSON.parse(run.stdout).images).toHaveLength(10);
    const mixed = await concept([
      "search",
      model,
      "2:flag",
      "--image",
      stranger!,
      "--json",
      "--cache",
      cache,
    ]);
    expect(JSON.parse(mixed.stdout).nothing).toBeNull();
  });

  it("keeps to a concept and a filter", async () => {
    const args = ["search", model, "flag", "--json", "--cache", cache, "--min-relevance", "0"];
    const first = JSON.parse((await concept(args)).stdout).concepts[0];
    const inside = JSON.parse((await concept([...args, "--concept", first.name])).stdout);
    expect(inside.images.every((found: { concept: number }) => found.concept === first.id)).toBe(true);
    const filtered = JSON.parse((await concept([...args, "--where", "path ~ us and bytes > 0"])).stdout);
    expect(filtered.images.every((found: { path: string }) => /us/.test(path.basename(found.path)))).toBe(
      true,
    );
  });

  it("says that nothing matches, in words and in JSON, with exit code 0", async () => {
    const said = await concept(["search", model, "xqzzyq", "--cache", cache]);
    expect(said).toMatchObject({ code: 0, stdout: "Nothing matches (unknown words).\n" });
    expect(said.stderr).toMatch(/does not know "xqzzyq"/);
    const json = await concept(["search", model, "xqzzyq", "--json", "--cache", cache]);
    expect(JSON.parse(json.stdout)).toEqual({
      concepts: [],
      images: [],
      nothing: "unknown words",
      relevance: null,
      unknown: ["xqzzyq"],
    });
  });

  it.each(["folders", "coco", "fiftyone", "atlas"])("exports to %s", async (format) => {
    const target = path.join(folder, `export-${format}`);
    const run = await concept(["export", model, "--to", format, "-o", target, "--json"]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ files: [target], skipped: [] });
    expect(existsSync(target)).toBe(true);
    if (format !== "folders") return;
    const found = readdirSync(target).reduce(
      (sum, name) => sum + readdirSync(path.join(target, name)).length,
      0,
    );
    expect(found).toBe(emoji.length);
    const again = await concept(["export", model, "--to", format, "-o", target]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/is there already/);
  });

  it("assigns every picture of the collection to the concept it was fitted in", async () => {
    const { images } = JSON.parse((await concept(["export", model, "--to", "json"])).stdout);
    const run = await concept(["assign", model, pictures, "--json", "--cache", cache]);
    const assigned = JSON.parse(run.stdout).images;
    expect(assigned.map((image: object) => ({ ...image, name: undefined }))).toEqual(
      images.map((image: object) => ({ ...image, name: undefined })),
    );
  });

  it("refuses a model made by another version of the embedding model", async () => {
    const run = await concept([
      "search",
      model,
      "flag",
      "--model",
      "mini",
      "--dtype",
      "q8",
      "--cache",
      cache,
    ]);
    expect(run.code).toBe(1);
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });
});

describe("concept visualize and info", () => {
  it("draws a PNG of the concepts", async () => {
    const file = path.join(folder, "concepts.png");
    const run = await concept(["visualize", model, "-o", file, "--top", "100"]);
    expect(run.code).toBe(0);
    const { width, format } = await sharp(file).metadata();
    expect(format).toBe("png");
    expect(width).toBeGreaterThan(1000);
  });

  it("names an unknown concept", async () => {
    const run = await concept(["visualize", model, "-o", path.join(folder, "x.png"), "--concepts", "9999"]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("9999");
  });

  it("tells what a model holds", async () => {
    const run = await concept(["info", model, "--json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({
      images: emoji.length,
      concepts: fitted.concepts,
      outliers: fitted.outliers,
      embedder: { model: "mini" },
      parameters: { minConceptSize: 10, seed: 42 },
    });
  });
});
