// Quality of concepts by setting and collection, mean and standard deviation over seeds, as a markdown table:
// `node bench/quality/run.mjs [--collections golden,tuning,heldout] [--settings "default;article"] [--seeds 1,2,3] [--folder F]`.
// `pictures` among the collections needs F, where pictures.mjs puts their vectors.
import { parseArgs } from "node:util";
import { HdbscanClusterer } from "../../dist/core/hdbscan/hdbscan-clusterer.js";
import { matrix, nearestNeighbors, Rng, UmapReducer } from "../../dist/core/index.js";
import { threadedLayoutOptimizer } from "../../dist/node/layout-threads.js";
import { nodeKernels } from "../../dist/node/onnx-kernels.js";
import { collectionNames, loadCollection } from "./collections.mjs";
import { quality } from "./metrics.mjs";
import { SETTINGS } from "./settings.mjs";

const COLUMNS = ["members", "all", "purity", "clusters", "noise"];

const { values } = parseArgs({
  options: {
    collections: { type: "string", default: "golden,tuning" },
    settings: { type: "string", default: "default;article" },
    seeds: { type: "string", default: "1,2,3" },
    folder: { type: "string" },
  },
});
const seeds = values.seeds.split(",").map(Number);
const engines = { kernels: await nodeKernels(), optimizer: threadedLayoutOptimizer() };

console.log(`| collection | setting | ${COLUMNS.join(" | ")} |`);
console.log(`|---|---|${COLUMNS.map(() => "---|").join("")}`);
for (const name of values.collections.split(",").flatMap(collectionNames)) {
  const { data, rows, cols, truth } = loadCollection(name, values.folder);
  const points = matrix(data, rows, cols);
  for (const setting of values.settings.split(";")) {
    const { layout, cut } = SETTINGS[setting];
    const neighbors = await nearestNeighbors(points, { k: layout.neighbors, kernels: engines.kernels });
    const results = [];
    for (const seed of seeds) {
      const rng = new Rng(seed);
      const context = (stream) => ({ ...engines, rng: rng.fork(stream) });
      const reduced = await new UmapReducer(layout).fit({ points, neighbors }, context(1));
      const { labels } = await new HdbscanClusterer(cut).fit(reduced.layout, context(3));
      results.push(quality(labels, truth));
    }
    console.log(`| ${name} | ${setting} | ${COLUMNS.map((column) => cell(results, column)).join(" | ")} |`);
  }
}

function cell(results, column) {
  const centre = results.reduce((sum, result) => sum + result[column], 0) / results.length;
  if (column === "clusters") return centre.toFixed(1);
  const spread = Math.sqrt(
    results.reduce((sum, result) => sum + (result[column] - centre) ** 2, 0) / results.length,
  );
  const text = centre.toFixed(3);
  return column === "members" || column === "all" ? `${text} ± ${spread.toFixed(3)}` : text;
}
