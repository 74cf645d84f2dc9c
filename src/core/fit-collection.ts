import { meanVector } from "./captions/centred-vectors.ts";
import { duplicateThreshold } from "./compare/near-duplicates.ts";
import type { ConceptModelOptions, FitInputs } from "./concept-model-options.ts";
import { assertSharedSpace, givenVocabulary } from "./concepts/given-vocabulary.ts";
import { type Lemmatizer, lemmasByRule, lemmatizerOf, withLemmas } from "./concepts/lemmatizer.ts";
import { keptUnwanted, wantedVocabulary, wantedWords } from "./concepts/negative-words.ts";
import { CountVectorizer } from "./concepts/vectorizer.ts";
import { defaultMinConceptSize, defaultStages } from "./defaults.ts";
import { InputError } from "./errors.ts";
import { checkedVectors, describedImages } from "./fit-inputs.ts";
import type { DenseKernels } from "./math/kernels.ts";
import { type Matrix, takeRows, zeros } from "./math/matrix.ts";
import type { EmbedderReference, FittedModel, ModelParameters, Vocabulary } from "./model.ts";
import { fitConcepts, type ImageList } from "./pipeline.ts";
import type { Embedder } from "./stages.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";
import { nameSeededConcepts } from "./zero-shot/name-seeded.ts";
import { checkSeeds, placeSeeds, type Seed, type SeedSpace, seedTexts } from "./zero-shot/seed.ts";
import { SeededClusterer } from "./zero-shot/seeded-clusterer.ts";
import { SeededReducer } from "./zero-shot/seeded-reducer.ts";

const DEFAULTS = { diversity: 0.3, wordDiversity: 0, seed: 42 };

/** What is fitted, after the images were embedded. */
export interface EmbeddedCollection {
  readonly images: ImageList;
  /** images x dimensions, of any length */
  readonly vectors: Matrix;
  readonly inputs: FitInputs;
  /** What made the vectors, to be kept in the model; null where nobody knows. */
  readonly embedder: EmbedderReference | null;
}

/** What a fit may call upon. */
export interface FitServices {
  readonly kernels: DenseKernels;
  readonly optimizer: LayoutOptimizer;
  /** The embedder of texts. @throws ModelStateError without one, saying what it was wanted for */
  requireEmbedder(what: string): Promise<Pick<Embedder<never>, "embedTexts">>;
  /** Knows the forms of English words. */
  lemmatizer(): Promise<Lemmatizer>;
}

/** A fit with the options of `ConceptModel`: finds the vocabulary, places the seeds, sets up the stages and runs the pipeline. */
export async function fitCollection<Image>(
  { images, vectors, inputs, embedder }: EmbeddedCollection,
  options: ConceptModelOptions<Image>,
  services: FitServices,
): Promise<FittedModel> {
  requireImages(images, vectors);
  const described = describedImages(images, inputs);
  const minConceptSize = options.minConceptSize ?? defaultMinConceptSize(vectors.rows);
  const stages = defaultStages(minConceptSize);
  const vocabulary = await vocabularyOf(inputs, vectors.cols, options, services);
  const imageVectors = checkedVectors(vectors);
  const seeds = inputs.seeds ?? [];
  const { reducer = stages.reducer, clusterer = stages.clusterer, mapReducer = stages.mapReducer } = options;
  const space =
    seeds.length === 0 ? null : await seedSpace(seeds, imageVectors, vocabulary, inputs, services);
  const fitted = await fitConcepts(
    { images: described, imageVectors, vocabulary, embedder },
    parametersOf(options, minConceptSize, imageVectors),
    {
      mapReducer,
      reducer: space === null ? reducer : new SeededReducer(reducer, space),
      clusterer: space === null ? clusterer : new SeededClusterer(clusterer),
    },
    {
      kernels: services.kernels,
      optimizer: services.optimizer,
      signal: inputs.signal,
      onProgress: inputs.onProgress,
    },
  );
  const names = seeds.map(({ name }) => name);
  return space === null ? fitted : nameSeededConcepts(fitted, names);
}

function requireImages(images: ImageList, vectors: Matrix): void {
  if (vectors.rows === 0) {
    throw new InputError("There are no images to fit", { expected: "at least one image", found: "none" });
  }
  if (images.paths.length !== vectors.rows) {
    throw new InputError("Names and images differ in number", {
      expected: `${vectors.rows} names`,
      found: `${images.paths.length}`,
    });
  }
}

function parametersOf<Image>(
  options: ConceptModelOptions<Image>,
  minConceptSize: number,
  imageVectors: Matrix,
): ModelParameters {
  const { collapseDuplicates: collapse = false } = options;
  return {
    minConceptSize,
    diversity: options.diversity ?? DEFAULTS.diversity,
    wordScoring: options.wordScoring ?? (options.ctfidf ? "ctfidf" : "contrastive"),
    wordDiversity: options.wordDiversity ?? DEFAULTS.wordDiversity,
    ...keptUnwanted(options),
    seed: options.seed ?? DEFAULTS.seed,
    collapseDuplicates:
      collapse === true ? duplicateThreshold(imageVectors) : collapse === false ? undefined : collapse,
  };
}

async function seedSpace(
  seeds: readonly Seed[],
  imageVectors: Matrix,
  vocabulary: Vocabulary | null,
  { signal }: FitInputs,
  services: FitServices,
): Promise<SeedSpace> {
  checkSeeds(seeds);
  const texts = seeds.flatMap(seedTexts);
  const embedder = texts.length === 0 ? null : await services.requireEmbedder("the names of concepts");
  const vectors = (await embedder?.embedTexts(texts, { signal })) ?? zeros(0, imageVectors.cols);
  for (const { rows, cols } of [vectors, ...seeds.flatMap((seed) => seed.vectors ?? [])]) {
    if (rows > 0) assertSharedSpace({ ...vectors, cols }, imageVectors.cols);
  }
  let next = 0;
  const textVectors = seeds.map((seed) =>
    takeRows(
      vectors,
      seedTexts(seed).map(() => next++),
    ),
  );
  const textMean = vocabulary === null ? null : meanVector(vocabulary.vectors);
  return placeSeeds(seeds, imageVectors, textVectors, textMean);
}

async function vocabularyOf<Image>(
  inputs: FitInputs,
  dimensions: number,
  options: ConceptModelOptions<Image>,
  services: FitServices,
): Promise<Vocabulary | null> {
  const { docs, docEmbeddings } = inputs;
  if (docs === undefined || docs.length === 0) return null;
  const { stopWords = [], wordLanguage, vectorizer = new CountVectorizer({ stopWords }) } = options;
  const english = wordLanguage === "none" ? lemmasByRule : await services.lemmatizer();
  const lemmatizer = lemmatizerOf(wordLanguage, english);
  if (docEmbeddings !== undefined) {
    const given = givenVocabulary(docs, docEmbeddings, dimensions);
    return withLemmas(wantedVocabulary(given, options, english), lemmatizer);
  }
  const words = wantedWords(vectorizer.vocabulary(docs), options, english);
  if (words.length === 0) return null;
  const embedder = await services.requireEmbedder("words");
  const vectors = await embedder.embedTexts(words, {
    signal: inputs.signal,
    onProgress: (fraction) => inputs.onProgress?.("embed words", fraction),
  });
  assertSharedSpace(vectors, dimensions);
  return withLemmas({ words, vectors }, lemmatizer);
}
