import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/core/format/npy.ts";
import { stackRows } from "../../src/core/math/matrix.ts";
import { groupedVectors, scatteredVectors } from "../support/collections.ts";
import { concept, type Run, temporaryFolder } from "../support/command.ts";

const folder = temporaryFolder("shaping");
const model = path.join(folder, "photos.concept");
const { vectors, centres } = groupedVectors({ groups: 6, perGroup: 50, spread: 0.6 });

beforeAll(async () => {
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file("vectors.npy"), writeNpy(stackRows([vectors, scatteredVectors(60, 32)], 32)));
  writeFileSync(file("words.npy"), writeNpy(centres));
  writeFileSync(file("words.txt"), "ant\nbee\ncat\ndog\nelk\nfox\n");
  writeFileSync(file("list.txt"), Array.from({ length: 360 }, (_, i) => `pictures/${i}.jpg`).join("\n"));
  const words = ["--docs", file("words.txt"), "--doc-embeddings", file("words.npy")];
  const run = await concept([
    "fit",
    file("vectors.npy"),
    "-o",
    model,
    "--images",
    file("list.txt"),
    ...words,
  ]);
  expect(run.code).toBe(0);
});

async function json(args: readonly string[]): Promise<Record<string, never>> {
  const run = await concept([...args, "--json"]);
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout);
}

const edit = (...words: readonly string[]): Promise<Run> => concept(["edit", model, ...words]);

interface Exported {
  readonly concepts: readonly { readonly id: number; readonly name: string; readonly size: number }[];
  readonly images: readonly { readonly path: string; readonly concept: number }[];
}
const exported = async (): Promise<Exported> =>
  (await json(["export", model, "--to", "json"])) as unknown as Exported;

function bytes(): string {
  const hash = createHash("sha256");
  const files = readdirSync(model, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const name of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    hash.update(name).update(readFileSync(name));
  }
  return hash.digest("hex");
}

describe("concepts of concepts", () => {
  it("are shown as a tree that has every concept once", async () => {
    const tree = (await json(["info", model, "--tree"])) as unknown as {
      levels: number[];
      nodes: { id: number; level: number; parent: number }[];
    };
    expect(tree.levels[0]).toBe(6);
    expect(
      tree.nodes
        .filter(({ level }) => level === 0)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5]);
    const human = await concept(["info", model, "--tree", "--by", "similarity"]);
    expect(human.stdout.match(/#\d/g)?.sort()).toEqual(["#0", "#1", "#2", "#3", "#4", "#5"]);
    expect((await concept(["info", model, "--by", "tree"])).code).toBe(2);
  });
});

describe("fitting again", () => {
  const out = path.join(folder, "again.concept");
  const again = (...options: readonly string[]): Promise<Run> =>
    concept([
      "fit",
      path.join(folder, "vectors.npy"),
      "-o",
      out,
      "--images",
      path.join(folder, "list.txt"),
      ...options,
    ]);

  it("reduces outliers if asked, and carries edits over instead of losing them", async () => {
    const plain = await again("--json");
    const reduced = await again("--json", "--reduce-outliers", "neighbors", "--threshold", "0");
    expect(JSON.parse(reduced.stdout).outliers).toBeLessThanOrEqual(JSON.parse(plain.stdout).outliers);
    expect(JSON.parse(reduced.stdout).outlierShare).toBe(JSON.parse(reduced.stdout).outliers / 360);
    await concept(["edit", out, "rename", "2", "quay"]);
    const refused = await again();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("--continue");
    const carried = await again("--continue", out, "--min-size", "20");
    expect(carried.code).toBe(0);
    expect(carried.stderr).toContain("6 concepts go on, 0 ended");
    const info = await concept(["info", out]);
    expect(info.stdout).toMatch(/^ *2 +\d+ +quay/m);
    expect((await again("--threshold", "0.5")).code).toBe(2);
  });
});

describe("shaping a model on the command line", () => {
  it("makes edits, lists them, finds them again and undoes them to the very bytes", async () => {
    const before = bytes();
    const first = await exported();
    const [a, b, c] = first.concepts.map(({ id }) => String(id));
    expect((await edit("rename", a!, "the", "old", "harbour")).stdout).toContain(
      `rename ${a} "the old harbour"`,
    );
    expect((await edit("merge", a!, b!)).code).toBe(0);
    const middle = bytes();
    expect((await edit("split", c!, "--into", "3")).stdout).toMatch(/8 concepts|7 concepts/);
    expect((await edit("hide", c!)).code).toBe(0);
    const moved = path.join(folder, "pictures", "0.jpg");
    expect((await edit("move", moved, "1.jpg", "--to", "new")).code).toBe(0);
    const shaped = await exported();
    expect(shaped.concepts.find(({ id }) => String(id) === a)).toMatchObject({ name: "the old harbour" });
    expect(shaped.concepts.some(({ id }) => String(id) === b)).toBe(false);
    const ofPicture = new Map(shaped.images.map((image) => [path.basename(image.path), image.concept]));
    expect(ofPicture.get("0.jpg")).toBe(ofPicture.get("1.jpg"));
    const info = await concept(["info", model]);
    expect(info.stdout).toMatch(/edits +5/);
    expect(info.stdout).toMatch(new RegExp(`hidden +${c} `));
    const list = await json(["edit", model, "list"]);
    expect(list["edits"]).toHaveLength(5);
    for (let i = 0; i < 3; i++) expect((await edit("undo")).stdout).toContain("Undone");
    expect(bytes()).toBe(middle);
    for (let i = 0; i < 2; i++) await edit("undo");
    expect(bytes()).toBe(before);
    expect(await exported()).toEqual(first);
    expect((await edit("undo")).stdout).toContain("nothing to undo");
    expect(bytes()).toBe(before);
  });

  it("recuts to exactly as many concepts as asked for, in the words of the fit", async () => {
    for (const count of [2, 4, 9]) {
      expect(await json(["recut", model, "--concepts", String(count)])).toMatchObject({ concepts: count });
      const { concepts } = await exported();
      expect(concepts).toHaveLength(count);
      expect(concepts.every(({ name }) => /ant|bee|cat|dog|elk|fox/.test(name))).toBe(true);
    }
    const human = await concept(["recut", model, "--min-size", "10", "--method", "leaf"]);
    expect(human.stderr).toMatch(/\d+ concepts, \d+ in none \(\d+ %\): \d+ go on, .* ms/);
    const reduced = await json([
      "recut",
      model,
      "-k",
      "6",
      "--reduce-outliers",
      "exemplar",
      "--threshold",
      "0",
    ]);
    expect(reduced).toMatchObject({ concepts: 6, outliers: 0, outlierShare: 0 });
    const impossible = await concept(["recut", model, "--concepts", "5000"]);
    expect(impossible.code).toBe(1);
    expect(impossible.stderr).toMatch(/There cannot be 5000 concepts: expected from 2 to \d+/);
    for (let i = 0; i < 5; i++) await edit("undo");
    expect(readdirSync(model)).not.toContain("edits.jsonl");
  });

  it("says what it was called wrongly with, and changes nothing then", async () => {
    const before = bytes();
    const misused = [
      ["rename", "0"],
      ["rename", "zero", "x"],
      ["merge", "1"],
      ["split", "1", "2"],
      ["move", "a.jpg"],
      ["move", "a.jpg", "--to", "somewhere"],
      ["pin", "1", "--into", "2"],
      ["explode", "1"],
      ["outliers", "magic"],
      ["undo", "2"],
    ];
    const impossible = [
      ["rename", "99", "x"],
      ["merge", "0", "0"],
      ["move", "nowhere.jpg", "--to", "none"],
      ["split", "0", "--into", "1000"],
    ];
    const [wrong, failed] = await Promise.all(
      [misused, impossible].map((calls) => Promise.all(calls.map((words) => edit(...words)))),
    );
    wrong!.forEach((run, i) => {
      expect(run.code, misused[i]!.join(" ")).toBe(2);
      expect(run.stderr).toContain("concept edit --help");
    });
    failed!.forEach((run, i) => {
      expect(run.code, impossible[i]!.join(" ")).toBe(1);
      expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
    });
    expect(bytes()).toBe(before);
  });

  it("lets several commands at once take turns: each is done or says that it was not", async () => {
    const before = ((await json(["edit", model, "list"]))["edits"] as unknown as string[]).length;
    const runs = await Promise.all(["red", "green", "blue"].map((name) => edit("rename", "0", name)));
    for (const run of runs.filter(({ code }) => code !== 0)) {
      expect(run.code).toBe(1);
      expect(run.stderr).toContain("edited by another process");
    }
    const done = runs.filter(({ code }) => code === 0).length;
    expect(done).toBeGreaterThan(0);
    expect((await json(["edit", model, "list"]))["edits"]).toHaveLength(before + done);
    for (let i = 0; i < done; i++) await edit("undo");
  });

  it("goes on after a torn edit, and refuses a forged one", async () => {
    await edit("rename", "0", "quay");
    const log = path.join(model, "edits.jsonl");
    appendFileSync(log, '{"kind":"rename","conc');
    const info = await concept(["info", model]);
    expect(info.stderr).toContain("cut off");
    expect(info.stdout).toContain("quay");
    expect((await edit("rename", "1", "pier")).code).toBe(0);
    expect((await concept(["info", model])).stderr).toBe("");
    appendFileSync(log, '{"kind":"rename","concept":12345,"name":"x"}\n');
    const forged = await concept(["info", model]);
    expect(forged.code).toBe(1);
    expect(forged.stderr).toContain("line 4 of edits.jsonl");
  });
});
