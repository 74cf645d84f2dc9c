import path from "node:path";
import { describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("sample");

describe("concept fit --sample", () => {
  it("has every picture in the model, says what may be missing, and its model can be used and updated", async () => {
    const pictures = path.join(folder, "pictures");
    const emoji = emojiOf("google").slice(0, 500);
    layOutEmoji(pictures, emoji, "google");
    const model = path.join(folder, "emoji.concept");
    const shared = ["--model", "mini", "--cache", path.join(folder, "cache")];
    const run = await concept([
      "fit",
      pictures,
      "-o",
      model,
      "--sample",
      "250",
      "--min-size",
      "8",
      ...shared,
    ]);
    expect(run.stderr).toMatch(
      /Fitted were 250 of 500 pictures: concepts of fewer than 2\d may have been missed/,
    );
    expect(run.code).toBe(0);
    const info = await concept(["info", model, "--json"]);
    expect(JSON.parse(info.stdout)).toMatchObject({ images: 500 });
    layOutEmoji(pictures, emojiOf("google").slice(500, 520), "google");
    const update = await concept([
      "update",
      model,
      pictures,
      "--json",
      "--cache",
      path.join(folder, "cache"),
    ]);
    expect(update.code, update.stderr).toBe(0);
    expect(JSON.parse(update.stdout)).toMatchObject({ added: 20 });
  });

  it("refuses a sample that is none", async () => {
    const run = await concept(["fit", folder, "-o", path.join(folder, "x"), "--sample", "0"]);
    expect(run.code).toBe(2);
  });
});
