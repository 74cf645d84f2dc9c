import type { DenseKernels } from "../math/kernels.ts";
import type { Matrix } from "../math/matrix.ts";
import type { ModelParameters, ScoredWord } from "../model.ts";
import { conceptWords, type WordChoice, type WordInput } from "./concept-words.ts";
import { conceptVectors, pickExemplars } from "./exemplars.ts";
import { conceptNames } from "./names.ts";

export interface RepresentInput extends WordInput {
  /** For each concept the rows of its typical images, at least one; they make its vector, and its exemplars are among them. */
  readonly typical: readonly Int32Array[];
}

/** How concepts are shown and told; entry `i` of each is the concept in place `i`. */
export interface ConceptRepresentations {
  /** concepts x dimensions: means of the typical images */
  readonly vectors: Matrix;
  /** Rows of images, most telling first. */
  readonly exemplars: readonly Int32Array[];
  /** Best first. */
  readonly words: readonly (readonly ScoredWord[])[];
  /** Each is the only one of its kind. */
  readonly names: readonly string[];
}

/**
 * Pictures, words and names for groups of images, wherever the groups come from: a fit, or people who shaped it.
 *
 * @throws InputError for words of captions where there are no captions
 */
export async function representConcepts(
  input: RepresentInput,
  parameters: Pick<ModelParameters, "diversity"> & WordChoice,
  context: { readonly kernels: DenseKernels },
): Promise<ConceptRepresentations> {
  const { imageVectors, typical } = input;
  const vectors = conceptVectors(imageVectors, typical);
  const exemplars = pickExemplars(imageVectors, vectors, typical, { diversity: parameters.diversity });
  const words = await conceptWords(input, vectors, parameters, context.kernels);
  return { vectors, exemplars, words, names: conceptNames(words) };
}
