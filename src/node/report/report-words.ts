import type { DenseKernels } from "../../core/math/kernels.ts";
import { row } from "../../core/math/matrix.ts";
import type { FittedModel } from "../../core/model.ts";
import type { ReportWords } from "../../core/report/report-data.ts";
import type { ResolvedTerm } from "../../core/search/query.ts";
import { RELEVANCE_FLOOR } from "../../core/search/relevance.ts";
import { ModelSearch } from "../../core/search/search.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { base64 } from "./base64.ts";

/** Words that are searched before, of concepts first. */
const MOST_WORDS = 2000;
/** Words that share a pass over the pictures. */
const WORDS_AT_ONCE = 64;
const PICTURES = 24;
const CONCEPTS = 5;

/**
 * Searches the model for each word of its vocabulary, as `ConceptModel.search` does it.
 *
 * @param places of concepts in the report, by their ids
 */
export async function searchWords(
  model: FittedModel,
  places: ReadonlyMap<number, number>,
  { kernels, signal, onProgress }: WorkOptions & { readonly kernels: DenseKernels },
): Promise<ReportWords | null> {
  const { vocabulary } = model;
  if (vocabulary === null) return null;
  const chosen = chosenWords(model, vocabulary.words);
  const search = new ModelSearch(model, kernels);
  const concepts: number[][] = [];
  const starts = new Uint32Array(chosen.length + 1);
  const rows: number[] = [];
  for (let from = 0; from < chosen.length; from += WORDS_AT_ONCE) {
    const queries = chosen.slice(from, from + WORDS_AT_ONCE).map((index): ResolvedTerm[] => {
      const vector = row(vocabulary.vectors, index);
      return [{ label: vocabulary.words[index]!, kind: "text", weight: 1, vector, row: null }];
    });
    for (const found of await search.searchEach(queries, { topN: PICTURES, signal })) {
      const matching = found.concepts.filter(({ relevance }) => (relevance ?? 1) >= RELEVANCE_FLOOR);
      for (const { row: image, relevance } of found.images) {
        if ((relevance ?? 1) >= RELEVANCE_FLOOR) rows.push(image);
      }
      concepts.push(matching.slice(0, CONCEPTS).map(({ id }) => places.get(id)!));
      starts[concepts.length] = rows.length;
    }
    onProgress?.(concepts.length / chosen.length);
  }
  return {
    words: chosen.map((index) => vocabulary.words[index]!),
    concepts,
    starts: base64(starts),
    rows: base64(Uint32Array.from(rows)),
    left: vocabulary.words.length - chosen.length,
  };
}

/** Indices of words: those that describe concepts, then the others in their order. */
function chosenWords({ concepts }: FittedModel, words: readonly string[]): number[] {
  const telling = new Set(concepts.flatMap((concept) => concept.words.map(({ word }) => word)));
  const all = words.map((_, i) => i);
  const first = all.filter((i) => telling.has(words[i]!));
  return [...first, ...all.filter((i) => !telling.has(words[i]!))].slice(0, MOST_WORDS);
}
