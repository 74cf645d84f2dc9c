// Files of vectors that the benches of both languages read, written once: making a million takes longer than reading them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeNpy } from "../dist/core/format/npy.js";
import { Rng } from "../dist/core/index.js";
import { clipLike } from "./clip-like.mjs";

export const DIMENSIONS = 512;
export const WORDS = 10_000;

/** One write takes at most 2 GB on any system; this keeps well below. */
const CHUNK = 2 ** 26;

/** What `bench/clip-like.mjs` makes must be named anew when it makes something else. */
const EDITION = 1;

/** The .npy files of `rows` vectors and of the vocabulary, made where they are missing. */
export function benchFiles(rows, folder = path.join(tmpdir(), "conceptmodel-bench")) {
  mkdirSync(folder, { recursive: true });
  return { vectors: npyFile(folder, rows, 1), words: npyFile(folder, WORDS, 2) };
}

function npyFile(folder, rows, seed) {
  const file = path.join(folder, `clip-like-${EDITION}-${rows}x${DIMENSIONS}-seed${seed}.npy`);
  if (!existsSync(file)) {
    // In a process of its own: the caller's memory is measured.
    execFileSync(process.execPath, [import.meta.filename, `${rows}`, `${seed}`, `${file}.part`]);
    renameSync(`${file}.part`, file);
  }
  return file;
}

async function writeVectors(rows, seed, target) {
  const { header, body } = encodeNpy(clipLike(rows, DIMENSIONS, new Rng(seed)).vectors);
  const file = await open(target, "w");
  await file.writeFile(header);
  for (let at = 0; at < body.length; at += CHUNK) await file.writeFile(body.subarray(at, at + CHUNK));
  await file.close();
}

if (process.argv[1] === import.meta.filename) {
  const [rows, seed, target] = process.argv.slice(2);
  await writeVectors(Number(rows), Number(seed), target);
}
