// From vectors to concepts, step by step: `node bench/fit.mjs [2000 10000 25000]`. Each size runs in a process of its
// own, so that its peak of memory is its own.
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { defaultMinConceptSize, defaultStages, fitConcepts, matrix, Rng } from "../dist/core/index.js";
import { nodeKernels } from "../dist/node/onnx-kernels.js";

const DIMENSIONS = 512;
const WORDS = 10_000;
const STEPS = ["neighbors", "reduce", "map", "cluster", "represent"];

/** Unit vectors as CLIP gives them: narrow groups of uneven sizes around random directions, 30 % background. */
function clipLike(rows, rng) {
  const groups = Array.from({ length: Math.max(10, Math.round(rows / 250)) }, () => direction(rng));
  const data = new Float32Array(rows * DIMENSIONS);
  for (let r = 0; r < rows; r++) {
    const spread = direction(rng);
    const group = rng.uniform() < 0.3 ? null : groups[Math.floor(rng.uniform() ** 2 * groups.length)];
    const vector = group === null ? spread : spread.map((value, c) => 0.8 * group[c] + 0.6 * value);
    const length = Math.hypot(...vector);
    for (let c = 0; c < DIMENSIONS; c++) data[r * DIMENSIONS + c] = vector[c] / length;
  }
  return matrix(data, rows, DIMENSIONS);
}

function direction(rng) {
  const vector = Float64Array.from({ length: DIMENSIONS }, () => gaussian(rng));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function gaussian(rng) {
  return Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
}

async function run(rows) {
  const rng = new Rng(1);
  const imageVectors = clipLike(rows, rng);
  const vocabulary = {
    words: Array.from({ length: WORDS }, (_, i) => `word${i}`),
    vectors: clipLike(WORDS, rng),
  };
  const names = Array.from({ length: rows }, (_, i) => `row ${i}`);
  const images = { ids: names, paths: names, root: null, bytes: new Float64Array(rows) };
  const minConceptSize = defaultMinConceptSize(rows);
  const kernels = await nodeKernels();

  const ends = {};
  const start = performance.now();
  const model = await fitConcepts(
    { images, imageVectors, vocabulary, embedder: null },
    { minConceptSize, diversity: 0.3, wordScoring: "cosine", seed: 42 },
    defaultStages(minConceptSize),
    { kernels, onProgress: (step) => (ends[step] = performance.now()) },
  );
  let before = start;
  const seconds = STEPS.map((step) => {
    const end = ends[step] ?? before;
    const taken = (end - before) / 1000;
    before = end;
    return taken.toFixed(1).padStart(10);
  });
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const [memory, processor] = [maxRSS / 1024, (userCPUTime + systemCPUTime) / 1e6];
  const total = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${`${rows}`.padStart(6)}${seconds.join("")}${total.padStart(8)}${processor.toFixed(1).padStart(6)}${`${memory.toFixed(0)} MB`.padStart(10)}${`${model.concepts.length}`.padStart(10)}`,
  );
}

if (process.argv[2] === "--one") {
  await run(Number(process.argv[3]));
} else {
  const sizes = process.argv.length > 2 ? process.argv.slice(2) : ["2000", "10000", "25000"];
  const kernels = (await nodeKernels()).name;
  console.log(
    `${cpus().length} x ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}, kernels ${kernels}`,
  );
  console.log(
    `rows x ${DIMENSIONS}, ${WORDS} words, default stages; seconds, those of all processors with the making of the input under CPU`,
  );
  console.log(`  rows${STEPS.map((step) => step.padStart(10)).join("")}   total   CPU    memory  concepts`);
  for (const size of sizes) {
    execFileSync(process.execPath, [import.meta.filename, "--one", size], { stdio: "inherit" });
  }
}
