import { wordsByCaptions } from "../captions/caption-ctfidf.ts";
import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import type { Matrix } from "../math/matrix.ts";
import type { ImageTable, ModelParameters, ScoredWord, Vocabulary, WordScoring } from "../model.ts";
import { meansOfConcepts, wordsByContrast } from "./contrastive-words.ts";
import { wordsByCosine } from "./cosine-words.ts";
import { wordsByCtfidf } from "./ctfidf.ts";
import { diverseWords } from "./diverse-words.ts";
import { provenWords } from "./label-proof.ts";
import { keptLemmas, withoutTwins } from "./word-twins.ts";

/** Words kept for each concept. */
const WORDS_PER_CONCEPT = 10;
/** Words looked at for a concept: some are spellings of others, or say the same. */
export const WORD_CANDIDATES = 50;

/** How words are chosen. */
export type WordChoice = Pick<ModelParameters, "wordScoring" | "wordDiversity" | "wordLanguage">;

/** What words of concepts are found from. */
export interface WordInput {
  /** images x dimensions, rows of length 1 */
  readonly imageVectors: Matrix;
  /** Place of each image's concept, 0 to concepts - 1; -1 for none. */
  readonly concepts: Int32Array;
  /** null for none; only captions give words then */
  readonly vocabulary: Vocabulary | null;
  readonly captions?: ImageTable["captions"] | undefined;
  /** Places of the concepts whose words are wanted; the others get none. Default all. */
  readonly wanted?: ReadonlySet<number> | undefined;
}

/**
 * The words of each concept under a scoring, at most ten, best first, one form of each; none without a vocabulary. Words
 * of the vocabulary come with the proof of how well they find the concept.
 *
 * @param vectors concepts x dimensions, of any length
 * @throws InputError for the scoring `"captions"` without captions
 */
export async function conceptWords(
  input: WordInput,
  vectors: Matrix,
  choice: WordChoice,
  kernels: DenseKernels,
): Promise<ScoredWord[][]> {
  const { imageVectors, concepts, vocabulary, captions } = input;
  const scoring = choice.wordScoring;
  if (scoring === "captions") return captionWords(captions ?? null, concepts, vectors.rows);
  if (vocabulary === null) return Array.from({ length: vectors.rows }, () => []);
  const { wanted } = input;
  const candidates = await candidateWords({ ...input, vocabulary }, vectors, scoring, kernels);
  const asked = candidates.map((list, place) => (wanted?.has(place) === false ? [] : list));
  const words = unlikeWords(asked, vocabulary, choice, WORDS_PER_CONCEPT);
  return provenWords(words, vocabulary, imageVectors, concepts, kernels);
}

/** Of words, best first, at most `count` that differ: one form of each, then by the choice's diversity. */
export function unlikeWords(
  words: readonly (readonly ScoredWord[])[],
  vocabulary: Vocabulary,
  { wordDiversity = 0, wordLanguage }: WordChoice,
  count: number,
): ScoredWord[][] {
  const lemmatizer = keptLemmas(vocabulary, wordLanguage);
  const spelled = words.map((list) => withoutTwins(list, lemmatizer));
  return diverseWords(spelled, vocabulary, { count, diversity: wordDiversity });
}

function candidateWords(
  { imageVectors, concepts, vocabulary }: WordInput & { readonly vocabulary: Vocabulary },
  vectors: Matrix,
  scoring: Exclude<WordScoring, "captions">,
  kernels: DenseKernels,
): Promise<ScoredWord[][]> {
  const options = { count: WORD_CANDIDATES, kernels };
  const conceptCount = vectors.rows;
  if (scoring === "ctfidf")
    return wordsByCtfidf(imageVectors, concepts, vocabulary, { ...options, conceptCount });
  if (scoring === "cosine") return wordsByCosine(vectors, vocabulary, options);
  return wordsByContrast(meansOfConcepts(imageVectors, concepts, conceptCount), vocabulary, options);
}

function captionWords(
  captions: ImageTable["captions"],
  concepts: Int32Array,
  groups: number,
): ScoredWord[][] {
  if (captions !== null) return wordsByCaptions(captions, concepts, { groups, count: WORDS_PER_CONCEPT });
  throw new InputError("Words of captions need captions", {
    expected: "what is said of the images",
    found: "nothing",
    hint: "Give captions too (--captions).",
  });
}
