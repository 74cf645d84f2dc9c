import { placesById } from "../concept-lookup.ts";
import { conceptWords } from "../concepts/concept-words.ts";
import { conceptNames, nameOf } from "../concepts/names.ts";
import type { DenseKernels } from "../math/kernels.ts";
import type { FittedModel, ScoredWord } from "../model.ts";
import type { ConceptDraft } from "./edit.ts";
import { nameFault, nameFrom, wordsToKeep } from "./edit-text.ts";
import { freeName } from "./free-name.ts";

/** A concept that wants words, and a name unless it has one to keep. */
export interface NamelessDraft {
  readonly concept: number;
  readonly keptName: string | null;
  readonly renamed: boolean;
}

/** A draft before anything is known about it: no name that a person can give begins so. */
export function placeholder({ concept }: Pick<NamelessDraft, "concept">): ConceptDraft {
  return { concept, name: `\u0000${concept}`, renamed: false, words: [] };
}

/**
 * Words for some concepts of a model, in the manner of its fit, and names that no other concept has.
 *
 * @param model with the concepts in it, under whatever names
 */
export async function describeDrafts(
  model: FittedModel,
  drafts: readonly NamelessDraft[],
  kernels: DenseKernels,
): Promise<ConceptDraft[]> {
  const placeOf = placesById(model.concepts);
  const wanted = new Set(drafts.map(({ concept }) => placeOf.get(concept)!));
  const words = await wordsOfConcepts(model, wanted, kernels);
  const wordsOf = ({ concept }: NamelessDraft): readonly ScoredWord[] =>
    wordsToKeep(words[placeOf.get(concept)!]!);
  const isNamed = ({ keptName }: NamelessDraft): boolean => keptName !== null && nameFault(keptName) === null;
  const nameless = drafts.filter((draft) => !isNamed(draft));
  const proposals = conceptNames(nameless.map(wordsOf));
  const isDrafted = new Set(drafts.map(({ concept }) => concept));
  const taken = new Set([
    ...model.concepts.filter(({ id }) => !isDrafted.has(id)).map(({ name }) => name),
    ...drafts.filter(isNamed).map(({ keptName }) => keptName!),
  ]);
  const names = new Map<number, string>();
  nameless.forEach((draft, i) => {
    const best = nameOf(wordsOf(draft), 1);
    // A proposal without words, or one made unique by its place, counts places in place of ids.
    const isPlaced = best === "" || proposals[i] === `${best} (${i})`;
    const name =
      nameFrom(isPlaced ? fallbackName(best, draft.concept) : proposals[i]!) || `Concept ${draft.concept}`;
    names.set(draft.concept, freeName(name, draft.concept, taken));
  });
  return drafts.map((draft) => ({
    concept: draft.concept,
    name: names.get(draft.concept) ?? draft.keptName!,
    renamed: draft.renamed,
    words: wordsOf(draft),
  }));
}

/** Words of the wanted concepts, in the order of `model.concepts`. */
async function wordsOfConcepts(
  model: FittedModel,
  wanted: ReadonlySet<number>,
  kernels: DenseKernels,
): Promise<ScoredWord[][]> {
  const { vocabulary, imageVectors, conceptVectors: vectors, parameters } = model;
  const placeOf = placesById(model.concepts);
  const concepts = model.images.concepts.map((id) => placeOf.get(id) ?? -1);
  const { captions } = model.images;
  const input = { imageVectors, concepts, vocabulary, captions, wanted };
  return conceptWords(input, vectors, parameters, kernels);
}

function fallbackName(best: string, id: number): string {
  return best.trim() === "" ? `Concept ${id}` : `${best} (${id})`;
}
