import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("update");
const pictures = path.join(folder, "pictures");
const model = path.join(folder, "emoji.concept");
const cache = ["--cache", path.join(folder, "cache")];
const emoji = emojiOf("twitter").filter((_, i) => i % 3 === 0);
const table = path.join(folder, "names.csv");

async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await concept([...args, "--json", ...cache]);
  expect(stdout, stderr).not.toBe("");
  return JSON.parse(stdout);
}

beforeAll(async () => {
  writeFileSync(
    table,
    ["file,caption", ...emoji.map(({ short_name, name }) => `${short_name}.png,"${name}"`)].join("\n"),
  );
  layOutEmoji(pictures, emoji.slice(0, 400), "twitter");
  const { code, stderr } = await concept([
    "fit",
    pictures,
    "-o",
    model,
    "--model",
    "mini",
    "--vocabulary-size",
    "500",
    "--captions",
    table,
    ...cache,
  ]);
  expect(code, stderr).toBe(0);
  await concept(["edit", model, "rename", "1", "mine"]);
}, 60_000);

describe("concept update", () => {
  test("embeds what is new, moves what moved, drops what has gone, keeps edits", async () => {
    const names = readdirSync(pictures).sort();
    const before = await loadModel(model, knownStages());
    layOutEmoji(pictures, emoji.slice(400, 500), "twitter");
    for (const name of names.slice(10, 20)) rmSync(path.join(pictures, name));
    renameSync(path.join(pictures, names[30]!), path.join(pictures, "zz.png"));
    copyFileSync(path.join(pictures, names[40]!), path.join(pictures, names[41]!));
    writeFileSync(path.join(pictures, "broken.png"), "junk");
    const assigned = await json(["assign", model, pictures]);

    const dry = await json(["update", model, pictures, "--dry-run"]);
    expect(dry).toMatchObject({ added: 100, changed: 1, moved: 1, removed: 10, kept: 389, saved: null });
    expect(await loadModel(model, knownStages())).toMatchObject({ images: { ids: before.images.ids } });

    // Nothing of the model needs the cache: only the new pictures are embedded.
    rmSync(path.join(folder, "cache"), { recursive: true });
    const report = await json(["update", model, pictures, "--captions", table]);
    expect(report).toMatchObject({ added: 100, changed: 1, moved: 1, removed: 10, kept: 389, saved: model });
    expect(report["embedded"]).toBeLessThanOrEqual(100);
    expect(report["skipped"]).toEqual([
      { path: "broken.png", code: "not-a-picture", reason: expect.stringContaining("not a picture") },
    ]);
    const after = await loadModel(model, knownStages());
    expect(after.images.paths).toEqual([...after.images.paths].sort());
    expect(after.images.paths).toContain("zz.png");
    expect(after.images.paths).not.toContain(names[15]);
    expect(after.concepts.find(({ id }) => id === 1)!.name).toBe("mine");
    expect(after.images.captions!.filter((texts) => texts.length === 1)).toHaveLength(490);
    const images = assigned["images"] as { path: string; concept: number }[];
    const places = new Map(images.map((image) => [path.basename(image.path), image.concept]));
    after.images.paths.forEach((name, row) => {
      expect(after.images.concepts[row], name).toBe(places.get(name));
    });
    const again = await json(["update", model, pictures]);
    expect(again).toMatchObject({
      added: 0,
      changed: 0,
      moved: 0,
      removed: 0,
      kept: 490,
      embedded: 0,
      saved: null,
    });
    expect((await json(["search", model, "heart"]))["images"]).toHaveLength(10);
  }, 60_000);

  test("looks only at the folder it is given, and keeps what is missing if asked", async () => {
    const inner = path.join(folder, "collection");
    const small = path.join(folder, "small.concept");
    layOutEmoji(path.join(inner, "a"), emoji.slice(0, 60), "twitter");
    layOutEmoji(path.join(inner, "b"), emoji.slice(60, 120), "twitter");
    await concept(["fit", inner, "-o", small, "--model", "mini", "--vocabulary", "none", ...cache]);
    const gone = ["a", "b"].map((name) => path.join(inner, name, readdirSync(path.join(inner, name))[0]!));
    for (const file of gone) rmSync(file);
    const copy = path.join(folder, "copy.concept");
    const kept = await json(["update", small, path.join(inner, "b"), "--keep-missing", "-o", copy]);
    expect(kept).toMatchObject({ removed: 0, missing: 1, kept: 120 });
    expect(await json(["update", small, path.join(inner, "b")])).toMatchObject({ removed: 1, kept: 119 });
    expect(await json(["update", small, inner])).toMatchObject({ removed: 1, kept: 118 });
    const elsewhere = await concept(["update", small, pictures, ...cache]);
    expect(elsewhere).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not the one the model was made from"),
    });
    const moved = path.join(folder, "moved");
    renameSync(inner, moved);
    expect(await json(["update", small, moved])).toMatchObject({ added: 0, removed: 0, kept: 118 });
    rmSync(path.join(moved, "b"), { recursive: true });
    rmSync(path.join(moved, "a"), { recursive: true });
    expect(await concept(["update", small, moved, ...cache])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no readable pictures"),
    });
  }, 60_000);

  test("offers a new fit with its command, and makes it with --refit as concept fit --continue would", async () => {
    const inner = path.join(folder, "more emoji");
    const [target, other] = ["grown.concept", "continued.concept"].map((name) => path.join(folder, name));
    layOutEmoji(inner, emoji.slice(0, 150), "twitter");
    const options = ["--model", "mini", "--vocabulary-size", "500", "--min-size", "8", ...cache];
    expect(await concept(["fit", inner, "-o", target!, ...options])).toMatchObject({ code: 0 });
    await concept(["edit", target!, "merge", "1", "2"]);
    await concept(["edit", target!, "rename", "1", "mine"]);
    layOutEmoji(inner, emoji.slice(150, 400), "twitter");
    const { stderr } = await concept(["update", target!, inner, ...cache]);
    expect(stderr).toMatch(
      /A new fit is advised: \d+ % of the pictures that came since the fit are in no concept/,
    );
    expect(stderr).toContain(`\n  concept update ${target} '${inner}' --refit`);
    const before = await loadModel(target!, knownStages());

    expect(await concept(["fit", inner, "-o", other!, "--continue", target!, ...options])).toMatchObject({
      code: 0,
    });
    rmSync(path.join(folder, "cache"), { recursive: true, force: true });
    const report = await json(["update", target!, inner, "--refit"]);
    expect(report).toMatchObject({ added: 0, embedded: 0, saved: target, growth: { added: 250 } });
    const after = await loadModel(target!, knownStages());
    const refit = report["refit"] as { kept: number[]; ended: number[] };
    expect([...refit.kept, ...refit.ended].sort()).toEqual(before.concepts.map(({ id }) => id).sort());
    // What was merged holds together, whatever the fit does with it.
    expect(after.concepts.find(({ id }) => id === 1)).toMatchObject({ name: "mine", pinned: true });
    for (const file of ["images.parquet", "concepts.parquet", "vectors/concepts.npy"]) {
      expect(readFileSync(path.join(target!, file)).equals(readFileSync(path.join(other!, file))), file).toBe(
        true,
      );
    }
    const edits = (place: string): string[] =>
      readFileSync(path.join(place, "edits.jsonl"), "utf8").split("\n").slice(1);
    expect(edits(target!)).toEqual(edits(other!));
    const human = await concept(["update", target!, inner, "--refit", ...cache]);
    expect(human.code).toBe(0);
    expect(human.stderr).toMatch(/Found anew, \d+ concepts, .*: \d+ concepts go on, 0 are new, 0 ended/);
    expect(human.stderr).not.toContain("advised");
  }, 90_000);

  test("lets a concept go with its last picture, and says which edits went with it", async () => {
    const inner = path.join(folder, "emptied");
    const target = path.join(folder, "emptied.concept");
    layOutEmoji(inner, emoji.slice(0, 200), "twitter");
    const fit = ["fit", inner, "-o", target, "--model", "mini", "--vocabulary", "none", "--min-size", "8"];
    await concept([...fit, ...cache]);
    await concept(["edit", target, "rename", "1", "doomed"]);
    await concept(["edit", target, "hide", "0"]);
    const before = await loadModel(target, knownStages());
    before.images.paths.forEach((name, row) => {
      if (before.images.concepts[row] === 1) rmSync(path.join(inner, name));
    });
    const run = await concept(["update", target, inner, ...cache]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toContain("All pictures of concept 1 (doomed) have gone, and so has the concept");
    expect(run.stderr).toMatch(/1 edit was about .* dropped:\n {2}rename 1 "doomed"/);
    const after = await loadModel(target, knownStages());
    expect(after.concepts.map(({ id }) => id).sort()).toEqual(
      before.concepts
        .map(({ id }) => id)
        .filter((id) => id !== 1)
        .sort(),
    );
    expect(after.concepts.find(({ id }) => id === 0)).toMatchObject({ hidden: true });
    expect((await concept(["info", target])).code).toBe(0);
    const k = String(after.concepts.length + 1);
    expect(await concept(["recut", target, "--concepts", k])).toMatchObject({ code: 0 });
  }, 60_000);

  test("killed at any moment leaves the old model or the new one", async () => {
    const manifest = (): string => readFileSync(path.join(model, "model.json"), "utf8");
    const started = performance.now();
    await concept(["update", model, pictures, "--dry-run", ...cache]);
    const usual = performance.now() - started;
    let whole = 0;
    for (let round = 0; round < 10; round++) {
      const files = readdirSync(pictures).filter((name) => name !== "broken.png");
      const before = existsSync(model) ? manifest() : "";
      rmSync(path.join(pictures, files[7 * round + 50]!));
      await concept(["update", model, pictures, ...cache], {
        onStart: (child) => setTimeout(() => child.kill("SIGKILL"), (0.4 + 0.1 * round) * usual),
      });
      const loaded = await loadModel(model, knownStages());
      const isOld = existsSync(model) && manifest() === before;
      expect(loaded.images.ids.length).toBeGreaterThanOrEqual(files.length - 1);
      if (!isOld) {
        whole++;
        expect(loaded.images.ids.length).toBe(files.length - 1);
      }
      expect(loaded.concepts.find(({ id }) => id === 1)!.name).toBe("mine");
    }
    console.log(`${whole} of 10 killed updates had come to their end`);
    const { code } = await concept(["update", model, pictures, ...cache]);
    expect(code).toBe(3);
    const left = readdirSync(pictures).length - 1;
    expect((await loadModel(model, knownStages())).images.ids).toHaveLength(left);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  }, 120_000);
});
