// A concept of very many pictures: time and peak memory of exemplars by MMR, near-duplicates, the report of captions and soft
// memberships, a process each. Usage: node bench/one-concept.mjs [400000]
import { execFileSync } from "node:child_process";
import { compareSeenAndSaid } from "../dist/core/captions/seen-and-said.js";
import { pickExemplars } from "../dist/core/concepts/exemplars.js";
import { membershipsOf } from "../dist/core/edits/memberships.js";
import {
  HdbscanClusterer,
  nearDuplicates,
  nearestNeighbors,
  Rng,
  row,
  takeRows,
} from "../dist/core/index.js";
import { zeros } from "../dist/core/math/matrix.js";
import { nodeKernels } from "../dist/node/onnx-kernels.js";
import { clipLike } from "./clip-like.mjs";
import { machine, runtime } from "./machine.mjs";

const DIMENSIONS = 512;
const WORDS = 2000;
const TASKS = { vectors: () => "", exemplars, duplicates, captions, memberships };

const [count = "400000", task] = process.argv.slice(2);
if (task === undefined) compare();
else await measure(Number(count), task);

function compare() {
  console.log(`${machine()}; ${runtime()}; one concept of ${count} pictures, ${DIMENSIONS} dimensions`);
  console.log("| | seconds | CPU seconds | peak memory | |\n|---|---|---|---|---|");
  for (const name of Object.keys(TASKS)) {
    process.stdout.write(
      execFileSync(process.execPath, [import.meta.filename, count, name], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
  }
}

async function measure(rows, name) {
  const input = collection(rows);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const told = await TASKS[name](input);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  const peak = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `| ${name} | ${seconds.toFixed(1)} | ${((user + system) / 1e6).toFixed(1)} | ${peak.toFixed(2)} GB | ${told} |`,
  );
}

/** Pictures of one concept: bursts and scenes around one direction; every hundredth is a changed copy of the one before. */
function collection(rows) {
  const { vectors } = clipLike(rows, DIMENSIONS, new Rng(1), { cone: 0.7, background: 0 });
  const rng = new Rng(2);
  for (let i = 100; i < rows; i += 100) {
    const copy = row(vectors, i);
    copy.set(row(vectors, i - 1));
    for (let j = 0; j < 16; j++) copy[rng.below(DIMENSIONS)] *= 1.02;
    const length = Math.hypot(...copy);
    for (let j = 0; j < DIMENSIONS; j++) copy[j] /= length;
  }
  return vectors;
}

function mean(vectors) {
  const sum = zeros(1, vectors.cols);
  for (let i = 0; i < vectors.data.length; i++) sum.data[i % vectors.cols] += vectors.data[i] / vectors.rows;
  return sum;
}

function exemplars(vectors) {
  const rows = Int32Array.from({ length: vectors.rows }, (_, i) => i);
  const [picks] = pickExemplars(vectors, mean(vectors), [rows], { diversity: 0.3 });
  return `${picks.length} exemplars`;
}

async function duplicates(vectors) {
  const neighbors = await nearestNeighbors(vectors, {
    k: 20,
    metric: "cosine",
    kernels: await nodeKernels(),
    rng: new Rng(3),
  });
  const { groups } = await nearDuplicates(vectors, neighbors);
  return `${groups.length} groups`;
}

async function captions(vectors) {
  const rng = new Rng(4);
  const texts = Array.from({ length: vectors.rows }, (_, i) => [
    `word${rng.below(WORDS)}a on word${rng.below(WORDS)}b in picture${i}`,
  ]);
  const background = clipLike(4096, DIMENSIONS, new Rng(5), { cone: 0.7 }).vectors;
  const embedTexts = async (asked) => {
    // Captions lie near their pictures, as those of a good model do; other words anywhere.
    const rows = asked.map((text) => Number(/picture(\d+)$/.exec(text)?.[1] ?? -1));
    const found = takeRows(
      vectors,
      Int32Array.from(rows, (i) => Math.max(0, i)),
    );
    rows.forEach((i, at) => {
      if (i === -1) row(found, at).set(row(background, at % background.rows));
    });
    return found;
  };
  const model = {
    parameters: { seed: 42 },
    images: {
      captions: texts,
      concepts: new Int32Array(vectors.rows),
      paths: texts.map((_, i) => String(i)),
    },
    imageVectors: vectors,
    concepts: [{ id: 0, name: "all", size: vectors.rows, words: [] }],
    conceptVectors: mean(vectors),
    vocabulary: null,
  };
  const { words, misfits } = await compareSeenAndSaid(model, { embedTexts });
  return `${words.length} words, ${misfits.length} misfits`;
}

async function memberships(vectors) {
  const rng = new Rng(6);
  const points = zeros(vectors.rows + 2000, 5);
  for (let i = 0; i < points.data.length; i++)
    points.data[i] = (rng.uniform() + rng.uniform() + rng.uniform()) * 3 + (i >= vectors.rows * 5 ? 30 : 0);
  const clusterer = await new HdbscanClusterer({ minClusterSize: 1000, minSamples: 5 }).fit(points, {
    rng,
    kernels: await nodeKernels(),
  });
  const model = {
    clusterer,
    images: { concepts: clusterer.labels },
    conceptOfLabel: Int32Array.from({ length: clusterer.clusterCount }, (_, i) => i),
  };
  const { concepts } = await membershipsOf(model);
  return `${clusterer.clusterCount} concepts, ${concepts.length} strengths; with the clustering`;
}
