// Whether a fit that is killed again and again ends as one that is not: `node bench/ingest-kills.mjs [20000] [--every 60]`.
// Small invented pictures go through the whole command with `mini`; kill -9 comes every so many seconds. Prints how often, how much
// was embedded twice, and whether the two models are the same bytes.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { machine, runtime, version } from "./machine.mjs";
import { smallPictureFolder } from "./small-pictures.mjs";

const { values, positionals } = parseArgs({
  options: { every: { type: "string", default: "60" } },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 20_000);
const main = new URL("../dist/cli/main.js", import.meta.url).pathname;
const work = await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-"));
const files = [
  "images.parquet",
  "concepts.parquet",
  "tree.parquet",
  "vectors/images.npy",
  "vectors/concepts.npy",
];

console.log(`${version}, ${runtime()}, ${machine()}; ${count} pictures of 48 x 48 pixels`);
const pictures = await smallPictureFolder(count);
try {
  const start = Date.now();
  const calm = await fit("calm");
  console.log(`undisturbed: ${seconds(start)} s, ${JSON.parse(calm.stdout).concepts} concepts`);
  await rm(path.join(work, "calm-cache"), { recursive: true });
  let kills = 0;
  let outcome;
  const disturbed = Date.now();
  do {
    // Later each time, or a step that takes longer than the pause would never end.
    outcome = await fit("killed", Number(values.every) * 1000 * (1 + kills / 10));
    if (outcome.signal !== null) {
      kills++;
      const left = readdirSync(work).filter((name) => name.includes("killed") && name.endsWith(".tmp"));
      console.log(
        `  kill ${kills} after ${seconds(disturbed)} s: ${records()} vectors kept, ${left.length} unfinished folders beside`,
      );
    }
  } while (outcome.signal !== null);
  const { embedded, cached } = JSON.parse(outcome.stdout);
  console.log(
    `killed ${kills} times: ${seconds(disturbed)} s in all; the last run embedded ${embedded} and knew ${cached}`,
  );
  const differing = files.filter((file) => {
    const bytes = (name) => readFileSync(path.join(work, `${name}.concept`, file));
    return !bytes("calm").equals(bytes("killed"));
  });
  console.log(
    differing.length === 0
      ? `the two models are the same bytes: ${files.join(", ")}`
      : `DIFFERENT: ${differing.join(", ")}`,
  );
  process.exitCode = differing.length === 0 ? 0 : 1;
} finally {
  await rm(work, { recursive: true });
}

function fit(name, killAfter) {
  const words = ["fit", pictures, "-o", path.join(work, `${name}.concept`), "--model", "mini", "--json"];
  const child = spawn(process.execPath, [main, ...words, "--cache", path.join(work, `${name}-cache`)]);
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code !== 0 && signal === null) reject(new Error(stderr));
      else resolve({ stdout, signal });
    });
  });
}

/** Vectors in the cache of the killed runs, by the size of its files: 4 x 128 bytes and 36 each. */
function records() {
  const root = path.join(work, "killed-cache", "embeddings");
  if (!existsSync(root)) return 0;
  const segments = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".vectors"));
  return segments.reduce(
    (sum, name) => sum + Math.floor((statSync(path.join(root, name)).size - 64) / 548),
    0,
  );
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(0);
}
