import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { measureSharpness } from "../../src/node/images/sharpness.ts";
import { temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("duplicates");
const pictures = path.join(folder, "pictures");
const at = (name: string): string => path.join(pictures, name);
/** Drawn unlike everything else. */
const ORIGINALS = ["tiger", "pizza", "rainbow", "hamburger"];
let model: ConceptModel;

beforeAll(async () => {
  layOutEmoji(pictures, emojiOf("google").slice(0, 900), "google");
  mkdirSync(path.join(pictures, "copies"));
  const source = at("tiger.png");
  await sharp(source).resize(48).png().toFile(at("copies/tiger-small.png"));
  await sharp(source).resize(128).png().toFile(at("copies/tiger-large.png"));
  await sharp(source).blur(0.8).png().toFile(at("copies/tiger-blurred.png"));
  await sharp(at("pizza.png"))
    .flatten({ background: "#fff" })
    .jpeg({ quality: 85 })
    .toFile(at("copies/pizza.jpg"));
  copyFileSync(at("rainbow.png"), at("copies/rainbow-copy.png"));
  model = new ConceptModel({ embeddingModel: "mini", cache: path.join(folder, "cache"), minConceptSize: 10 });
  await model.fit(pictures, { docs: [] });
});

describe("duplicates of real pictures", () => {
  it("keeps the sharpest, of equally sharp ones the largest, of equal files the first path", async () => {
    const { groups, unreadable } = await model.rankDuplicates();
    expect(unreadable).toEqual([]);
    const groupOf = (name: string): string[] =>
      groups
        .find((group) => group.some((picture) => picture.path === name))
        ?.map((picture) => picture.path) ?? [];
    const tigers = groupOf("tiger.png");
    expect(tigers).toEqual(
      expect.arrayContaining([
        "tiger.png",
        "copies/tiger-small.png",
        "copies/tiger-large.png",
        "copies/tiger-blurred.png",
      ]),
    );
    expect(tigers.indexOf("tiger.png")).toBeLessThan(tigers.indexOf("copies/tiger-small.png"));
    expect(tigers.at(-1)).toBe("copies/tiger-blurred.png");
    expect(groupOf("pizza.png")).toEqual(["pizza.png", "copies/pizza.jpg"]);
    expect(groupOf("rainbow.png")).toEqual(["copies/rainbow-copy.png", "rainbow.png"]);
    expect(ORIGINALS.filter((name) => groupOf(`${name}.png`).length === 0)).toEqual(["hamburger"]);
    for (const group of groups) expect(group[0]!.distance).toBeLessThan(1e-6);
  });

  it("puts pictures that vanished last and lists them", async () => {
    rmSync(at("pizza.png"));
    const { groups, unreadable } = await model.rankDuplicates();
    expect(unreadable).toEqual(["pizza.png"]);
    const pizzas = groups.find((group) => group.some((picture) => picture.path === "pizza.png"))!;
    expect(pizzas.map((picture) => picture.path)).toEqual(["copies/pizza.jpg", "pizza.png"]);
    expect(pizzas[1]).toMatchObject({ sharpness: null, width: 0, height: 0 });
  });
});

describe("sharpness", () => {
  it("falls with every blur, and is nothing for a plain picture", async () => {
    const source = sharp(at("rainbow.png")).flatten({ background: "#fff" });
    const values: number[] = [];
    for (const sigma of [0.5, 1, 2, 4]) {
      values.push(await measureSharpness(await source.clone().blur(sigma).png().toBuffer(), 64));
    }
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values[3]).toBeLessThan(values[0]! / 10);
    const plain = sharp({ create: { width: 50, height: 40, channels: 3, background: "#48c" } });
    expect(await measureSharpness(await plain.png().toBuffer(), 512)).toBe(0);
    const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: "#48c" } });
    expect(await measureSharpness(await dot.png().toBuffer(), 512)).toBe(0);
  });
});
