// Exact search with the vectors on disk against vectors in memory: seconds a query and peak of memory, a process each.
// Usage: node bench/search-memory.mjs [1000000]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ModelSearch, matrix, Rng } from "../dist/core/index.js";
import { NpyVectors, readVectors, SavedSearch, saveModel } from "../dist/node/index.js";
import { nodeKernels } from "../dist/node/onnx-kernels.js";
import { clipLike } from "./clip-like.mjs";
import { machine, runtime } from "./machine.mjs";
import { benchFiles, DIMENSIONS } from "./vectors-file.mjs";

const FOLDER = path.join(tmpdir(), "conceptmodel-bench");
const CONCEPTS = 400;
const WAYS = {
  "in memory": { file: "float32", measure: searchMemory },
  "on disk": { file: "float32", measure: searchDisk },
  "on disk, not in the system's cache": { file: "float32", measure: searchDisk, isCold: true },
  "on disk, float16": { file: "float16", measure: searchDisk },
  "saved model": { file: "model", measure: searchSaved },
  "saved model, not in the system's cache": { file: "model", measure: searchSaved, isCold: true },
};

const [rows = "1000000", way, file] = process.argv.slice(2);
if (way === "prepare") await prepare(Number(rows), file);
else if (way === undefined) compare(Number(rows));
else await WAYS[way].measure(Number(rows), file);

function compare(count) {
  console.log(`${machine()}\n${runtime()}; ${count.toLocaleString("en")} x ${DIMENSIONS}\n`);
  console.log(
    "| vectors | query | open, s | first, s | then, s (least of 5) | CPU, s | file, GB | peak, GB |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, { file: kind, isCold = false }] of Object.entries(WAYS)) {
    const target = preparedFile(kind, count);
    const vectors = kind === "model" ? path.join(target, "vectors", "images.npy") : target;
    // Asks the system to forget the file; Linux only.
    if (isCold) execFileSync("dd", [`if=${vectors}`, "iflag=nocache", "count=0"], { stdio: "ignore" });
    const lines = run([`${count}`, name, target]);
    for (const { query, opened, first, warm, cpu, peak } of lines) {
      const cells = [opened, first, warm, cpu].map((seconds) => (seconds === null ? "" : seconds.toFixed(2)));
      const sizes = [statSync(vectors).size, peak].map((bytes) => (bytes / 2 ** 30).toFixed(2));
      console.log(`| ${[name, query, ...cells, ...sizes].join(" | ")} |`);
    }
  }
}

function run(args) {
  const output = execFileSync(process.execPath, [import.meta.filename, ...args], { encoding: "utf8" });
  return output
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

async function searchMemory(count, target) {
  const start = performance.now();
  const { vectors } = await readVectors(target);
  await measureQueries(new ModelSearch(describedModel(count, vectors), await nodeKernels()), start);
}

async function searchDisk(count, target) {
  const start = performance.now();
  const vectors = await NpyVectors.open(target);
  await measureQueries(new ModelSearch(describedModel(count, vectors), await nodeKernels()), start);
}

async function searchSaved(_, target) {
  const start = performance.now();
  const saved = await SavedSearch.open(target);
  const opened = since(start);
  const work = () => saved.search("word 4711", { minRelevance: 0 });
  await report("one text", work, opened);
}

async function measureQueries(search, start) {
  let opened = since(start);
  const term = (kind, seed) => {
    const vector = clipLike(1, DIMENSIONS, new Rng(seed), { background: 1 }).vectors.data;
    return { label: kind, kind, weight: 1, vector, row: null };
  };
  const queries = {
    "one text": [[term("text", 1)], {}],
    "half filtered out": [[term("text", 6)], { where: "number < 0.5" }],
    "one in 1,000 left": [[term("text", 6)], { where: "number < 0.001" }],
    "one picture": [[term("image", 2)], {}],
  };
  for (const [query, [terms, options]] of Object.entries(queries)) {
    await report(query, () => search.search(terms, { ...options, minRelevance: 0 }), opened);
    opened = null;
  }
}

async function report(query, work, opened) {
  let start = performance.now();
  await work();
  const first = since(start);
  let best = { warm: Number.POSITIVE_INFINITY, cpu: 0 };
  for (let again = 0; again < 5; again++) {
    const before = process.cpuUsage();
    start = performance.now();
    await work();
    const warm = since(start);
    const { user, system } = process.cpuUsage(before);
    if (warm < best.warm) best = { warm, cpu: (user + system) / 1e6 };
  }
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ query, opened, first, ...best, peak }));
}

function since(start) {
  return (performance.now() - start) / 1000;
}

/** As much of a model as a search looks at. */
function describedModel(count, imageVectors) {
  const rng = new Rng(9);
  const { vectors } = clipLike(10_000, DIMENSIONS, new Rng(8), { background: 1 });
  return {
    images: {
      ids: Array.from({ length: count }, (_, i) => i.toString(16).padStart(64, "0")),
      paths: Array.from({ length: count }, (_, i) => `photos/${i}.jpg`),
      root: "/photos",
      bytes: new Float64Array(count),
      concepts: Int32Array.from({ length: count }, (_, i) => i % CONCEPTS),
      probabilities: new Float32Array(count).fill(1),
      map: matrix(new Float32Array(2 * count), count, 2),
      columns: [
        { name: "number", type: "number", values: Float64Array.from({ length: count }, () => rng.uniform()) },
      ],
      captions: null,
    },
    imageVectors,
    concepts: Array.from({ length: CONCEPTS }, (_, id) => ({
      id,
      name: `concept ${id}`,
      words: [],
      size: Math.floor((count - 1 - id) / CONCEPTS) + 1,
      exemplars: Int32Array.from({ length: 8 }, (_, i) => id + i * CONCEPTS),
    })),
    conceptVectors: matrix(vectors.data.slice(0, CONCEPTS * DIMENSIONS), CONCEPTS, DIMENSIONS),
    vocabulary: { words: Array.from({ length: 10_000 }, (_, i) => `word ${i}`), vectors },
  };
}

/** Made where it is missing, in a process of its own. */
function preparedFile(kind, count) {
  const { vectors } = benchFiles(count, FOLDER);
  if (kind === "float32") return vectors;
  const target = path.join(FOLDER, `search-memory-1-${count}.${kind}`);
  if (!existsSync(target)) {
    mkdirSync(FOLDER, { recursive: true });
    execFileSync(process.execPath, [import.meta.filename, `${count}`, "prepare", `${target}.part`]);
    renameSync(`${target}.part`, target);
  }
  return target;
}

async function prepare(count, target) {
  const { vectors } = benchFiles(count, FOLDER);
  if (target.endsWith(".float16.part")) await writeHalves(vectors, target);
  else await writeModel(count, (await readVectors(vectors)).vectors, target);
}

async function writeHalves(source, target) {
  const vectors = await NpyVectors.open(source);
  const file = await open(target, "w");
  await file.writeFile(
    Buffer.from(Buffer.from(vectors.header).toString("latin1").replace("<f4", "<f2"), "latin1"),
  );
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  for await (const { points } of vectors.blocks()) {
    const halves = Uint16Array.from(points.data, (value) => {
      float[0] = value;
      // Rounded half up, values too small for a full exponent to 0: these are coordinates of unit vectors.
      const magnitude = (word[0] & 0x7fffffff) + 0x1000;
      const bits = magnitude < 0x38800000 ? 0 : (magnitude - 0x38000000) >> 13;
      return ((word[0] >>> 16) & 0x8000) | bits;
    });
    await file.writeFile(new Uint8Array(halves.buffer));
  }
  await file.close();
}

/** A saved model whose stages are empty: searches do not read them. */
async function writeModel(count, vectors, target) {
  const model = describedModel(count, vectors);
  const { map, concepts: labels, probabilities } = model.images;
  const state = (kind) => () => ({ kind, params: {}, arrays: {} });
  const parameters = { minConceptSize: 30, diversity: 0.3, wordScoring: "cosine", seed: 1 };
  const reducer = { kind: "umap", neighborCount: 15, layout: map, state: state("umap") };
  const exemplars = model.concepts.map((concept) => concept.exemplars);
  const clusterer = { kind: "hdbscan", labels, probabilities, clusterCount: CONCEPTS, exemplars };
  await saveModel(
    {
      ...model,
      parameters,
      embedder: null,
      reducer,
      mapReducer: reducer,
      clusterer: { ...clusterer, state: state("hdbscan") },
      conceptOfLabel: Int32Array.from({ length: CONCEPTS }, (_, label) => label),
    },
    target,
  );
}
