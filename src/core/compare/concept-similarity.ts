import { dot, type Matrix, normalizedRows, row, takeRows } from "../math/matrix.ts";
import type { Concept, FittedModel } from "../model.ts";
import { averageLinkage, type Dendrogram } from "./average-linkage.ts";

/** How alike the concepts of a model are. */
export interface ConceptSimilarity {
  /** In the model's order. */
  readonly concepts: readonly Pick<Concept, "id" | "name" | "size">[];
  /** Cosine similarities, concepts x concepts, row-major, symmetric, -1 to 1; 1 on the diagonal. */
  readonly similarities: Float64Array;
  /** Concepts joined step by step, the most alike first; heights are 1 - similarity. */
  readonly dendrogram: Dendrogram;
}

/** Cosine similarities of all pairs of rows, rows x rows, row-major; a row of zeros is like nothing but itself. */
export function cosineSimilarities(vectors: Matrix): Float64Array {
  const unit = normalizedRows(vectors);
  const { rows } = unit;
  const similarities = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    similarities[i * rows + i] = 1;
    for (let j = i + 1; j < rows; j++) {
      const similarity = Math.max(-1, Math.min(1, dot(row(unit, i), row(unit, j))));
      similarities[i * rows + j] = similarity;
      similarities[j * rows + i] = similarity;
    }
  }
  return similarities;
}

/** Compares the vectors of all concepts of a model; takes memory for concepts x concepts numbers. */
export function conceptSimilarity(
  model: Pick<FittedModel, "concepts" | "conceptVectors">,
): ConceptSimilarity {
  const similarities = cosineSimilarities(model.conceptVectors);
  const distances = similarities.map((similarity) => 1 - similarity);
  return {
    concepts: model.concepts.map(({ id, name, size }) => ({ id, name, size })),
    similarities,
    dendrogram: averageLinkage(distances, model.concepts.length),
  };
}

/** As `conceptSimilarity`, of the concepts that are not hidden. */
export function shownSimilarity({
  concepts,
  conceptVectors,
}: Pick<FittedModel, "concepts" | "conceptVectors">): ConceptSimilarity {
  const places = Array.from(concepts.keys()).filter((place) => concepts[place]!.hidden !== true);
  return conceptSimilarity({
    concepts: places.map((place) => concepts[place]!),
    conceptVectors: takeRows(conceptVectors, places),
  });
}

/** Two concepts, with their places in the model's order. */
export interface SimilarPair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

/** The most similar pairs, best first, ties in the order of the concepts; at most `count`. */
export function mostSimilarPairs(
  { concepts, similarities }: Pick<ConceptSimilarity, "concepts" | "similarities">,
  count: number,
): SimilarPair[] {
  const pairs: SimilarPair[] = [];
  for (let first = 0; first < concepts.length; first++) {
    for (let second = first + 1; second < concepts.length; second++) {
      pairs.push({ first, second, similarity: similarities[first * concepts.length + second]! });
    }
  }
  return pairs.sort((a, b) => b.similarity - a.similarity).slice(0, count);
}
