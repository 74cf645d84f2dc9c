import { rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { PassThrough } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { saveOver } from "../../src/cli/save-over.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { writeNpy } from "../../src/core/format/npy.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { groupedVectors } from "../support/collections.ts";
import { concept, type Run, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("save-over");
const file = (name: string): string => path.join(folder, name);
const { vectors } = groupedVectors({ groups: 5, perGroup: 40 });

beforeAll(() => writeFileSync(file("vectors.npy"), writeNpy(vectors)));

async function fitted(): Promise<ConceptModel> {
  const model = new ConceptModel({ minConceptSize: 15 });
  await model.fit([], { imageEmbeddings: vectors });
  return model;
}

/** What somebody else does to a saved model. */
async function rename(target: string, id: number, name: string): Promise<void> {
  const model = await ConceptModel.load(target);
  await model.edit({ kind: "rename", concept: id, name });
  await model.saveEdits();
}

async function nameOf(target: string, id: number): Promise<string | undefined> {
  return (await ConceptModel.load(target)).fitted.concepts.find((found) => found.id === id)?.name;
}

function quietTerminal(): { terminal: Terminal; said: () => string } {
  const err = new PassThrough();
  let text = "";
  err.on("data", (chunk) => {
    text += chunk;
  });
  const streams = [new PassThrough(), err] as unknown as NodeJS.WriteStream[];
  return { terminal: new Terminal({ json: false, quiet: true }, streams[0]!, streams[1]!), said: () => text };
}

/** Saves a fit over an edited model, while `disturb` edits it between the carrying over and the saving. */
async function continued(output: string, disturb: (tries: number) => Promise<void>) {
  await (await fitted()).save(output);
  const model = await fitted();
  const latest = async () => {
    const earlier = await ConceptModel.load(output);
    return { earlier, replaces: earlier.savedState };
  };
  let tries = 0;
  const shape = async (earlier: ConceptModel | null): Promise<void> => {
    await model.continueFrom(earlier!);
    await disturb(++tries);
  };
  const { terminal, said } = quietTerminal();
  const place = await saveOver(model, { output, first: await latest(), latest, shape }, terminal);
  return { place, tries, said: said() };
}

describe("a long fit that takes the place of a model", () => {
  it("lost edits made between carrying over and saving: it carries over again, from the fresh fit", async () => {
    const output = file("twice.concept");
    const result = await continued(output, async (tries) => {
      if (tries <= 2) await rename(output, tries, `mine ${tries}`);
    });
    expect(result).toEqual({ place: output, tries: 3, said: "" });
    expect(await nameOf(output, 1)).toBe("mine 1");
    expect(await nameOf(output, 2)).toBe("mine 2");
    // Carried over once, not once a try.
    const { edits } = await ConceptModel.load(output);
    expect(edits.filter(({ kind }) => kind === "carry")).toHaveLength(1);
  });

  it("is saved beside a model that is edited all the time, and says so in two lines", async () => {
    const output = file("busy.concept");
    const result = await continued(output, (tries) => rename(output, 1, `mine ${tries}`));
    const place = file("busy-2.concept");
    expect(result).toMatchObject({ place, tries: 5 });
    expect(result.said.trimEnd().split("\n")).toHaveLength(2);
    expect(result.said).toContain(place);
    expect(result.said).toContain(`--continue ${output}`);
    expect(await nameOf(output, 1)).toBe("mine 5");
    expect(await nameOf(place, 1)).toBe("mine 4");
  });

  it("does not replace a model that got its first edits while an ordinary fit ran", async () => {
    const output = file("first.concept");
    await (await fitted()).save(output);
    const model = await fitted();
    const first = { earlier: null, replaces: (await ConceptModel.load(output)).savedState };
    await rename(output, 1, "mine");
    const { terminal } = quietTerminal();
    const how = { output, first, latest: null, shape: async () => undefined };
    expect(await saveOver(model, how, terminal)).toBe(file("first-2.concept"));
    expect(await saveOver(model, how, terminal)).toBe(file("first-3.concept"));
    expect(await nameOf(output, 1)).toBe("mine");
  });
});

/** Runs a command again and again while somebody renames concepts, and looks for the names that were acknowledged. */
async function racing(target: string, command: () => Promise<Run>, runs: number): Promise<readonly Run[]> {
  let isOver = false;
  const acknowledged = new Map<number, string>();
  const editor = (async () => {
    for (let i = 0; !isOver; i++) {
      const id = i % 5;
      try {
        await rename(target, id, `mine ${i}`);
        acknowledged.set(id, `mine ${i}`);
      } catch (error) {
        expect(error).toEqual(expect.objectContaining({ code: "EDITED_ELSEWHERE" }));
      }
      await new Promise((resolve) => setTimeout(resolve, 50 + 250 * Math.random()));
    }
  })();
  const done: Run[] = [];
  for (let run = 0; run < runs; run++) done.push(await command());
  isOver = true;
  await editor;
  expect(acknowledged.size).toBe(5);
  for (const [id, name] of acknowledged) expect(await nameOf(target, id)).toBe(name);
  return done;
}

describe("commands that save over a model that is being edited", () => {
  it("concept fit --continue loses no edit", async () => {
    const target = file("raced-fit.concept");
    const args = ["fit", file("vectors.npy"), "-o", target, "--min-size", "15"];
    expect((await concept(args)).code).toBe(0);
    const before = (await ConceptModel.load(target)).savedState!;
    const runs = await racing(target, () => concept([...args, "--continue", target]), 4);
    for (const run of runs) expect(run.code, run.stderr).toBe(0);
    expect((await ConceptModel.load(target)).savedState!.edits).not.toEqual(before.edits);
    const beside = (await readdir(folder)).filter((name) => name.startsWith(".raced-fit"));
    expect(beside).toEqual([]);
  }, 120_000);

  it("concept stability loses no edit", async () => {
    const target = file("raced-stability.concept");
    expect((await concept(["fit", file("vectors.npy"), "-o", target, "--min-size", "15"])).code).toBe(0);
    let seed = 0;
    const measure = () => concept(["stability", target, "--runs", "1", "--seed", String(++seed)]);
    const runs = await racing(target, measure, 4);
    expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, stderr } of runs) {
      if (code !== 0) expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/nobody works on it/);
    }
  }, 120_000);

  it("concept update loses no edit, with --refit and without", async () => {
    const target = file("raced-update.concept");
    const pictures = file("pictures");
    const emoji = emojiOf("twitter").slice(0, 150);
    layOutEmoji(pictures, emoji, "twitter");
    const cache = ["--cache", file("cache")];
    const fit = ["fit", pictures, "-o", target, "--model", "mini", "--vocabulary", "none", "--min-size", "5"];
    expect((await concept([...fit, ...cache])).code).toBe(0);
    // Pinned concepts go on in any fit.
    for (let id = 0; id < 5; id++) await concept(["edit", target, "pin", String(id)]);
    let count = 0;
    const update = () => {
      rmSync(path.join(pictures, `${emoji[++count]!.short_name}.png`));
      return concept(["update", target, pictures, ...cache, ...(count % 2 === 0 ? ["--refit"] : [])]);
    };
    const runs = await racing(target, update, 4);
    expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, stderr } of runs) {
      if (code !== 0) expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/nobody works on it/);
    }
  }, 240_000);
});
