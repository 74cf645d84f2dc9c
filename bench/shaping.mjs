// What shaping costs: labels of a recut, whole edits, outliers, hierarchy. The figures of docs/shaping.md.
//   node bench/shaping.mjs [pictures, default 100000] [--pure]
// On the kernels that Node has, or with --pure in TypeScript alone. Least wall time of three, with the CPU time of that round. Needs
// a build.
import { ConceptModel, HdbscanClusterer, matrix, Rng } from "../dist/core/index.js";
import { nodeKernels } from "../dist/node/onnx-kernels.js";

const [count = "100000"] = process.argv.slice(2).filter((word) => word !== "--pure");
const pictures = Number(count);
const isPure = process.argv.includes("--pure");
const dimensions = 64;
const groups = 400;
const words = Math.min(10_000, pictures);

/** Groups around random centres, every seventh picture anywhere. */
function vectors() {
  const rng = new Rng(1);
  const random = () => rng.uniform() - 0.5;
  const centres = Array.from({ length: groups }, () => Array.from({ length: dimensions }, random));
  const data = new Float32Array(pictures * dimensions);
  for (let i = 0; i < pictures; i++) {
    for (let j = 0; j < dimensions; j++) {
      const place = i % 7 === 0 ? random() : centres[i % groups][j];
      data[i * dimensions + j] = place + 0.1 * (random() + random());
    }
  }
  return data;
}

/** The first columns: shaping does not care where a layout comes from. */
function columns(count) {
  const take = (points) => {
    const data = new Float32Array(points.rows * count);
    for (let i = 0; i < data.length; i++) {
      data[i] = points.data[Math.floor(i / count) * points.cols + (i % count)];
    }
    return matrix(data, points.rows, count);
  };
  const fit = async ({ points }) => ({ kind: "columns", neighborCount: 0, layout: take(points) });
  return { kind: "columns", neighborCount: 0, fit };
}

async function time(name, work, after = () => {}) {
  let [wall, cpu] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < 3; round++) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    await work();
    const elapsed = performance.now() - started;
    if (elapsed < wall) [wall, cpu] = [elapsed, process.cpuUsage(used).user / 1000];
    after();
  }
  console.log(
    `${name.padEnd(28)} ${wall.toFixed(0).padStart(6)} ms wall ${cpu.toFixed(0).padStart(6)} ms CPU`,
  );
}

const data = vectors();
const model = new ConceptModel({
  kernels: isPure ? undefined : await nodeKernels(),
  reducer: columns(5),
  mapReducer: columns(2),
  clusterer: new HdbscanClusterer({ minClusterSize: 30, minSamples: 5 }),
});
await model.fit([], {
  imageEmbeddings: matrix(data, pictures, dimensions),
  docs: Array.from({ length: words }, (_, i) => `word ${i}`),
  docEmbeddings: matrix(data.slice(0, words * dimensions), words, dimensions),
});
const [first, second] = model.fitted.concepts.map(({ id }) => id);
const share = Math.round(100 * model.outlierShare);
console.log(
  `${isPure ? "pure TypeScript" : "ONNX Runtime"}: ${pictures} pictures, ${model.fitted.concepts.length} concepts, ${share} % in none, ${words} words`,
);

const undo = () => model.undo();
await time("labels of 40 concepts", () => model.fitted.clusterer.model.relabel({ clusterCount: 40 }));
await time("labels of size 15", () => model.fitted.clusterer.model.relabel({ minClusterSize: 15 }));
await time("recut to 40", () => model.recut({ concepts: 40 }), undo);
await time("recut to 300", () => model.recut({ concepts: 300 }), undo);
await time("recut to size 15", () => model.recut({ minConceptSize: 15 }), undo);
await time("merge", () => model.edit({ kind: "merge", concepts: [first, second] }), undo);
await time("split into 5", () => model.edit({ kind: "split", concept: first, into: 5 }), undo);
await time("rename", () => model.edit({ kind: "rename", concept: first, name: "x" }), undo);
await time("hierarchy", () => model.hierarchy());
await time("outliers by exemplar", () => model.reduceOutliers({ strategy: "exemplar" }), undo);
await time("outliers by membership", () => model.reduceOutliers({ strategy: "membership" }), undo);
await time("soft memberships", () => model.memberships());
