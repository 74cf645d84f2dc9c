// Recall of the approximate neighbours: `node bench/recall.mjs [--k 15] [--data clip-like|sphere|walk] [20000 50000 200000]`. The true
// neighbours of 1,000 sampled points are searched exactly; the share of them that the approximate method finds is printed.
import { parseArgs } from "node:util";
import { matrix, nearestNeighbors, Rng, takeRows } from "../dist/core/index.js";
import { onnxKernels } from "../dist/node/onnx-kernels.js";
import { clipLike } from "./clip-like.mjs";
import { machine, runtime, version } from "./machine.mjs";

const SAMPLE = 1000;

const { values: options, positionals } = parseArgs({
  options: {
    k: { type: "string", default: "15" },
    data: { type: "string", default: "clip-like" },
    exact: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [20_000, 50_000, 200_000];
const k = Number(options.k);
const kernels = await onnxKernels();

const MAKERS = {
  "clip-like": (rows) => clipLike(rows, 512, new Rng(1)).vectors,
  /** Uniform in 64 dimensions: no structure to find. */
  sphere: (rows) => normal(rows, 64, new Rng(2)),
  /** A random walk in 128 dimensions: neighbours along a thread. */
  walk: (rows) => {
    const { data } = normal(rows, 128, new Rng(3));
    for (let i = 128; i < data.length; i++) data[i] = 0.98 * data[i - 128] + 0.2 * data[i];
    return matrix(data, rows, 128);
  },
};

function normal(rows, cols, rng) {
  const data = Float32Array.from({ length: rows * cols }, () => {
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += rng.uniform();
    return sum - 3;
  });
  return matrix(data, rows, cols);
}

async function timed(work) {
  const cpu = process.cpuUsage();
  const before = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: (performance.now() - before) / 1000, cpu: (user + system) / 1e6 };
}

function recallOf(found, truth, sample) {
  let hits = 0;
  sample.forEach((point, s) => {
    const own = new Set(found.indices.subarray(point * k, (point + 1) * k));
    for (let slot = 0; slot < k; slot++) hits += Number(own.has(truth.indices[s * k + slot]));
  });
  return hits / truth.indices.length;
}

console.log(`${version}, ${runtime()}, ${machine()}; ${options.data}, k ${k}`);
console.log(
  `${"rows".padStart(9)}${"seconds".padStart(9)}${"CPU".padStart(8)}${"exact".padStart(9)}${"memory".padStart(10)}  recall@${k}`,
);
for (const rows of sizes) {
  const points = MAKERS[options.data](rows);
  const rng = new Rng(4);
  const sample = Int32Array.from({ length: Math.min(SAMPLE, rows) }, () => rng.below(rows)).sort();
  const { result, wall, cpu } = await timed(() =>
    nearestNeighbors(points, { k, kernels, method: "approximate" }),
  );
  const peak = process.resourceUsage().maxRSS / 1024;
  const queries = takeRows(points, sample);
  const truth = await nearestNeighbors(points, { k, kernels, queries });
  const exact = options.exact
    ? (await timed(() => nearestNeighbors(points, { k, kernels, method: "exact" }))).wall
    : Number.NaN;
  console.log(
    `${`${rows}`.padStart(9)}${wall.toFixed(1).padStart(9)}${cpu.toFixed(1).padStart(8)}${(Number.isNaN(exact) ? "-" : exact.toFixed(1)).padStart(9)}${`${peak.toFixed(0)} MB`.padStart(10)}  ${recallOf(result, truth, sample).toFixed(4)}`,
  );
}
