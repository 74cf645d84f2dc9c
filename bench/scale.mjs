// A million pictures through everything: found in tar files, embedded, kept, fitted, saved, opened, searched and explored, with the
// memory of all processes on the way: `node bench/scale.mjs MODEL_FOLDER [1000000] [--fit-words "--sample 200000"] [--keep FOLDER]`.
// MODEL_FOLDER as `scripts/random-clip --tiny` makes it: next to no arithmetic, so that what is measured is all that lies around a model.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { machine, runtime, version } from "./machine.mjs";
import { treeResidentBytes } from "./resident.mjs";
import { smallPictureShards } from "./small-pictures.mjs";

const MAIN = new URL("../dist/cli/main.js", import.meta.url).pathname;
const { values, positionals } = parseArgs({
  options: { "fit-words": { type: "string", default: "" }, keep: { type: "string" } },
  allowPositionals: true,
});
const [clip, size = "1000000"] = positionals;
const count = Number(size);
const work = values.keep ?? (await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-")));
const model = path.join(work, "scale.concept");
const cache = ["--cache", path.join(work, "cache")];

console.log(`${version}, ${runtime()}, ${machine()}; ${count.toLocaleString("en")} pictures in tar files`);
const pictures = await smallPictureShards(count);
try {
  const words = values["fit-words"].split(" ").filter(Boolean);
  const fit = await run("fit", [
    path.join(pictures, "*.tar"),
    "-o",
    model,
    "--model",
    clip,
    "--json",
    ...cache,
    ...words,
  ]);
  const { images, concepts, embedded } = JSON.parse(fit.stdout);
  console.log(`  ${images} pictures, ${embedded} embedded now, ${concepts} concepts`);
  console.log(`  on disk: model ${gigabytes(folderBytes(model))}, cache ${gigabytes(folderBytes(cache[1]))}`);
  await run("info", [model]);
  await run("search", [model, "boat", "--top", "10", ...cache]);
  await explore();
} finally {
  if (values.keep === undefined) await rm(work, { recursive: true });
}

async function run(name, words) {
  const { child, watch, text } = start(name, words);
  const code = await new Promise((resolve) => child.on("close", resolve));
  report(`concept ${name}`, watch());
  if (code !== 0) throw new Error(text.stderr);
  return text;
}

async function explore() {
  const { child, watch, text } = start("explore", [model, "--port", "0", "--json", "--quiet", ...cache]);
  const ended = new Promise((resolve) => child.on("close", resolve));
  while (!text.stdout.includes("\n")) {
    if (child.exitCode !== null) throw new Error(text.stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  report("concept explore, until it listens", watch());
  const base = JSON.parse(text.stdout).address.replace(/\/$/, "");
  for (const part of ["model", "points/map", "points/concepts", "points/probabilities"]) {
    const begin = performance.now();
    const { byteLength } = await (await fetch(`${base}/api/${part}`)).arrayBuffer();
    console.log(`  /api/${part}: ${gigabytes(byteLength)} in ${seconds(begin)} s`);
  }
  for (const query of ["boat", "boat", "+red -blue"]) {
    const begin = performance.now();
    const answer = await fetch(`${base}/api/search`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: base },
      body: JSON.stringify({ query, limit: 200 }),
    });
    console.log(`  search ${query}: ${answer.status} in ${seconds(begin)} s`);
    await answer.arrayBuffer();
  }
  child.kill("SIGINT");
  await ended;
  report("concept explore, all of it", watch());
}

function start(name, words) {
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, name, ...words]);
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (part) => {
    text.stdout += part;
  });
  child.stderr.on("data", (part) => {
    text.stderr = (text.stderr + part).slice(-4000);
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, treeResidentBytes(child.pid));
  }, 200);
  timer.unref();
  child.on("close", () => clearInterval(timer));
  return { child, text, watch: () => ({ begin, peak: Math.max(peak, treeResidentBytes(child.pid)) }) };
}

function report(what, { begin, peak }) {
  console.log(`${what}: ${seconds(begin)} s, peak of all its processes ${gigabytes(peak)}`);
}

function folderBytes(folder) {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true });
  return names.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

function gigabytes(bytes) {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function seconds(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
