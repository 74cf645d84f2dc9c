import type { DenseKernels } from "./math/kernels.ts";
import { type Matrix, matrix, row, takeRows } from "./math/matrix.ts";
import { Rng } from "./math/rng.ts";
import type { FittedModel } from "./model.ts";
import { nearestNeighbors } from "./neighbors/nearest-neighbors.ts";
import type { Neighbors } from "./neighbors/neighbors.ts";
import type { FittedReducer, StageContext, WorkOptions } from "./stages.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";

/** Where images belong. Row `i` of every field is image `i`. */
export interface Assignment {
  /** Concept ids, -1 for none. */
  readonly concepts: Int32Array;
  /** 0 to 1; 0 for none. */
  readonly probabilities: Float32Array;
  /** Place on the model's map, images x 2. */
  readonly map: Matrix;
}

export interface AssignContext extends WorkOptions {
  readonly kernels: DenseKernels;
  /** Moves the points of layouts; default `wasmLayoutOptimizer`. The result does not depend on the choice. */
  readonly optimizer?: LayoutOptimizer | undefined;
}

/** Cosine distance below which two vectors are the same picture embedded twice. */
const SAME_PICTURE = 1e-6;

/**
 * Finds the concepts of images: the one function behind `transform`, `assign` and every face of them. A
 * picture of the fitted collection gets exactly the answer it got in the fit; others are placed in the
 * fitted space and judged there, each on its own, so the answer does not depend on its companions.
 *
 * @param vectors images x dimensions, rows of length 1
 */
export async function assignImages(
  model: FittedModel,
  vectors: Matrix,
  context: AssignContext,
): Promise<Assignment> {
  const neighbors = await nearestNeighbors(model.imageVectors, {
    ...context,
    // At least one: a known picture is told by its nearest neighbour.
    k: Math.max(1, model.reducer.neighborCount, model.mapReducer.neighborCount),
    metric: "cosine",
    queries: vectors,
  });
  const known = knownRows(neighbors);
  const strangers = rowsWhere(known, -1);
  const placed = await placeStrangers(
    model,
    takeRows(vectors, strangers),
    takeNeighbors(neighbors, strangers),
    context,
  );
  return merge(model, known, strangers, placed);
}

/** For each image its row in the fitted collection, or -1. */
function knownRows(neighbors: Neighbors): Int32Array {
  return Int32Array.from({ length: neighbors.rows }, (_, i) =>
    neighbors.k > 0 && neighbors.distances[i * neighbors.k]! < SAME_PICTURE
      ? neighbors.indices[i * neighbors.k]!
      : -1,
  );
}

function rowsWhere(values: Int32Array, wanted: number): number[] {
  return Array.from(values.keys()).filter((i) => values[i] === wanted);
}

function takeNeighbors(neighbors: Neighbors, rows: readonly number[]): Neighbors {
  const { k } = neighbors;
  const indices = new Int32Array(rows.length * k);
  const distances = new Float32Array(rows.length * k);
  rows.forEach((source, i) => {
    indices.set(neighbors.indices.subarray(source * k, (source + 1) * k), i * k);
    distances.set(neighbors.distances.subarray(source * k, (source + 1) * k), i * k);
  });
  return { indices, distances, rows: rows.length, k };
}

async function placeStrangers(
  model: FittedModel,
  points: Matrix,
  neighbors: Neighbors,
  context: AssignContext,
): Promise<Assignment> {
  const rng = new Rng(model.parameters.seed);
  const place = (reducer: FittedReducer, stream: number): Promise<Matrix> => {
    const stage: StageContext = { ...context, rng: rng.fork(stream) };
    return reducer.transform({ points, neighbors }, stage);
  };
  const { labels, probabilities } = model.clusterer.predict(await place(model.reducer, 1));
  const map = await place(model.mapReducer, 2);
  const concepts = conceptsOfLabels(model, labels, neighbors);
  return {
    concepts,
    probabilities: probabilities.map((probability, i) => (concepts[i] === -1 ? 0 : probability)),
    map,
  };
}

/**
 * The concepts of new images from their labels. Where people have parted the images of a label, a new one follows the nearest
 * image of that label; where there is none among its neighbours, most of them.
 */
function conceptsOfLabels(model: FittedModel, labels: Int32Array, neighbors: Neighbors): Int32Array {
  const { clusterer, conceptOfLabel, images } = model;
  const isParted = partedLabels(model);
  return labels.map((label, i) => {
    if (label === -1) return -1;
    if (isParted[label] === 0) return conceptOfLabel[label]!;
    const near = neighbors.indices.subarray(i * neighbors.k, (i + 1) * neighbors.k);
    const fellow = near.find((row) => clusterer.labels[row] === label);
    return fellow === undefined ? conceptOfLabel[label]! : images.concepts[fellow]!;
  });
}

/** 1 for labels whose images are not all in one concept. */
function partedLabels({ clusterer, conceptOfLabel, images }: FittedModel): Uint8Array {
  const parted = new Uint8Array(clusterer.clusterCount);
  clusterer.labels.forEach((label, row) => {
    if (label !== -1 && images.concepts[row] !== conceptOfLabel[label]) parted[label] = 1;
  });
  return parted;
}

function merge(
  model: FittedModel,
  known: Int32Array,
  strangers: readonly number[],
  placed: Assignment,
): Assignment {
  const { images } = model;
  const concepts = known.map((fitted) => (fitted === -1 ? -1 : images.concepts[fitted]!));
  const probabilities = Float32Array.from(known, (fitted) =>
    fitted === -1 ? 0 : images.probabilities[fitted]!,
  );
  const map = matrix(new Float32Array(known.length * 2), known.length, 2);
  known.forEach((fitted, i) => {
    if (fitted !== -1) row(map, i).set(row(images.map, fitted));
  });
  strangers.forEach((target, i) => {
    concepts[target] = placed.concepts[i]!;
    probabilities[target] = placed.probabilities[i]!;
    row(map, target).set(row(placed.map, i));
  });
  return { concepts, probabilities, map };
}
