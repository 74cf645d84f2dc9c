// What people who tried the command stumbled over.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/core/format/npy.ts";
import { matrix } from "../../src/core/math/matrix.ts";
import { groupedVectors } from "../support/collections.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("trial");
const at = (name: string): string => path.join(folder, name);
const cache = ["--cache", at("cache")];

beforeAll(async () => {
  layOutEmoji(
    at("flags"),
    emojiOf("twitter").filter(({ category }) => category === "Flags"),
    "twitter",
  );
  writeFileSync(at("v.npy"), writeNpy(groupedVectors({ groups: 3, perGroup: 40 }).vectors));
  writeFileSync(at("words.txt"), "ant\nbee\n");
  expect(
    (await concept(["fit", at("flags"), "-o", at("flags.concept"), "--model", "mini", ...cache])).code,
  ).toBe(0);
  expect((await concept(["fit", at("v.npy"), "-o", at("v.concept")])).code).toBe(0);
});

describe("found in a trial", () => {
  it("a template without {} named concepts at random", async () => {
    const run = await concept([
      "fit",
      at("flags"),
      "-o",
      at("t.concept"),
      "--model",
      "mini",
      "--template",
      "a photo",
    ]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/"a photo of a \{\}"/);
  });

  it("a collage of pictures that had moved was empty, and called done", async () => {
    const model = at("flags.concept");
    renameSync(at("flags"), at("moved"));
    const lost = await concept(["visualize", model, "-o", at("x.png")]);
    expect(lost.code).toBe(1);
    expect(lost.stderr).toMatch(/--root/);
    const found = await concept(["visualize", model, "-o", at("x.png"), "--root", at("moved")]);
    expect(found.code).toBe(0);
    renameSync(at("moved"), at("flags"));
  });

  it.each([
    ["visualize", ["flags.concept", "-o", "nodir/x.png"], 1, /nodir\/x\.png: no such file or folder/],
    ["visualize", ["flags.concept", "-o", "x.pdf"], 2, /ends in \.png, \.svg or \.html/],
    ["fit", ["v.npy", "-o", "/proc/x/y.concept"], 1, /cannot be saved to/],
    ["fit", ["v.npz", "-o", "x.concept"], 2, /neither pictures nor vectors/],
    ["fit", ["v.npy", "-o", "x.concept", "--docs", "words.txt"], 2, /need --doc-embeddings/],
    ["assign", ["v.concept", "flags"], 1, /made from vectors/],
    ["search", ["flags.concept", "flag", "--image", "flags"], 1, /one picture/],
    ["search", ["flags.concept", "+"], 2, /words behind "\+"/],
    ["search", ["flags.concept", "flag", "--where", "height>3"], 1, /no column "height"/],
    ["search", ["flags.concept", "flag", "--concept", "nowhere"], 1, /No single concept/],
    ["info", ["flags"], 1, /is not a saved model/],
    ["assign", ["flags.concept", "empty"], 1, /no pictures to assign/],
    ["fit", ["archives", "-o", "x.concept"], 1, /Files \.tar that lie there \(1\).*"FOLDER\/\*\.tar"/],
  ])("%s %j says what is wrong in two lines", async (name, args, code, message) => {
    mkdirSync(at("empty"), { recursive: true });
    mkdirSync(at("archives"), { recursive: true });
    writeFileSync(at("archives/shard.tar"), "");
    const run = await concept([name, ...args], { cwd: folder, env: { CONCEPT_CACHE: at("cache") } });
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(code);
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("vectors of zeros, which point nowhere, were fitted", async () => {
    writeFileSync(at("zeros.npy"), writeNpy(matrix(new Float32Array(80), 10, 8)));
    const run = await concept(["fit", at("zeros.npy"), "-o", at("z.concept")]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/only zeros in row 0/);
  });

  it("three pictures ended in an empty table and a next step that fails", async () => {
    layOutEmoji(at("three"), emojiOf("twitter").slice(0, 3), "twitter");
    const run = await concept(["fit", at("three"), "-o", at("three.concept"), "--model", "mini", ...cache]);
    expect(run.code).toBe(0);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/too few pictures/);
    expect(run.stderr).not.toMatch(/Next:/);
  });
});
