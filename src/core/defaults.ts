import { CollapsedClusterer } from "./compare/collapsed-clusterer.ts";
import { CollapsedReducer } from "./compare/collapsed-reducer.ts";
import { HdbscanClusterer } from "./hdbscan/hdbscan-clusterer.ts";
import type { PipelineStages } from "./pipeline.ts";
import type { Clusterer, Reducer } from "./stages.ts";
import { FuzzyGraphs } from "./umap/fuzzy-graphs.ts";
import { IdentityReducer } from "./umap/identity-reducer.ts";
import { UmapReducer } from "./umap/umap-reducer.ts";
import { GrownClusterer } from "./update/grown-clusterer.ts";
import { GrownReducer } from "./update/grown-reducer.ts";
import { SeededClusterer } from "./zero-shot/seeded-clusterer.ts";
import { SeededReducer } from "./zero-shot/seeded-reducer.ts";

/** Smallest concept in collections of 300 images and more, as in Concept 0.2.1. */
const MIN_CONCEPT_SIZE = 30;

/** Below this, a concept would be a handful of chance neighbours. */
const SMALLEST_MIN_CONCEPT_SIZE = 3;

/**
 * The smallest group that counts as a concept, unless the caller says otherwise: 30, and a tenth of a
 * collection that has fewer than 300 images (at least 3), so that small folders have concepts too.
 */
export function defaultMinConceptSize(images: number): number {
  return Math.max(SMALLEST_MIN_CONCEPT_SIZE, Math.min(MIN_CONCEPT_SIZE, Math.floor(images / 10)));
}

/** More joins groups that shade into each other, fewer makes crumbs of large ones. */
const NEIGHBORS = 20;

/** Smoothing of density: more makes one large concept of what shades into each other, less makes crumbs. */
const MIN_SAMPLES = 5;

/** Nobody is helped by one concept that holds most of a collection. */
const LARGEST_SHARE = 0.5;

/**
 * The article's stages: UMAP to 5 dimensions (2 for the map), then HDBSCAN. Deviations, for collections whose groups shade
 * into each other: 20 neighbours instead of 15, 5 samples instead of the minimum size, and large clusters are split;
 * docs/clustering.md has what they bring. `new UmapReducer()` and `new HdbscanClusterer({ minClusterSize })` are the article's.
 */
export function defaultStages(minConceptSize: number): PipelineStages {
  const graphs = new FuzzyGraphs();
  return {
    reducer: new UmapReducer({ neighbors: NEIGHBORS, dimensions: 5, minDist: 0, graphs }),
    mapReducer: new UmapReducer({ neighbors: NEIGHBORS, dimensions: 2, minDist: 0.1, graphs }),
    clusterer: new HdbscanClusterer({
      minClusterSize: minConceptSize,
      minSamples: Math.min(MIN_SAMPLES, minConceptSize),
      largestShare: LARGEST_SHARE,
    }),
  };
}

/** The implementations a saved model may name. */
export function knownStages(): { reducers: Reducer[]; clusterers: Clusterer[] } {
  const { reducer, clusterer } = defaultStages(MIN_CONCEPT_SIZE);
  const plain = [reducer, new IdentityReducer()];
  const reducers = [...plain, ...plain.map((inner) => new SeededReducer(inner, null))];
  const clusterers = [clusterer, new SeededClusterer(clusterer)];
  const fitting = {
    reducers: [...reducers, ...reducers.map((inner) => new CollapsedReducer(inner))],
    clusterers: [...clusterers, ...clusterers.map((inner) => new CollapsedClusterer(inner))],
  };
  return {
    reducers: [...fitting.reducers, ...fitting.reducers.map((inner) => new GrownReducer(inner))],
    clusterers: [...fitting.clusterers, ...fitting.clusterers.map((inner) => new GrownClusterer(inner))],
  };
}
