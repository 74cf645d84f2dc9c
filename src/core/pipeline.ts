import { CollapsedClusterer } from "./compare/collapsed-clusterer.ts";
import { CollapsedReducer, findRepresentatives } from "./compare/collapsed-reducer.ts";
import { clusterSizes, conceptOfLabelBySize, toConcepts } from "./concepts/order.ts";
import { type ConceptRepresentations, representConcepts } from "./concepts/represent.ts";
import type { DenseKernels } from "./math/kernels.ts";
import type { Matrix } from "./math/matrix.ts";
import { Rng } from "./math/rng.ts";
import type {
  Concept,
  EmbedderReference,
  FittedModel,
  ImageTable,
  ModelParameters,
  Vocabulary,
} from "./model.ts";
import { nearestNeighbors } from "./neighbors/nearest-neighbors.ts";
import type { Neighbors } from "./neighbors/neighbors.ts";
import type { Clusterer, FittedClusterer, Reducer, StageContext } from "./stages.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";

/** What is known of the images before they are grouped. */
export type ImageList = Pick<ImageTable, "ids" | "paths" | "root" | "bytes"> &
  Partial<Pick<ImageTable, "columns" | "captions">>;

export interface FitInput {
  readonly images: ImageList;
  /** images x dimensions, finite, rows of length 1 */
  readonly imageVectors: Matrix;
  /** Words that may name concepts; null for none. */
  readonly vocabulary: Vocabulary | null;
  readonly embedder: EmbedderReference | null;
}

/** The exchangeable parts of the pipeline. */
export interface PipelineStages {
  readonly reducer: Reducer;
  readonly mapReducer: Reducer;
  readonly clusterer: Clusterer;
}

/** The steps of a fit, in order, for progress reports. */
export type FitStep = "neighbors" | "reduce" | "map" | "cluster" | "represent";

export interface PipelineContext {
  readonly kernels: DenseKernels;
  /** Moves the points of layouts; default `wasmLayoutOptimizer`. The result does not depend on the choice. */
  readonly optimizer?: LayoutOptimizer | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the step under way and its fraction done, 0 to 1. */
  readonly onProgress?: ((step: FitStep, fraction: number) => void) | undefined;
}

/**
 * The whole way from vectors to concepts: neighbours, reduction, clusters, exemplars, words, names.
 *
 * Equal input, parameters and stages give equal results: every stage draws from a generator of its own,
 * forked from the seed.
 */
export async function fitConcepts(
  input: FitInput,
  parameters: ModelParameters,
  stages: PipelineStages,
  context: PipelineContext,
): Promise<FittedModel> {
  const { imageVectors } = input;
  const step = stepContexts(parameters.seed, context);
  const used = await stagesFor(stages, imageVectors, parameters, step("neighbors"));
  const { reducer, mapReducer, clusterer } = used;

  const neighbors = await neighborsFor(used, imageVectors, step("neighbors"));
  const reduced = await reducer.fit({ points: imageVectors, neighbors }, step("reduce"));
  // Neither needs the other: while threads draw the map, this one finds the clusters, and reports when both are there.
  const [map, clusters] = await bothDone(
    mapReducer.fit({ points: imageVectors, neighbors }, step("map")),
    clusterer.fit(reduced.layout, { ...step("cluster"), onProgress: undefined }),
  );
  context.onProgress?.("cluster", 1);

  const conceptOfLabel = conceptOfLabelBySize(clusters);
  const concepts = toConcepts(clusters.labels, conceptOfLabel);
  const typical = exemplarsByConcept(clusters, conceptOfLabel);
  const { images, vocabulary } = input;
  const represented = await representConcepts(
    { imageVectors, concepts, typical, vocabulary, captions: images.captions },
    parameters,
    step("represent"),
  );
  context.onProgress?.("represent", 1);

  return {
    parameters,
    embedder: input.embedder,
    images: {
      ...input.images,
      concepts,
      probabilities: clusters.probabilities,
      map: map.layout,
      columns: input.images.columns ?? [],
      captions: input.images.captions ?? null,
    },
    imageVectors,
    concepts: describeConcepts(concepts, represented),
    conceptVectors: represented.vectors,
    vocabulary,
    reducer: reduced,
    mapReducer: map,
    clusterer: clusters,
    conceptOfLabel,
  };
}

/** Waits for both even where one fails, so that nothing goes on once the caller has been told. */
async function bothDone<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** A context for each step: its own generator, its own progress. */
function stepContexts(seed: number, context: PipelineContext): (step: FitStep) => StageContext {
  const rng = new Rng(seed);
  const streams: Record<FitStep, number> = { neighbors: 0, reduce: 1, map: 2, cluster: 3, represent: 4 };
  return (step) => ({
    kernels: context.kernels,
    optimizer: context.optimizer,
    rng: rng.fork(streams[step]),
    signal: context.signal,
    onProgress: (fraction) => context.onProgress?.(step, fraction),
  });
}

/** The stages as they are, or, where near-duplicates are to count as one picture, around one picture of each group. */
async function stagesFor(
  stages: PipelineStages,
  points: Matrix,
  { collapseDuplicates: threshold }: ModelParameters,
  context: StageContext,
): Promise<PipelineStages> {
  if (threshold === undefined) return stages;
  const { reducer, mapReducer, clusterer } = stages;
  const count = Math.max(reducer.neighborCount, mapReducer.neighborCount);
  const representatives = await findRepresentatives(points, count, threshold, context);
  return {
    reducer: new CollapsedReducer(reducer, representatives),
    mapReducer: new CollapsedReducer(mapReducer, representatives),
    clusterer: new CollapsedClusterer(clusterer),
  };
}

/** One k-NN graph serves both layouts. */
async function neighborsFor(
  stages: PipelineStages,
  points: Matrix,
  context: StageContext,
): Promise<Neighbors | undefined> {
  const k = Math.max(stages.reducer.neighborCount, stages.mapReducer.neighborCount);
  return k === 0 ? undefined : nearestNeighbors(points, { ...context, k, metric: "cosine" });
}

function exemplarsByConcept(clusters: FittedClusterer, conceptOfLabel: Int32Array): Int32Array[] {
  const exemplars: Int32Array[] = new Array(clusters.clusterCount);
  clusters.exemplars.forEach((rows, label) => {
    exemplars[conceptOfLabel[label]!] = rows;
  });
  return exemplars;
}

function describeConcepts(
  concepts: Int32Array,
  { names, words, exemplars }: ConceptRepresentations,
): Concept[] {
  const sizes = clusterSizes(concepts, names.length);
  return names.map((name, id) => ({
    id,
    name,
    words: words[id]!,
    size: sizes[id]!,
    exemplars: exemplars[id]!,
  }));
}
