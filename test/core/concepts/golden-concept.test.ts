// Parity with the Python package Concept 0.2.1 on its own functions: see test/golden/README.md.
import { describe, expect, it } from "vitest";
import { wordsByCosine } from "../../../src/core/concepts/cosine-words.ts";
import { type ClassTermCounts, ctfidfWeights } from "../../../src/core/concepts/ctfidf.ts";
import { conceptVectors, pickExemplars } from "../../../src/core/concepts/exemplars.ts";
import { maximalMarginalRelevance } from "../../../src/core/concepts/mmr.ts";
import { dot, matrix, normalizedRows, row } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { rankByCosine } from "../../../src/core/search/rank.ts";
import { goldenJson, goldenMatrix } from "../../support/golden.ts";

const golden = goldenJson("concept.json.gz");

describe("maximal marginal relevance", () => {
  const { embeddings, cluster_embedding, indices, cases } = golden.mmr;
  const candidates = matrix(Float32Array.from(embeddings.flat()), embeddings.length, embeddings[0].length);
  const target = Float32Array.from(cluster_embedding);

  it.each(
    cases as { diversity: number; top_n: number; selected: number[] }[],
  )("picks what Concept picks at diversity $diversity, top $top_n", ({ diversity, top_n, selected }) => {
    const picks = maximalMarginalRelevance(target, candidates, { count: top_n, diversity });
    expect(Array.from(picks, (pick) => indices[pick])).toEqual(selected);
  });

  it("gives all candidates when asked for more than there are, where Concept raised", () => {
    const picks = maximalMarginalRelevance(target, candidates, { count: 100, diversity: 0.3 });
    expect(new Set(picks).size).toBe(candidates.rows);
  });
});

describe("c-TF-IDF", () => {
  it("weighs terms as Concept does with its idf", () => {
    const { counts, matrix: expected } = golden.ctfidf as { counts: number[][]; matrix: number[][] };
    const weights = ctfidfWeights(sparse(counts), "plain");
    const expectedStored = expected.flatMap((line, c) => line.filter((_, term) => counts[c]![term]! > 0));
    expect(weights.length).toBe(expectedStored.length);
    weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(expectedStored[i]!, 7);
    });
  });

  it("stays positive for words found everywhere with the smooth idf", () => {
    const weights = ctfidfWeights(
      sparse([
        [5, 1],
        [5, 0],
      ]),
    );
    expect(weights.every((weight) => weight > 0)).toBe(true);
  });
});

describe.each(["concept_2000_mcs30", "concept_2000_mcs15"])("exemplars and words of %s", (name) => {
  const reference = golden[name];
  const images = goldenMatrix("concept_clip_like_2000_f16.npy");
  const wordVectors = goldenMatrix("concept_words_300x512.npy");
  const query = goldenMatrix("concept_query_512.npy");
  const count = Object.keys(reference.exemplars).length;
  const exemplars = Array.from({ length: count }, (_, id) => Int32Array.from(reference.exemplars[id]));
  const vectors = conceptVectors(images, exemplars);

  it("averages exemplars into concept vectors", () => {
    for (let id = 0; id < count; id++) {
      const norm = Math.sqrt(dot(row(vectors, id), row(vectors, id)));
      expect(norm).toBeCloseTo(reference.cluster_embedding_norms[id], 5);
    }
  });

  it("picks the same eight exemplars", () => {
    const picked = pickExemplars(images, vectors, exemplars, { diversity: 0.3 });
    picked.forEach((rows, id) => {
      expect(Array.from(rows)).toEqual(reference.selected_exemplars[id]);
    });
  });

  it("finds the same words, sorted and with their scores, where Concept gave them unsorted and without", async () => {
    const words = Array.from({ length: wordVectors.rows }, (_, i) => `word${String(i).padStart(3, "0")}`);
    const vocabulary = { words, vectors: normalizedRows(wordVectors) };
    const found = await wordsByCosine(vectors, vocabulary, { count: 5, kernels: referenceKernels });
    found.forEach((list, id) => {
      expect(list.map(({ word }) => word)).toEqual(reference.top5_words_sorted[id]);
      list.forEach(({ score }, rank) => {
        expect(score).toBeCloseTo(reference.top5_scores_sorted[id][rank], 5);
      });
    });
  });

  it("finds the same concepts for a query", () => {
    const vector = Float32Array.from(query.data);
    const matches = rankByCosine(vector, vectors, 5);
    matches.forEach((match, rank) => {
      const [id, score] = reference.find_concepts_query[rank];
      expect(match.row).toBe(id);
      expect(match.score).toBeCloseTo(score, 5);
    });
  });
});

function sparse(dense: readonly (readonly number[])[]): ClassTermCounts {
  const entries = dense.map((line) => line.flatMap((count, term) => (count > 0 ? [{ count, term }] : [])));
  const offsets = new Int32Array(dense.length + 1);
  entries.forEach((line, c) => {
    offsets[c + 1] = offsets[c]! + line.length;
  });
  return {
    offsets,
    terms: Int32Array.from(entries.flat(), ({ term }) => term),
    counts: Float64Array.from(entries.flat(), ({ count }) => count),
    termCount: dense[0]!.length,
  };
}
