import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("long-run");

describe("a fit of many pictures", () => {
  it("has a first model early, tells what ran where, and ends as without either", async () => {
    const pictures = path.join(folder, "pictures");
    for (const vendor of ["google", "twitter"] as const) {
      layOutEmoji(path.join(pictures, vendor), emojiOf(vendor).slice(0, 1050), vendor);
    }
    const cache = path.join(folder, "cache");
    const fit = (output: string, ...more: string[]) =>
      concept([
        "fit",
        pictures,
        "-o",
        path.join(folder, output),
        "--model",
        "mini",
        "--cache",
        cache,
        "--json",
        ...more,
      ]);
    const previewed = await fit("previewed.concept", "--preview");
    expect(previewed.code).toBe(0);
    expect(previewed.stderr).toMatch(/A first model of 9\d\d pictures|A first model of 1000 pictures/);
    const result = JSON.parse(previewed.stdout);
    expect(result.images).toBe(2100);
    expect(result.placement).toMatchObject({ device: "cpu", dtype: "fp32" });
    expect(result.placement.sessions).toBeGreaterThanOrEqual(1);
    const remembered = JSON.parse(readFileSync(path.join(cache, "arrangements.json"), "utf8"));
    expect(Object.values(remembered)).toHaveLength(1);

    const plain = await fit("plain.concept");
    expect(JSON.parse(plain.stdout)).toMatchObject({ images: 2100, embedded: 0 });
    for (const file of ["vectors/images.npy", "images.parquet", "concepts.parquet"]) {
      const bytes = (model: string) => readFileSync(path.join(folder, model, file));
      expect(bytes("previewed.concept").equals(bytes("plain.concept")), file).toBe(true);
    }
  }, 900_000);
});
