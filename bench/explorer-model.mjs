// A saved model of simulated pictures for the explorer's benches: vectors like those of CLIP, and layouts that are made up (finding
// the neighbours of a million pictures takes 25 minutes and is not what is measured here). The rest is as in any fit.
//   node bench/explorer-model.mjs PICTURES FOLDER
import { HdbscanClusterer, matrix, Rng, UmapReducer } from "../dist/core/index.js";
import { ConceptModel } from "../dist/node/index.js";
import { clipLike } from "./clip-like.mjs";

const DIMENSIONS = 512;
const WORDS = 2000;
const GROUPS = 400;

/** A reducer that gives made-up layouts: a heap for each group, and the background anywhere. */
async function madeUpReducer(labels, dimensions) {
  const few = clipLike(100, 8, new Rng(3)).vectors;
  const umap = new UmapReducer({ dimensions });
  const { params } = (await umap.fit({ points: few }, { rng: new Rng(4), ...(await engines()) })).state();
  const layout = heaps(labels, dimensions);
  const fit = async ({ points }) => umap.restore({ kind: "umap", params, arrays: { layout } }, points);
  return { kind: "umap", neighborCount: 0, fit };
}

async function engines() {
  const { nodeKernels } = await import("../dist/node/onnx-kernels.js");
  return { kernels: await nodeKernels() };
}

function heaps(labels, dimensions) {
  const rng = new Rng(5);
  const side = 40;
  const draw = () => Array.from({ length: dimensions }, () => side * rng.uniform());
  const centres = new Map();
  const layout = new Float32Array(labels.length * dimensions);
  labels.forEach((label, row) => {
    if (!centres.has(label)) centres.set(label, draw());
    const centre = label === -1 ? draw() : centres.get(label);
    for (let j = 0; j < dimensions; j++) {
      const noise = label === -1 ? 0 : rng.uniform() + rng.uniform() + rng.uniform() - 1.5;
      layout[row * dimensions + j] = centre[j] + noise;
    }
  });
  return layout;
}

async function writeShownModel(count, folder) {
  const { vectors, labels } = clipLike(count, DIMENSIONS, new Rng(1), { groups: GROUPS });
  const model = new ConceptModel({
    reducer: await madeUpReducer(labels, 2),
    mapReducer: await madeUpReducer(labels, 2),
    clusterer: new HdbscanClusterer({ minClusterSize: 30, minSamples: 5 }),
  });
  const files = Array.from({ length: count }, (_, row) => `/photos/${Math.floor(row / 1000)}/${row}.jpg`);
  await model.fit(files, {
    imageEmbeddings: matrix(vectors.data, count, DIMENSIONS),
    docs: Array.from({ length: WORDS }, (_, i) => `word ${i}`),
    docEmbeddings: clipLike(WORDS, DIMENSIONS, new Rng(2)).vectors,
    onProgress: (step, fraction) => {
      if (fraction === 1) console.error(`${step}: ${(performance.now() / 1000).toFixed(0)} s`);
    },
  });
  await model.save(folder);
}

await writeShownModel(Number(process.argv[2]), process.argv[3]);
