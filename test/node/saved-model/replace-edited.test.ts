import { type ChildProcess, spawn } from "node:child_process";
import { renameSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../src/core/edits/apply-edits.ts";
import type { Edit } from "../../../src/core/edits/edit.ts";
import { withEdit } from "../../../src/core/edits/plan-edit.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { claimSaved, writeEdits } from "../../../src/node/saved-model/edit-log.ts";
import { replaceFolder } from "../../../src/node/saved-model/folder-swap.ts";
import { loadModel, readFolder, readSavedState } from "../../../src/node/saved-model/load-model.ts";
import { readModelFiles } from "../../../src/node/saved-model/model-reader.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { bundledProgram, firstOutput } from "../../support/bundled-program.ts";
import { groupedVectors } from "../../support/collections.ts";
import { temporaryFolder } from "../../support/command.ts";
import { registered, sampleModel } from "./sample-model.ts";

const elsewhere = expect.objectContaining({ code: "EDITED_ELSEWHERE" });
const rename = (name: string): Edit => ({ kind: "rename", concept: 0, name });
const folder = temporaryFolder("replace-edited");
const program = bundledProgram(new URL("./edit-while-replaced.ts", import.meta.url));

/** A folder of its own with a saved model in it. */
async function savedIn(name: string, seed: number) {
  const parent = join(folder, name);
  await mkdir(parent);
  const target = join(parent, "photos.concept");
  const { checksum } = await saveModel(await sampleModel(seed), target);
  return { parent, target, checksum };
}

describe("a save over a model that others may edit", () => {
  it("replaces what is known, and refuses what was edited since, which stays as it is", async () => {
    const { parent, target, checksum } = await savedIn("known", 1);
    await writeEdits(target, [], [rename("one")], checksum);
    const replaces = { checksum, edits: [rename("one")] };
    await writeEdits(target, replaces.edits, [...replaces.edits, rename("two")], checksum);
    const next = await sampleModel(2);
    await expect(saveModel(next, target, { replaces })).rejects.toEqual(elsewhere);
    await expect(saveModel(next, target, { replaces: null })).rejects.toEqual(elsewhere);
    expect(await readdir(parent)).toEqual(["photos.concept"]);
    expect(await readdir(target)).not.toContain("edits.jsonl.lock");
    expect((await loadModel(target, registered)).concepts[0]!.name).toBe("two");
    const known = await readSavedState(target);
    await saveModel(next, target, { replaces: known });
    expect((await loadModel(target, registered)).parameters.seed).toBe(2);
    expect(await readdir(parent)).toEqual(["photos.concept"]);
    expect((await readdir(target)).filter((file) => file.startsWith("edits"))).toEqual([]);
    // By now another fit is there, without edits as well.
    await expect(saveModel(next, target, { replaces: { checksum, edits: [] } })).rejects.toEqual(elsewhere);
  });

  it("takes an undone edit for a change, too, and a torn line for none", async () => {
    const { target, checksum } = await savedIn("undone", 3);
    await writeEdits(target, [], [rename("one")], checksum);
    const replaces = (await readSavedState(target))!;
    const log = join(target, "edits.jsonl");
    const bytes = await readFile(log);
    await writeEdits(target, replaces.edits, [], checksum);
    await expect(saveModel(await sampleModel(4), target, { replaces })).rejects.toEqual(elsewhere);
    await writeFile(log, Buffer.concat([bytes, bytes.subarray(0, 20)]));
    await saveModel(await sampleModel(4), target, { replaces });
  });

  it("waits for a writer who is at it, and sees what he has written", async () => {
    const { target, checksum } = await savedIn("writer", 5);
    const lock = join(target, "edits.jsonl.lock");
    await writeFile(lock, `${hostname()} ${process.pid} somebody`);
    const saving = saveModel(await sampleModel(6), target, { replaces: { checksum, edits: [] } });
    const refused = expect(saving).rejects.toEqual(elsewhere);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const { parent, target: other, checksum: sum } = await savedIn("copied", 5);
    await writeEdits(other, [], [rename("late")], sum);
    await writeFile(join(target, "edits.jsonl"), await readFile(join(other, "edits.jsonl")));
    await rm(lock);
    await refused;
    expect((await loadModel(target, registered)).concepts[0]!.name).toBe("late");
    expect(await readdir(parent)).toEqual(["photos.concept"]);
  });

  it("refuses a writer who waited while the folder was replaced, and leaves him no lock", async () => {
    const { target, checksum } = await savedIn("waiting", 7);
    let writing: Promise<void> | undefined;
    const files = new Map([["model.json", [new TextEncoder().encode("{}")]]]);
    await replaceFolder(target, files, async (there) => {
      const release = await claimSaved(there, { checksum, edits: [] });
      writing = writeEdits(target, [], [rename("late")], checksum);
      writing.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 60));
      return release;
    });
    await expect(writing).rejects.toEqual(elsewhere);
    expect(await readdir(target)).toEqual(["model.json"]);
  });

  it("lets writers in again where the new folder cannot take its place", async () => {
    const { parent, target, checksum } = await savedIn("failing", 8);
    const files = new Map([["model.json", [new TextEncoder().encode("{}")]]]);
    const replacing = replaceFolder(target, files, async (there) => {
      const [fresh] = (await readdir(parent)).filter((name) => name.includes(".new-"));
      await rm(join(parent, fresh!), { recursive: true });
      return claimSaved(there, { checksum, edits: [] });
    });
    await expect(replacing).rejects.toThrow("ENOENT");
    expect(await readdir(parent)).toEqual(["photos.concept"]);
    expect(await readdir(target)).not.toContain("edits.jsonl.lock");
    await writeEdits(target, [], [rename("again")], checksum);
  });

  it("is what a loaded model does in its own folder, and there alone", async () => {
    const target = join(folder, "own.concept");
    const { vectors } = groupedVectors({ groups: 3, perGroup: 40 });
    const model = new ConceptModel({ minConceptSize: 15 });
    await model.fit([], { imageEmbeddings: vectors });
    await model.save(target);
    await model.save(target);
    const other = await ConceptModel.load(target);
    await other.edit({ kind: "rename", concept: 0, name: "mine" });
    await other.saveEdits();
    await expect(model.save(target)).rejects.toEqual(elsewhere);
    await model.save(join(folder, "elsewhere.concept"));
    model.undoAll();
    await model.continueFrom(other);
    await model.save(target, { replaces: other.savedState });
    expect((await ConceptModel.load(target)).fitted.concepts.map(({ name }) => name)).toContain("mine");
  });

  it("was read, when replaced meanwhile, as the fit of before with the log of after, and called damaged", async () => {
    const { target, checksum } = await savedIn("mixed", 9);
    await writeEdits(target, [], [rename("one")], checksum);
    const { target: next } = await savedIn("next", 1);
    const aside = join(folder, "mixed", "aside");
    let swapped = false;
    const files = await readFolder(target, (source) =>
      readModelFiles(source, () => {
        // After the manifest was read, and before the log is.
        if (!swapped) {
          renameSync(target, aside);
          renameSync(next, target);
        }
        swapped = true;
        return false;
      }),
    );
    expect(files.editLog).toBeNull();
    expect(files.checksum).toBe((await readSavedState(target))!.checksum);
  });

  it("loses no acknowledged edit while two processes edit and a third replaces the model all the time", async () => {
    const { parent, target } = await savedIn("race", 10);
    const bases = [await sampleModel(11), await sampleModel(12)];
    const told = (writer: number): string => join(folder, `acknowledged-${writer}`);
    const writers = [0, 1].map((writer) =>
      spawn(process.execPath, [program, target, told(writer), String(writer)], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    await Promise.all(writers.map(firstOutput));
    let [replaced, refused] = [0, 0];
    const end = Date.now() + 40_000;
    while (Date.now() < end && (replaced < 15 || refused < 5)) {
      const replaces = (await readSavedState(target))!;
      const base = bases[(replaced + 1) % 2]!;
      try {
        await saveModel(applyEdits(base, replaces.edits), target, { replaces });
        replaced++;
      } catch (error) {
        expect(error).toEqual(elsewhere);
        refused++;
      }
    }
    const ended = writers.map(({ exitCode }) => exitCode);
    await Promise.all(writers.map(kill));
    const edits = (await readSavedState(target))!.edits as readonly { name: string }[];
    const names = edits.map(({ name }) => name);
    expect(replaced).toBeGreaterThan(3);
    expect(refused).toBeGreaterThan(0);
    for (const writer of [0, 1]) {
      const acknowledged = (await readFile(told(writer), "utf8")).trimEnd().split("\n");
      expect(acknowledged.length).toBeGreaterThan(10);
      const kept = new Set(names.filter((name) => name.startsWith(`${writer}.`)));
      expect(acknowledged.filter((name) => !kept.has(name))).toEqual([]);
    }
    expect(new Set(names).size).toBe(names.length);
    // An editor that died would have made the race an easy one.
    expect(ended).toEqual([null, null]);
    const last = withEdit(bases[0]!, rename("the last"));
    await saveModel(last, target, { replaces: await readSavedState(target) });
    expect(await readdir(parent)).toEqual(["photos.concept"]);
  }, 120_000);
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
