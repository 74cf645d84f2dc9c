import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/edits/edit.ts";
import { planEdit, withEdit, withoutLastEdits } from "../../../src/core/edits/plan-edit.ts";
import { FormatError } from "../../../src/core/errors.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { writeEdits } from "../../../src/node/saved-model/edit-log.ts";
import { loadModel, loadSavedModel } from "../../../src/node/saved-model/load-model.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { plainParts } from "../../core/edits/shaped-models.ts";
import { bundledProgram, firstOutput } from "../../support/bundled-program.ts";
import { temporaryFolder } from "../../support/command.ts";
import { registered, sampleModel } from "./sample-model.ts";

const folder = temporaryFolder("edit-log");
const program = bundledProgram(new URL("./edit-forever.ts", import.meta.url));

/** Names and hashes of all files. */
async function bytesOf(target: string): Promise<Record<string, string>> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = async (file: string): Promise<string> =>
    createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  return Object.fromEntries(await Promise.all(files.sort().map(async (file) => [file, await hash(file)])));
}

const rename = (concept: number, name: string): Edit => ({ kind: "rename", concept, name });

async function merged(model: FittedModel): Promise<FittedModel> {
  const context = { kernels: referenceKernels };
  const edit = await planEdit(model, { kind: "merge", concepts: [1, 0] }, context);
  const moved = withEdit(model, edit);
  const pictures = [0, 1, 2];
  return withEdit(moved, await planEdit(moved, { kind: "move", pictures, to: "new" }, context));
}

describe("the edit log of a saved model", () => {
  it("brings the same model back, however often it is saved and loaded", async () => {
    const target = join(folder, "round-trip.concept");
    const shaped = await merged(await sampleModel(1));
    await saveModel(shaped, target);
    const once = await loadModel(target, registered);
    expect(plainParts(once)).toEqual(plainParts(shaped));
    const before = await bytesOf(target);
    await saveModel(once, target);
    expect(await bytesOf(target)).toEqual(before);
  });

  it("is written edit by edit, and undone to the very bytes", async () => {
    const target = join(folder, "undo.concept");
    const base = await sampleModel(2);
    const { checksum } = await saveModel(base, target);
    const states = [await bytesOf(target)];
    const shaped = await merged(base);
    const edits = [...shaped.shaping!.edits, rename(1, "harbour")];
    for (let count = 1; count <= edits.length; count++) {
      await writeEdits(target, edits.slice(0, count - 1), edits.slice(0, count), checksum);
      states.push(await bytesOf(target));
    }
    expect((await loadModel(target, registered)).shaping?.edits).toEqual(edits);
    for (let count = edits.length; count > 0; count--) {
      await writeEdits(target, edits.slice(0, count), edits.slice(0, count - 1), checksum);
      expect(await bytesOf(target)).toEqual(states[count - 1]);
    }
    // Several at once, some taken back and others made.
    await writeEdits(target, [], edits, checksum);
    const others = [
      ...edits.slice(0, 2),
      rename(1, "quay"),
      { kind: "pin", concept: 1, pinned: false } as const,
    ];
    await writeEdits(target, edits, others, checksum);
    expect((await loadModel(target, registered)).shaping?.edits).toEqual(others);
    await writeEdits(target, others, [], checksum);
    expect(await bytesOf(target)).toEqual(states[0]);
  });

  it("does not let a second writer overwrite what it has not seen", async () => {
    const target = join(folder, "two.concept");
    const base = await sampleModel(3);
    const { checksum } = await saveModel(base, target);
    await writeEdits(target, [], [rename(0, "first")], checksum);
    const elsewhere = expect.objectContaining({ code: "EDITED_ELSEWHERE" });
    await expect(writeEdits(target, [], [rename(0, "second")], checksum)).rejects.toEqual(elsewhere);
    expect((await loadModel(target, registered)).concepts[0]!.name).toBe("first");
    // Another model at the same place has edits of its own.
    await saveModel(await sampleModel(4), target);
    await expect(writeEdits(target, [rename(0, "first")], [], checksum)).rejects.toEqual(elsewhere);
  });

  it("takes turns when many write at once, and loses nothing", async () => {
    const target = join(folder, "many.concept");
    const { checksum } = await saveModel(await sampleModel(5), target);
    const writer = async (writerId: number): Promise<void> => {
      for (let i = 0; i < 5; ) {
        const { model } = await loadSavedModel(target, registered);
        const known = model.shaping?.edits ?? [];
        try {
          await writeEdits(target, known, [...known, rename(0, `${writerId}.${i}`)], checksum);
          i++;
        } catch (error) {
          if ((error as { code?: string }).code !== "EDITED_ELSEWHERE") throw error;
        }
      }
    };
    await Promise.all([1, 2, 3].map(writer));
    const names = (await loadModel(target, registered)).shaping!.edits.map(
      (edit) => (edit as { name: string }).name,
    );
    expect([...names].sort()).toEqual(
      [1, 2, 3].flatMap((id) => Array.from({ length: 5 }, (_, i) => `${id}.${i}`)).sort(),
    );
    expect(await readdir(target)).not.toContain("edits.jsonl.lock");
  });

  it("ignores a torn last line, and cuts it off with the next edit", async () => {
    const target = join(folder, "torn.concept");
    const { checksum } = await saveModel(await sampleModel(6), target);
    const edits = [rename(0, "one"), rename(1, "two")];
    await writeEdits(target, [], edits, checksum);
    const log = join(target, "edits.jsonl");
    const whole = await readFile(log);
    await writeEdits(target, edits, [...edits, rename(2, "three")], checksum);
    const longer = await readFile(log);
    for (let length = whole.length; length < longer.length; length++) {
      await writeFile(log, longer.subarray(0, length));
      const { model, tornEdit } = await loadSavedModel(target, registered);
      expect(model.shaping?.edits).toEqual(edits);
      expect(tornEdit).toBe(length > whole.length);
    }
    await writeEdits(target, edits, [...edits, rename(2, "four")], checksum);
    expect((await loadModel(target, registered)).concepts.map(({ name }) => name).sort()).toEqual([
      "four",
      "one",
      "two",
    ]);
    // Even the header may be torn.
    await truncate(log, 10);
    await writeEdits(target, [], [rename(2, "five")], checksum);
    expect((await loadModel(target, registered)).shaping?.edits).toEqual([rename(2, "five")]);
  });

  it("is refused when it is forged, with the line, and nothing of it happens", async () => {
    const target = join(folder, "forged.concept");
    const { checksum } = await saveModel(await sampleModel(7), target);
    await writeEdits(target, [], [rename(0, "real")], checksum);
    const log = join(target, "edits.jsonl");
    const real = await readFile(log);
    const draft = { concept: 9, name: "x", renamed: false, words: [] };
    const forged: readonly unknown[] = [
      { kind: "execute", code: "process.exit()" },
      { kind: "rename", concept: 0 },
      { kind: "rename", concept: "0", name: "x" },
      { kind: "rename", concept: 77, name: "x" },
      { kind: "rename", concept: 0, name: "a\u0000b" },
      { kind: "rename", concept: 0, name: "x", more: 1 },
      { kind: "rename", concept: 0, name: "x".repeat(500) },
      { kind: "pin", concept: 0.5, pinned: true },
      { kind: "hide", concept: 0, hidden: "yes" },
      { kind: "merge", concepts: [0, 1], result: { ...draft, concept: 1 } },
      { kind: "merge", concepts: [0, 0], result: { ...draft, concept: 0 } },
      { kind: "move", pictures: ["no such picture"], to: 0 },
      { kind: "move", pictures: [["0", "../../etc/passwd"]], to: 0 },
      { kind: "move", pictures: [], to: 0 },
      { kind: "move", pictures: ["0"], to: { ...draft, concept: 0 } },
      { kind: "move", pictures: ["0"], to: { ...draft, concept: 2 ** 31 } },
      { kind: "move", pictures: ["0"], to: { ...draft, words: [{ word: "w", score: null }] } },
      { kind: "split", rest: { ...draft, concept: 0 }, parts: [] },
      { kind: "recut", cut: { clusterCount: 1e9 }, owners: [], concepts: [] },
      { kind: "recut", cut: { clusterCount: 2 }, owners: [0, 1, 2], concepts: [] },
      { kind: "recut", cut: {}, owners: [0, 1, 999], concepts: [] },
      { kind: "recut", cut: { minClusterSize: 1 }, owners: [], concepts: [] },
      { kind: "outliers", strategy: "magic", threshold: 0, pictures: [], concepts: [], strengths: [] },
      {
        kind: "outliers",
        strategy: "exemplar",
        threshold: 0,
        pictures: ["0"],
        concepts: [0],
        strengths: [7],
      },
      { kind: "carry", concepts: [draft, draft, draft], pinned: [], hidden: [], next: 10 },
      { kind: "carry", concepts: [], pinned: [], hidden: [], next: 0 },
      [],
      null,
      "rename",
    ];
    for (const edit of forged) {
      await writeFile(log, real);
      await appendFile(log, `${JSON.stringify(edit)}\n`);
      const failure = await loadModel(target, registered).catch((error: unknown) => error);
      expect(failure, JSON.stringify(edit)).toBeInstanceOf(FormatError);
      expect((failure as Error).message, JSON.stringify(edit)).toContain("line 3 of edits.jsonl");
    }
    for (const [text, line] of [
      ["not json\n", 1],
      [`${JSON.stringify({ format: "conceptmodel-edits", formatVersion: 2, model: checksum })}\n`, 1],
      [`${JSON.stringify({ format: "conceptmodel-edits", formatVersion: 1, model: "another" })}\n`, 1],
      [`${real.toString()}\n`, 3],
      [`${real.toString()}${"[".repeat(100_000)}${"]".repeat(100_000)}\n`, 3],
      [`${real.toString()}{"kind":"rename","concept":0,"name":"\\ud800"}\n`, 3],
    ] as const) {
      await writeFile(log, text);
      await expect(loadModel(target, registered)).rejects.toThrow(`line ${line} of edits.jsonl`);
    }
    await writeFile(log, Buffer.concat([real, Buffer.from([0x22, 0xff, 0x22, 10])]));
    await expect(loadModel(target, registered)).rejects.toThrow("line 3 of edits.jsonl");
    await rm(log);
    await symlink("/etc/passwd", log);
    await expect(loadModel(target, registered)).rejects.toThrow(FormatError);
  });

  it("leaves whole edits whenever its writer is killed", { timeout: 60_000 }, async () => {
    const target = join(folder, "killed.concept");
    await saveModel(await sampleModel(8), target);
    let most = 0;
    for (let round = 0; round < 10; round++) {
      const child = spawn(process.execPath, [program, target], { stdio: ["ignore", "pipe", "inherit"] });
      let told = -1;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        told = Number(text.trim().split("\n").at(-1));
      });
      await firstOutput(child);
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 3.7));
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await ended;
      const { model } = await loadSavedModel(target, registered);
      const count = model.shaping?.edits.length ?? 0;
      // What was said to be written is there.
      expect(count).toBeGreaterThanOrEqual(told);
      expect(model.shaping?.edits ?? []).toEqual(
        Array.from({ length: count }, (_, i) => rename(0, `name ${i}`)),
      );
      most = Math.max(most, count);
    }
    expect(most).toBeGreaterThan(10);
    // The lock of the last one killed, if it held one, is nobody's any more.
    const { model, checksum } = await loadSavedModel(target, registered);
    await writeEdits(target, model.shaping?.edits ?? [], [], checksum);
    expect((await readdir(target)).filter((name) => name.startsWith("edits"))).toEqual([]);
    expect(withoutLastEdits(model, 1e9).shaping).toBeUndefined();
  });
});
