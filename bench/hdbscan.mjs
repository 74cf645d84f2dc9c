// HDBSCAN stage by stage: `node bench/hdbscan.mjs [--samples 15] [2000 25000 100000 1000000]`. Each size runs in a process of
// its own, so that its peak of memory is its own; seconds are the least of three runs (one from 500,000 points on).
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { boruvkaSpanningTree } from "../dist/core/hdbscan/boruvka.js";
import { coreDistances } from "../dist/core/hdbscan/core-distances.js";
import { cutHierarchy } from "../dist/core/hdbscan/hdbscan-model.js";
import { buildKdTree } from "../dist/core/hdbscan/kd-tree.js";
import { resolveOptions } from "../dist/core/hdbscan/options.js";
import { singleLinkageTree } from "../dist/core/hdbscan/single-linkage.js";
import { hdbscan, matrix, Rng } from "../dist/core/index.js";
import { WorkPacer } from "../dist/core/math/work-pacer.js";

const DIMENSIONS = 5;
const MIN_CLUSTER_SIZE = 30;
const COLUMNS = ["kd-tree", "core", "mst", "linkage", "cut", "whole", "relabel", "count", "extras", "CPU"];

/**
 * Points as UMAP lays them out with min_dist 0: dense strands of uneven sizes, each a slow random walk with narrow noise
 * about it, some branching off others, in a box that grows with their number.
 */
function umapLike(rows, rng) {
  const data = new Float32Array(rows * DIMENSIONS);
  const side = 4 * Math.cbrt(rows / 250);
  const walker = new Float64Array(DIMENSIONS);
  let left = 0;
  let width = 0;
  for (let row = 0; row < rows; row++) {
    if (left-- === 0) {
      left = Math.floor(30 + 500 * rng.uniform() ** 2);
      width = 0.02 + 0.15 * rng.uniform() ** 2;
      const branch = row > 0 && rng.uniform() < 0.3 ? rng.below(row) : -1;
      for (let c = 0; c < DIMENSIONS; c++) {
        walker[c] = branch === -1 ? side * rng.uniform() : data[branch * DIMENSIONS + c];
      }
    }
    for (let c = 0; c < DIMENSIONS; c++) {
      walker[c] += 0.02 * gaussian(rng);
      data[row * DIMENSIONS + c] = walker[c] + width * gaussian(rng);
    }
  }
  return matrix(data, rows, DIMENSIONS);
}

function gaussian(rng) {
  return Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
}

async function stages(points, options, note) {
  const pacer = new WorkPacer({});
  const tree = await note("kd-tree", () => buildKdTree(points));
  const core = await note("core", () => coreDistances(tree, options.minSamples, pacer, 0.4));
  const edges = await note("mst", () => boruvkaSpanningTree(tree, core, pacer, 0.4));
  const linkage = await note("linkage", () => singleLinkageTree(edges));
  const hierarchy = {
    coreDistances: core.squared,
    predictionCoreDistances: core.squaredInner,
    singleLinkageTree: linkage,
  };
  await note("cut", () => cutHierarchy(points, hierarchy, options));
}

async function whole(points, options, note) {
  const before = process.cpuUsage();
  const model = await note("whole", () => hdbscan(points, options));
  const { user, system } = process.cpuUsage(before);
  note.keep("CPU", (user + system) / 1e6);
  await note("relabel", () => model.relabel({ minClusterSize: 2 * MIN_CLUSTER_SIZE }));
  await note("count", () => model.relabel({ clusterCount: Math.ceil(model.maxClusterCount / 3) }));
  await note("extras", () => [model.exemplars, model.outlierScores]);
  return model;
}

async function run(rows, minSamples) {
  const points = umapLike(rows, new Rng(1));
  const options = resolveOptions({ minClusterSize: MIN_CLUSTER_SIZE, minSamples });
  const least = {};
  const note = async (name, work) => {
    const start = performance.now();
    const result = await work();
    note.keep(name, (performance.now() - start) / 1000);
    return result;
  };
  note.keep = (name, seconds) => {
    least[name] = Math.min(seconds, least[name] ?? Number.POSITIVE_INFINITY);
  };
  let model;
  for (let repeat = rows < 500_000 ? 3 : 1; repeat > 0; repeat--) {
    await stages(points, options, note);
    model = await whole(points, options, note);
  }
  const noise = model.labels.reduce((sum, label) => sum + (label === -1 ? 1 : 0), 0) / rows;
  const memory = `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`;
  console.log(
    `${`${rows}`.padStart(8)}${`${minSamples}`.padStart(8)}${COLUMNS.map((name) => least[name].toFixed(3).padStart(9)).join("")}` +
      `${memory.padStart(10)}${`${model.clusterCount}`.padStart(9)}${`${(100 * noise).toFixed(0)} %`.padStart(7)}`,
  );
}

const { argv } = process;
if (argv[2] === "--one") {
  await run(Number(argv[3]), Number(argv[4]));
} else {
  const hasSamples = argv[2] === "--samples";
  const samples = hasSamples ? argv[3].split(",") : ["5", "15", "30"];
  const sizes = argv.slice(hasSamples ? 4 : 2);
  console.log(
    `${cpus().length} x ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}; rows x ${DIMENSIONS}, seconds`,
  );
  console.log(
    `    rows samples${COLUMNS.map((name) => name.padStart(9)).join("")}    memory clusters  noise`,
  );
  for (const size of sizes.length > 0 ? sizes : ["2000", "25000", "100000"]) {
    for (const minSamples of samples) {
      execFileSync(process.execPath, [import.meta.filename, "--one", size, minSamples], { stdio: "inherit" });
    }
  }
}
