import { execFileSync } from "node:child_process";
import path from "node:path";

const SCRIPT = path.join(import.meta.dirname, "fit-once.mjs");

/**
 * Fits the vectors of a file in a process of its own, so that its start counts and its peak of memory is its own.
 *
 * @param {{ vectors: string, words: string }} files .npy
 * @param {{ map: boolean }} options
 * @returns what `fit-once.mjs` prints
 */
export function fitOnce(files, { map }) {
  const flags = ["--vectors", files.vectors, "--words", files.words, ...(map ? [] : ["--no-map"])];
  const env = { ...process.env, BENCH_STARTED: `${Date.now()}` };
  return JSON.parse(
    execFileSync(process.execPath, [SCRIPT, ...flags], { env, encoding: "utf8", maxBuffer: 2 ** 24 }),
  );
}
