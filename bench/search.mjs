// Exact search in memory: seconds a query, by size. Usage: node bench/search.mjs [--dimensions 512] [100000 1000000]
import { parseArgs } from "node:util";
import { ModelSearch, matrix, Rng } from "../dist/core/index.js";
import { nodeKernels } from "../dist/node/onnx-kernels.js";
import { clipLike } from "./clip-like.mjs";
import { machine, runtime } from "./machine.mjs";

const { values, positionals } = parseArgs({
  options: { dimensions: { type: "string", default: "512" } },
  allowPositionals: true,
});
const dimensions = Number(values.dimensions);
const sizes = positionals.length > 0 ? positionals.map(Number) : [100_000, 1_000_000];

console.log(`${machine()}\n${runtime()}\n`);
console.log("| pictures | query | first, s | then, s (least of 5) | CPU, s | vectors, GB | peak, GB |");
console.log("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
const kernels = await nodeKernels();
for (const rows of sizes) {
  const search = new ModelSearch(fittedModel(rows), kernels);
  const term = (kind, seed, weight = 1) => ({
    label: `${kind} ${seed}`,
    kind,
    weight,
    vector: clipLike(1, dimensions, new Rng(seed), { background: 1 }).vectors.data,
    row: null,
  });
  const queries = {
    "one text": [[term("text", 1)], {}],
    "one picture": [[term("image", 2)], {}],
    "three terms": [[term("text", 3), term("text", 4, -1), term("image", 5, 2)], {}],
    "one text, half filtered out": [[term("text", 6)], { where: "number < 0.5" }],
    "one text, one in 1,000 left": [[term("text", 6)], { where: "number < 0.001" }],
  };
  for (const [name, [terms, options]] of Object.entries(queries)) {
    const first = await seconds(() => search.search(terms, { ...options, minRelevance: 0 }));
    const again = [];
    for (let run = 0; run < 5; run++) {
      again.push(await seconds(() => search.search(terms, { ...options, minRelevance: 0 })));
    }
    const best = again.reduce((a, b) => (b.wall < a.wall ? b : a));
    const cells = [
      rows.toLocaleString("en"),
      name,
      first.wall.toFixed(2),
      best.wall.toFixed(3),
      best.cpu.toFixed(3),
    ];
    const gigabytes = (rows * dimensions * 4) / 2 ** 30;
    const peak = process.resourceUsage().maxRSS / 2 ** 20;
    console.log(`| ${[...cells, gigabytes.toFixed(2), peak.toFixed(2)].join(" | ")} |`);
  }
}

/** As much of a model as a search looks at. */
function fittedModel(rows) {
  const { vectors } = clipLike(rows, dimensions, new Rng(7), { groups: 400 });
  const words = clipLike(10_000, dimensions, new Rng(8), { background: 1 }).vectors;
  const conceptVectors = matrix(vectors.data.slice(0, 400 * dimensions), 400, dimensions);
  const rng = new Rng(9);
  return {
    images: {
      paths: Array.from({ length: rows }, (_, i) => `${i}.jpg`),
      concepts: Int32Array.from({ length: rows }, (_, i) => i % 400),
      columns: [
        { name: "number", type: "number", values: Float64Array.from({ length: rows }, () => rng.uniform()) },
      ],
    },
    imageVectors: vectors,
    concepts: Array.from({ length: 400 }, (_, id) => ({
      id,
      name: `concept ${id}`,
      exemplars: Int32Array.from({ length: 8 }, (_, i) => id * 8 + i),
    })),
    conceptVectors,
    vocabulary: { words: Array.from({ length: 10_000 }, (_, i) => `word ${i}`), vectors: words },
  };
}

async function seconds(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}
