import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/core/format/npy.ts";
import { groupedVectors } from "../support/collections.ts";
import { concept, temporaryFolder } from "../support/command.ts";

const folder = temporaryFolder("vectors");
const file = (name: string): string => path.join(folder, name);
const { vectors, centres } = groupedVectors({ groups: 4, perGroup: 50 });

beforeAll(() => {
  writeFileSync(file("vectors.npy"), writeNpy(vectors));
  writeFileSync(file("words.npy"), writeNpy(centres));
  writeFileSync(file("words.txt"), "ant\nbee\ncat\ndog\n");
});

describe("concept fit of vectors", () => {
  it("names rows by number and works without words", async () => {
    const run = await concept(["fit", file("vectors.npy"), "-o", file("plain.concept"), "--json"]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ images: 200, concepts: 4, embedder: null });
    const { images } = JSON.parse((await concept(["export", file("plain.concept"), "--to", "json"])).stdout);
    expect(images[7].path).toBe("row 7");
  });

  it("takes words with vectors, and finds them again after loading", async () => {
    const args = ["--docs", file("words.txt"), "--doc-embeddings", file("words.npy"), "--json"];
    const run = await concept(["fit", file("vectors.npy"), "-o", file("words.concept"), ...args]);
    expect(run.code).toBe(0);
    const found = JSON.parse((await concept(["search", file("words.concept"), "bee", "--json"])).stdout);
    expect(found.concepts[0].name).toBe("bee");
    const unknown = await concept(["search", file("words.concept"), "zebra"]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("--model");
  });

  it("refuses a model that does not share the space, in two lines", async () => {
    const run = await concept(["fit", file("vectors.npy"), "-o", file("x.concept"), "--model", "mini"]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/dimensions/);
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });
});
