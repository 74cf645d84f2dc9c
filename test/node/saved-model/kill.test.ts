import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { bundledProgram, firstOutput } from "../../support/bundled-program.ts";
import { temporaryFolder } from "../../support/command.ts";
import { registered, sampleModel } from "./sample-model.ts";

const folder = temporaryFolder("killed-save");
const program = bundledProgram(new URL("./save-forever.ts", import.meta.url));

function startSaving(target: string): ChildProcess {
  return spawn(process.execPath, [program, target], { stdio: ["ignore", "pipe", "inherit"] });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

test("a save that is killed at any moment leaves a whole model", async () => {
  const target = join(folder, "photos.concept");
  for (let round = 0; round < 12; round++) {
    const child = startSaving(target);
    await firstOutput(child);
    // While it saves on, every load finds one of the two.
    for (let i = 0; i < 5; i++)
      expect([1, 2]).toContain((await loadModel(target, registered)).parameters.seed);
    await new Promise((resolve) => setTimeout(resolve, round * 3.7));
    await kill(child);
    expect([1, 2]).toContain((await loadModel(target, registered)).parameters.seed);
  }
  await saveModel(await sampleModel(3), target);
  expect((await loadModel(target, registered)).parameters.seed).toBe(3);
  // The next save takes away what the killed ones left.
  expect(await readdir(folder)).toEqual(["photos.concept"]);
});

test("every point a crash can come at", async () => {
  // A process id beyond what systems give out: one that does not run.
  const stamp = "abc-4194999-00000000";
  const target = join(folder, "crash.concept");
  const beside = (role: string) => join(folder, `.crash.concept.${role}-${stamp}`);
  const seed = async () => (await loadModel(target, registered)).parameters.seed;
  await saveModel(await sampleModel(1), target);

  await mkdir(beside("new"));
  expect(await seed()).toBe(1);

  await rename(target, beside("old"));
  expect(await seed()).toBe(1);

  // Both renames done: the new model counts, whatever is left of the old one.
  const other = join(folder, "other.concept");
  await saveModel(await sampleModel(2), other);
  await cp(other, target, { recursive: true });
  await rm(join(beside("old"), "model.json"));
  expect(await seed()).toBe(2);

  await rename(beside("old"), beside("trash"));
  await saveModel(await sampleModel(4), target);
  expect(await seed()).toBe(4);
  expect((await readdir(folder)).filter((name) => name.startsWith(".crash"))).toEqual([]);

  // A save after a crash between the renames, and one that cannot be done: the old model has its name again.
  await rename(target, beside("old"));
  await expect(saveModel(await sampleModel(5), target, { overwrite: false })).rejects.toThrow(
    "a saved model",
  );
  expect(await readdir(folder)).toContain("crash.concept");
  expect(await seed()).toBe(4);
});
