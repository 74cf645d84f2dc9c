import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, writePictures } from "./pictures.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const CHILD = path.join(import.meta.dirname, "embed-child.mjs");
const PICTURES = 60;
const BATCH = 5;

interface Outcome {
  readonly paths: string[];
  readonly embedded: number;
  readonly cached: number;
  readonly skipped: { path: string }[];
  readonly bits: string;
  readonly damaged: number;
}

interface Setting {
  readonly pictures: string;
  readonly cache: string;
  readonly log: string;
}

async function setting(): Promise<Setting> {
  const pictures = await temporaryFolder();
  await writePictures(pictures, PICTURES);
  await writeFile(path.join(pictures, "bad.png"), "no picture");
  return { pictures, cache: await temporaryFolder(), log: path.join(await temporaryFolder(), "log") };
}

function childArguments({ pictures, cache, log }: Setting, delay: number): string[] {
  return [CHILD, path.join(PROJECT, "dist"), pictures, cache, log, String(delay)];
}

async function run(where: Setting, delay: number): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, childArguments(where, delay));
  return JSON.parse(stdout);
}

const batchesOf = ({ log }: Setting) =>
  existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean).map(Number) : [];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function killAfterBatches(where: Setting, batches: number): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, childArguments(where, 40), { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
  while (batchesOf(where).length < batches && child.exitCode === null) await setTimeout(5);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
}

describe("embedding in processes that are killed or run together", () => {
  beforeAll(() => {
    expect(existsSync(path.join(PROJECT, "dist/node/images/embed-images.js"))).toBe(true);
  });

  it("goes on where kill -9 stopped it, and ends as if nothing had happened", async () => {
    const where = await setting();
    const undisturbed = await run({ ...where, cache: await temporaryFolder(), log: `${where.log}-calm` }, 0);
    expect(undisturbed.embedded).toBe(PICTURES);

    await killAfterBatches(where, 3);
    await killAfterBatches(where, 6);
    const before = sum(batchesOf(where));
    const resumed = await run(where, 0);
    expect(before).toBeLessThan(PICTURES);
    // Each kill may cost the two batches in flight, no more.
    expect(sum(batchesOf(where))).toBeLessThanOrEqual(PICTURES + 2 * 2 * BATCH);
    expect(resumed.cached).toBeGreaterThanOrEqual(before - 2 * 2 * BATCH);
    expect(resumed.cached + resumed.embedded).toBe(PICTURES);
    expect(resumed.bits).toBe(undisturbed.bits);
    expect(resumed.paths).toEqual(undisturbed.paths);
    expect(resumed.skipped).toEqual(undisturbed.skipped);

    const again = await run(where, 0);
    expect([again.embedded, again.cached, again.bits]).toEqual([0, PICTURES, undisturbed.bits]);
  });

  it("lets two runs share a cache", async () => {
    const where = await setting();
    const [one, two] = await Promise.all([run(where, 20), run(where, 20)]);
    expect(one!.bits).toBe(two!.bits);
    const after = await run(where, 0);
    expect([after.embedded, after.cached, after.damaged]).toEqual([0, PICTURES, 0]);
    expect(after.bits).toBe(one!.bits);
  });
});
