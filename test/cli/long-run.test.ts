import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("long-run");

beforeAll(() => {
  for (const vendor of ["google", "twitter"] as const) {
    layOutEmoji(path.join(folder, "pictures", vendor), emojiOf(vendor).slice(0, 1050), vendor);
  }
});

describe("a fit of many pictures", () => {
  it("has a first model early, tells what ran where, and ends as without either", async () => {
    const pictures = path.join(folder, "pictures");
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

  it("carries over what people make of the first model meanwhile", async () => {
    const pictures = path.join(folder, "pictures");
    const model = path.join(folder, "edited.concept");
    const args = [
      "fit",
      pictures,
      "-o",
      model,
      "--model",
      "mini",
      "--cache",
      path.join(folder, "edited-cache"),
    ];
    let editing: ReturnType<typeof renameAndHide> | undefined;
    const run = await concept([...args, "--preview"], {
      onStart: (child) => {
        let told = "";
        child.stderr!.on("data", (text) => {
          told += text;
          if (told.includes("A first model")) editing ??= renameAndHide(model);
        });
      },
    });
    expect(run.code, run.stderr).toBe(0);
    const [renamed, hidden] = await editing!;
    expect(run.stderr).toMatch(/Continued: [1-9]\d* concepts go on/);
    const whole = await loadModel(model, knownStages());
    expect(whole.images.ids).toHaveLength(2100);
    expect(whole.concepts.find(({ name }) => name === "mine")?.id).toBe(renamed);
    expect(whole.concepts.find(({ id }) => id === hidden)).toMatchObject({ hidden: true });
    // They are edits of the whole model, and can be undone.
    const listed = await concept(["edit", model, "list"]);
    expect(listed.stdout).not.toMatch(/No edits/);
    await concept(["edit", model, "undo", "--json"]);
    const undone = await loadModel(model, knownStages());
    expect(undone.concepts.map(({ name }) => name)).not.toContain("mine");
  }, 900_000);
});

/** The first two concepts: large ones, which are there in every fit of the collection. */
async function renameAndHide(model: string): Promise<readonly [renamed: number, hidden: number]> {
  const [renamed, hidden] = (await loadModel(model, knownStages())).concepts.map(({ id }) => id);
  expect((await concept(["edit", model, "rename", String(renamed), "mine"])).code).toBe(0);
  expect((await concept(["edit", model, "hide", String(hidden)])).code).toBe(0);
  return [renamed!, hidden!];
}
