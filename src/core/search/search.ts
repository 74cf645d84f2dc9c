import type { FittedModel } from "../model.ts";
import { rankByCosine } from "./rank.ts";

export interface ConceptMatch {
  readonly id: number;
  readonly name: string;
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number;
}

export interface ImageMatch {
  /** Row in the model's image table. */
  readonly row: number;
  readonly path: string;
  /** Concept id, -1 for none. */
  readonly concept: number;
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number;
}

/** The concepts closest to a query vector, best first, at most `count`; hidden ones are left out. */
export function searchConcepts(model: FittedModel, query: Float32Array, count: number): ConceptMatch[] {
  const hidden = model.concepts.filter((concept) => concept.hidden).length;
  return rankByCosine(query, model.conceptVectors, count + hidden)
    .map(({ row, score }) => ({ concept: model.concepts[row]!, score }))
    .filter(({ concept }) => !concept.hidden)
    .slice(0, count)
    .map(({ concept, score }) => ({ id: concept.id, name: concept.name, score }));
}

/** The images closest to a query vector, best first, at most `count`. */
export function searchImages(model: FittedModel, query: Float32Array, count: number): ImageMatch[] {
  return rankByCosine(query, model.imageVectors, count).map(({ row, score }) => ({
    row,
    path: model.images.paths[row]!,
    concept: model.images.concepts[row]!,
    score,
  }));
}
