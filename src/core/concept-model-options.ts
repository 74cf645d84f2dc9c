import { checkDuplicateThreshold } from "./compare/near-duplicates.ts";
import type { Lemmatizer } from "./concepts/lemmatizer.ts";
import type { Vectorizer } from "./concepts/vectorizer.ts";
import { InputError } from "./errors.ts";
import type { DenseKernels } from "./math/kernels.ts";
import type { Matrix } from "./math/matrix.ts";
import type { ImageColumn, WordLanguage, WordScoring } from "./model.ts";
import type { FitStep } from "./pipeline.ts";
import type { Clusterer, Embedder, Reducer } from "./stages.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";
import type { Seed } from "./zero-shot/seed.ts";

export interface ConceptModelOptions<Image> {
  /** Smallest group that counts as a concept; default 30, less in collections under 300 images. */
  readonly minConceptSize?: number | undefined;
  /** 0 (exemplars closest to the concept) to 1 (exemplars unlike each other); default 0.3. */
  readonly diversity?: number | undefined;
  /** Embeds images and words; not needed where vectors are given. */
  readonly embeddingModel?: Embedder<Image> | undefined;
  /** Default: UMAP, 20 neighbours, 5 dimensions, min_dist 0, cosine. */
  readonly reducer?: Reducer | undefined;
  /** Default: UMAP to 2 dimensions. */
  readonly mapReducer?: Reducer | undefined;
  /** Default: HDBSCAN, excess of mass. */
  readonly clusterer?: Clusterer | undefined;
  /** Finds words in documents; default `new CountVectorizer()`. */
  readonly vectorizer?: Vectorizer | undefined;
  /** Words that never name a concept, nor do other forms of them: they leave the vocabulary. Default none. */
  readonly negativeWords?: readonly string[] | undefined;
  /**
   * Words that are no words of documents: skipped by the default vectorizer, so that they are in no phrase either, and left out
   * of any vocabulary, in any case. Words of captions are as they are. Default none.
   */
  readonly stopWords?: readonly string[] | undefined;
  /** In which language forms of one word are folded; default `"en"`. `"none"` folds upper and lower case only. */
  readonly wordLanguage?: WordLanguage | undefined;
  /** Knows the forms of English words; default: singular and plural by rule, in Node WordNet's dictionary. The model keeps its answers. */
  readonly lemmatizer?: Lemmatizer | undefined;
  /**
   * 0 (the best words) to 1 (words unlike each other); the best word stays the first. Default 0; words of captions
   * are as they are. docs/words.md tells what it gains and costs.
   */
  readonly wordDiversity?: number | undefined;
  /** How words are found; default `"contrastive"`; the original has `"cosine"`. `"captions"` needs captions. */
  readonly wordScoring?: WordScoring | undefined;
  /** The same as `wordScoring: "ctfidf"`, as the original has it; default false. */
  readonly ctfidf?: boolean | undefined;
  /**
   * Cluster near-duplicates as one image, so that bursts make no concepts; results are kept for all. `true` for those within
   * `duplicateThreshold`, or a cosine distance, 0 to 2; default false.
   */
  readonly collapseDuplicates?: boolean | number | undefined;
  /** Any integer; default 42. The same seed and input give the same model. */
  readonly seed?: number | undefined;
  /** Default: the TypeScript reference. */
  readonly kernels?: DenseKernels | undefined;
  /** Moves the points of layouts; default: WebAssembly on the calling thread, in Node on all cores. */
  readonly optimizer?: LayoutOptimizer | undefined;
}

/** What images can come with. */
export interface FitInputs {
  /** Texts whose words may name the concepts; default none. */
  readonly docs?: readonly string[] | undefined;
  /** Vectors of `docs`, docs x dimensions; each document then counts whole, as one word. */
  readonly docEmbeddings?: Matrix | undefined;
  /** One name an image; default its row. */
  readonly imageNames?: readonly string[] | undefined;
  /** What is said of each image, one text or several, in the order of the images; "" and [] for nothing. */
  readonly captions?: readonly (string | readonly string[])[] | undefined;
  /** Concepts known already: pictures close enough to one go there, the rest is grouped. Default none. */
  readonly seeds?: readonly Seed[] | undefined;
  /** What else is known of the images, one value an image. */
  readonly columns?: readonly ImageColumn[] | undefined;
  /** Vectors of the images, images x dimensions; `images` are then not embedded. */
  readonly imageEmbeddings?: Matrix | undefined;
  /** Images that are fitted, drawn evenly; the others are assigned to the concepts found. Default: all are fitted. */
  readonly sample?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    | ((step: FitStep | "download" | "embed images" | "embed words", fraction: number) => void)
    | undefined;
}

/** @throws InputError when an option is out of range */
export function checkOptions(options: ConceptModelOptions<never>): void {
  const { minConceptSize, diversity, wordDiversity, collapseDuplicates } = options;
  if (typeof collapseDuplicates === "number") checkDuplicateThreshold(collapseDuplicates);
  if (minConceptSize !== undefined && !(Number.isInteger(minConceptSize) && minConceptSize >= 2)) {
    throw new InputError(
      "minConceptSize is out of range",
      { expected: "a whole number of at least 2", found: String(minConceptSize) },
      "BAD_OPTION",
    );
  }
  checkShare("diversity", diversity);
  checkShare("wordDiversity", wordDiversity);
}

function checkShare(name: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 1)) return;
  const details = { expected: "a number from 0 to 1", found: String(value) };
  throw new InputError(`${name} is out of range`, details, "BAD_OPTION");
}
