import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { type Matrix, matrix, normalizedRows, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { Concept, FittedModel } from "../../../src/core/model.ts";
import type { FittedReducer, Reducer, StageContext, StageState } from "../../../src/core/stages.ts";
import type { RegisteredStages } from "../../../src/node/saved-model/restore-stages.ts";

/** Takes the first columns and scales them: a reducer whose state has all three types of arrays. */
export class ColumnReducer implements Reducer {
  readonly kind = "columns";
  readonly neighborCount = 0;
  readonly cols: number;

  constructor(cols: number) {
    this.cols = cols;
  }

  async fit({ points }: { readonly points: Matrix }): Promise<FittedReducer> {
    const scales = Float64Array.from({ length: this.cols }, (_, j) => Math.PI / (j + 1));
    return fittedColumns(takeColumns(points, scales), scales);
  }

  restore(state: StageState): FittedReducer {
    const { layout, scales } = state.arrays;
    if (!(layout instanceof Float32Array) || !(scales instanceof Float64Array)) throw new Error("no layout");
    return fittedColumns(matrix(layout, layout.length / scales.length, scales.length), scales);
  }
}

function fittedColumns(layout: Matrix, scales: Float64Array): FittedReducer {
  return {
    kind: "columns",
    neighborCount: 0,
    layout,
    transform: async ({ points }) => takeColumns(points, scales),
    state: () => ({
      kind: "columns",
      params: { spread: Number.POSITIVE_INFINITY, negative: -0, name: "columns", on: true, none: null },
      arrays: { layout: layout.data, scales, order: Int32Array.from(scales, (_, j) => j) },
    }),
  };
}

function takeColumns(points: Matrix, scales: Float64Array): Matrix {
  const taken = zeros(points.rows, scales.length);
  for (let i = 0; i < points.rows; i++) {
    for (let j = 0; j < scales.length; j++) {
      taken.data[i * scales.length + j] = points.data[i * points.cols + j]! * scales[j]!;
    }
  }
  return taken;
}

export const registered: RegisteredStages = {
  reducers: [new ColumnReducer(3)],
  clusterers: [new HdbscanClusterer({ minClusterSize: 5 })],
};

/** A fitted model of 60 images in 3 concepts, made from a seed; in none when the smallest cluster is to be larger. */
export async function sampleModel(seed = 1, minClusterSize = 5): Promise<FittedModel> {
  const rng = new Rng(seed);
  const context: StageContext = { rng, kernels: referenceKernels };
  const imageVectors = sampleVectors(rng, 60, 8);
  const reducer = await new ColumnReducer(3).fit({ points: imageVectors });
  const mapReducer = await new ColumnReducer(2).fit({ points: imageVectors });
  const clusterer = await new HdbscanClusterer({ minClusterSize }).fit(reducer.layout, context);
  const { conceptOfLabel, ids } = orderBySize(clusterer.labels, clusterer.clusterCount);
  return {
    parameters: { minConceptSize: 5, diversity: 0.3, wordScoring: "cosine", seed },
    embedder: { id: "test@1", model: "test", dtype: "q8", revision: "main", template: "a {}" },
    images: {
      ids: Array.from({ length: 60 }, (_, i) => (i * 7919).toString(16)),
      paths: Array.from({ length: 60 }, (_, i) => `f\u00f6lder \u732b/${i}.jpg`),
      root: "/photos",
      bytes: Float64Array.from({ length: 60 }, (_, i) => i * 2 ** 33),
      concepts: ids,
      probabilities: clusterer.probabilities,
      map: mapReducer.layout,
      columns: [],
      captions: null,
    },
    imageVectors,
    concepts: sampleConcepts(ids, clusterer.clusterCount),
    conceptVectors: sampleVectors(rng, clusterer.clusterCount, 8),
    vocabulary: { words: ["cat", "d\u00e9j\u00e0 vu", ""], vectors: sampleVectors(rng, 3, 8) },
    reducer,
    mapReducer,
    clusterer,
    conceptOfLabel,
  };
}

function sampleVectors(rng: Rng, rows: number, cols: number): Matrix {
  const points = zeros(rows, cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) points.data[i * cols + j] = (j === i % 3 ? 3 : 0) + rng.uniform() / 3;
  }
  return normalizedRows(points);
}

function orderBySize(labels: Int32Array, count: number): { conceptOfLabel: Int32Array; ids: Int32Array } {
  const sizes = Array.from({ length: count }, (_, label) => labels.filter((other) => other === label).length);
  const order = sizes.map((_, label) => label).sort((a, b) => sizes[b]! - sizes[a]! || b - a);
  const conceptOfLabel = Int32Array.from({ length: count }, (_, label) => order.indexOf(label));
  return { conceptOfLabel, ids: labels.map((label) => (label < 0 ? -1 : conceptOfLabel[label]!)) };
}

function sampleConcepts(ids: Int32Array, count: number): Concept[] {
  return Array.from({ length: count }, (_, id) => {
    const rows = Array.from(ids, (concept, row) => (concept === id ? row : -1)).filter((row) => row >= 0);
    const words = Array.from({ length: id }, (_, i) => ({ word: `word ${i}`, score: 1 / (i + 3) }));
    return {
      id,
      name: `Concept ${id}`,
      words,
      size: rows.length,
      exemplars: Int32Array.from(rows.slice(0, 20 - 9 * id)),
    };
  });
}
