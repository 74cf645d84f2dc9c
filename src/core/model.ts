import type { Stability } from "./compare/stability.ts";
import type { Edit } from "./edits/edit.ts";
import type { Matrix } from "./math/matrix.ts";
import type { FittedClusterer, FittedReducer } from "./stages.ts";

/** A word that names a concept, with its score under the scoring the model was fitted with. */
export interface ScoredWord {
  readonly word: string;
  readonly score: number;
  /** How well the word finds the concept's images among all (see `LabelProof`), 0 to 1; absent where it was not measured. */
  readonly auc?: number | undefined;
  /** Share of the concept's images among as many that are closest to the word, 0 to 1; absent like `auc`. */
  readonly precision?: number | undefined;
}

/** A group of images that belong together. */
export interface Concept {
  /** After a fit 0 is the largest concept and ids follow size. Edits never change an id: look concepts up by `conceptWithId`. */
  readonly id: number;
  /** Its best word, with as many more as it takes to be unique; `Concept ID` where there are no words. */
  readonly name: string;
  /** Best first, scores descending. */
  readonly words: readonly ScoredWord[];
  /** Number of images. */
  readonly size: number;
  /** Rows of the images that picture it, most telling first; at least one. */
  readonly exemplars: Int32Array;
  /** Whether its name was given by a person, or a language model; default false. */
  readonly renamed?: boolean | undefined;
  /** The language model that gave the name; absent where none did. */
  readonly namedBy?: string | undefined;
  /** Whether recuts leave its pictures together as they are; default false. */
  readonly pinned?: boolean | undefined;
  /** Whether lists, collages and searches leave it out; default false. */
  readonly hidden?: boolean | undefined;
  /** Whether it was known before the fit, by a name or example pictures; default false. */
  readonly seeded?: boolean | undefined;
}

/**
 * A column of the user's: one value an image. Missing values are `""` in a text, NaN in numbers and dates.
 * Dates are milliseconds since 1970-01-01 UTC, whole numbers.
 */
export type ImageColumn =
  | { readonly name: string; readonly type: "text"; readonly values: readonly string[] }
  | { readonly name: string; readonly type: "number" | "date"; readonly values: Float64Array };

/** The images of a model, column by column; row `i` of every column is the same image. */
export interface ImageTable {
  /** Content hashes (sha-256, hex), or row names where only vectors were given. Equal files share an id. */
  readonly ids: readonly string[];
  /** File paths relative to `root`, or the names given by the caller. */
  readonly paths: readonly string[];
  /** Folder that the paths start from; null where they are names, not files. */
  readonly root: string | null;
  /** File sizes in bytes; 0 where unknown. */
  readonly bytes: Float64Array;
  /** Concept ids, -1 for images in no concept. */
  readonly concepts: Int32Array;
  /** Strength of membership, 0 to 1; 0 for images in no concept. */
  readonly probabilities: Float32Array;
  /** Place on the map, rows x 2. */
  readonly map: Matrix;
  /** What the user knows of the images; names are distinct. */
  readonly columns: readonly ImageColumn[];
  /** What is said of each image: any number of texts, none empty; null where the collection has no captions. */
  readonly captions: readonly (readonly string[])[] | null;
}

/** Number of images in no concept. */
export function countOutliers(images: Pick<ImageTable, "concepts">): number {
  return images.concepts.reduce((count, concept) => count + (concept === -1 ? 1 : 0), 0);
}

/** Words and their vectors, in the images' space. */
export interface Vocabulary {
  readonly words: readonly string[];
  /** words x dimensions, rows of length 1 */
  readonly vectors: Matrix;
  /** For each word what a `Lemmatizer` said of it; absent in models of before there was one. */
  readonly lemmas?: readonly (readonly string[])[] | undefined;
}

/**
 * How words are scored: `"cosine"` of word and concept vector; `"contrastive"`, likewise but against what the other concepts have
 * in common; `"ctfidf"` over the documents nearest to a concept; or `"captions"`, c-TF-IDF over what is said of its images.
 */
export type WordScoring = (typeof WORD_SCORINGS)[number];
export const WORD_SCORINGS = ["cosine", "contrastive", "ctfidf", "captions"] as const;

/** In which language words are forms of others: `"en"` for English, `"none"` for none, so that all are words of their own. */
export type WordLanguage = (typeof WORD_LANGUAGES)[number];
export const WORD_LANGUAGES = ["en", "none"] as const;

/** The choices a model was fitted with, as plain values. */
export interface ModelParameters {
  readonly minConceptSize: number;
  /** 0 (only closeness counts) to 1 (only difference counts) when exemplars are picked. */
  readonly diversity: number;
  readonly wordScoring: WordScoring;
  /** As `diversity`, for words: 0 to 1; absent in models of before there was one, as 0. */
  readonly wordDiversity?: number | undefined;
  /** Absent for `"en"`. */
  readonly wordLanguage?: WordLanguage | undefined;
  /** Left out of the vocabulary, which lacks them; absent for none. */
  readonly negativeWords?: readonly string[] | undefined;
  /** Likewise, and skipped when words of texts are counted. */
  readonly stopWords?: readonly string[] | undefined;
  readonly seed: number;
  /** Near-duplicates up to this cosine distance were clustered as one picture; absent where each counted for itself. */
  readonly collapseDuplicates?: number | undefined;
}

/** Which embedder made the vectors. */
export interface EmbedderReference {
  /** What `Embedder.id` said when fitting. */
  readonly id: string;
  /** What to load again: a preset, a repository id or a folder. */
  readonly model: string;
  readonly dtype: string;
  readonly revision: string;
  /** How words are put to the model, with `{}` for the word; `"{}"` for the bare word. */
  readonly template: string;
}

/** Everything a fitted model knows, as immutable plain data and two fitted stages. */
export interface FittedModel {
  readonly parameters: ModelParameters;
  /** null where vectors were given and no embedder shares their space. */
  readonly embedder: EmbedderReference | null;
  readonly images: ImageTable;
  /** images x dimensions, rows of length 1 */
  readonly imageVectors: Matrix;
  /** Largest first. */
  readonly concepts: readonly Concept[];
  /** concepts x dimensions; row `i` is the mean of the exemplars of `concepts[i]`, whatever its id */
  readonly conceptVectors: Matrix;
  /** null where no words were given */
  readonly vocabulary: Vocabulary | null;
  /** From image vectors to the space that was clustered. */
  readonly reducer: FittedReducer;
  /** From image vectors to the map. */
  readonly mapReducer: FittedReducer;
  readonly clusterer: FittedClusterer;
  /** `conceptOfLabel[label]` is the id of the concept that holds most images of the clusterer's label, -1 for none. */
  readonly conceptOfLabel: Int32Array;
  /** Ids of concepts of the fit that updates left without images: they are never given again; absent for none. */
  readonly goneConcepts?: readonly number[] | undefined;
  /** How well the concepts of the fit are found again in parts of the collection; absent where nobody measured it. */
  readonly stability?: Stability | undefined;
  /** What people made of the fit; absent where they changed nothing. */
  readonly shaping?: Shaping | undefined;
}

/** How a model came from a fit: `applyEdits(base, edits)` gives it again. */
export interface Shaping {
  readonly base: FittedModel;
  /** In the order made. */
  readonly edits: readonly Edit[];
}
