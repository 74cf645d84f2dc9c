import path from "node:path";
import { expect, test } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("seeds");
const cache = ["--cache", path.join(folder, "cache")];

test("concept fit --concept: named concepts get their pictures, are marked, saved, and take new pictures", async () => {
  const emoji = emojiOf("twitter");
  const pictures = path.join(folder, "pictures");
  const kept = emoji.filter((_, i) => i % 2 === 0);
  layOutEmoji(pictures, kept, "twitter");
  const model = path.join(folder, "emoji.concept");
  const examples = path.join(folder, "examples");
  const faces = emoji.filter(({ subcategory }, i) => i % 2 === 1 && subcategory === "face-smiling");
  layOutEmoji(examples, faces.slice(0, 4), "twitter");
  const seeds = ["--concept", "flag", "--concept", `my faces=${examples}`, "--concept", "aeroplane engine"];
  const fit = ["fit", pictures, "-o", model, "--model", "mini", "--vocabulary-size", "1000", ...cache];
  const { code, stderr } = await concept([...fit, ...seeds]);
  expect(code, stderr).toBe(0);
  const loaded = await loadModel(model, knownStages());
  const seeded = loaded.concepts.filter((one) => one.seeded);
  const names = seeded.map(({ name }) => name);
  expect(names).toContain("flag");
  expect(names).toContain("my faces");
  for (const name of ["flag", "my faces", "aeroplane engine"]) {
    if (!names.includes(name)) expect(stderr).toMatch(new RegExp(`close enough to: .*${name}`));
  }
  const kindOf = new Map(
    kept.map(({ short_name, category, subcategory }) => [`${short_name}.png`, `${category} ${subcategory}`]),
  );
  const shareOf = (name: string, kind: RegExp): number => {
    const { id, size } = seeded.find((one) => one.name === name)!;
    const right = loaded.images.paths.filter(
      (file, i) => loaded.images.concepts[i] === id && kind.test(kindOf.get(file)!),
    );
    return right.length / size;
  };
  console.log(
    `flags ${shareOf("flag", /Flags/).toFixed(2)}, faces ${shareOf("my faces", / face-/).toFixed(2)}`,
  );
  expect(shareOf("flag", /Flags/)).toBeGreaterThan(0.8);
  // One picture in sixteen is a face; half of these are, on one processor a little more, on another a little less.
  expect(shareOf("my faces", / face-/)).toBeGreaterThan(0.4);

  const fresh = path.join(folder, "fresh");
  const flags = emoji.filter(({ category }, i) => i % 2 === 1 && category === "Flags").slice(0, 40);
  layOutEmoji(fresh, flags, "twitter");
  const { stdout } = await concept(["assign", model, fresh, "--json", ...cache]);
  const { images } = JSON.parse(stdout) as { images: { name: string | null }[] };
  expect(images.filter(({ name }) => /flag/.test(name ?? "")).length).toBeGreaterThan(20);

  const bad = await concept([...fit, "--concept", "Dog", "--concept", "dog"]);
  expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining("a name of its own") });
  expect(await concept([...fit, "--concept", "a=nowhere.png"])).toMatchObject({ code: 2 });
}, 120_000);
