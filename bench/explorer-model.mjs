// A saved model of simulated pictures for the explorer's benches: vectors like those of CLIP, layouts by UMAP over neighbours that
// are made up (finding the true ones of a million takes 25 minutes and is not what is measured), everything else as in any fit.
//   node bench/explorer-model.mjs PICTURES FOLDER
import { HdbscanClusterer, Rng, UmapReducer } from "../dist/core/index.js";
import { ConceptModel } from "../dist/node/index.js";
import { clipLike } from "./clip-like.mjs";

export const DIMENSIONS = 512;
const WORDS = 2000;
const NEIGHBORS = 10;

/** UMAP over pictures of the same group as neighbours, in a random order. */
function groupedReducer(labels, dimensions, epochs) {
  const umap = new UmapReducer({ neighbors: NEIGHBORS, dimensions, init: "pca", epochs });
  const fit = ({ points }, context) => umap.fit({ points, neighbors: madeUp(labels) }, context);
  return { kind: umap.kind, neighborCount: 0, fit };
}

function madeUp(labels) {
  const rng = new Rng(5);
  const members = new Map();
  for (const label of labels) if (!members.has(label)) members.set(label, []);
  labels.forEach((label, row) => {
    members.get(label).push(row);
  });
  const rows = labels.length;
  const indices = new Int32Array(rows * NEIGHBORS);
  const distances = new Float32Array(rows * NEIGHBORS);
  labels.forEach((label, row) => {
    const others = members.get(label);
    const start = rng.below(others.length);
    indices[row * NEIGHBORS] = row;
    let next = 1;
    for (let i = 0; next < NEIGHBORS; i++) {
      const other = others.length > NEIGHBORS ? others[(start + i) % others.length] : (row + i + 1) % rows;
      if (other === row) continue;
      indices[row * NEIGHBORS + next] = other;
      distances[row * NEIGHBORS + next] = 0.2 + 0.02 * next;
      next++;
    }
  });
  return { indices, distances, rows, k: NEIGHBORS };
}

export async function writeShownModel(count, folder) {
  const { vectors, labels } = clipLike(count, DIMENSIONS, new Rng(1));
  const words = clipLike(WORDS, DIMENSIONS, new Rng(2)).vectors;
  const model = new ConceptModel({
    reducer: groupedReducer(labels, 5, 40),
    mapReducer: groupedReducer(labels, 2, 40),
    clusterer: new HdbscanClusterer({ minClusterSize: 30, minSamples: 5 }),
  });
  await model.fit(
    Array.from({ length: count }, (_, row) => `/photos/${Math.floor(row / 1000)}/${row}.jpg`),
    {
      imageEmbeddings: vectors,
      docs: Array.from({ length: WORDS }, (_, i) => `word ${i}`),
      docEmbeddings: words,
    },
  );
  await model.save(folder);
}

if (process.argv[1] === import.meta.filename) {
  await writeShownModel(Number(process.argv[2]), process.argv[3]);
}
