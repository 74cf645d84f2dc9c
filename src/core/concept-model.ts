import { type Assignment, assignImages } from "./assign.ts";
import type { CaptionReport, CaptionReportOptions } from "./captions/caption-report.ts";
import { meanVector } from "./captions/centred-vectors.ts";
import { compareSeenAndSaid } from "./captions/seen-and-said.ts";
import { type BinOptions, columnBins } from "./compare/column-bins.ts";
import { type ConceptSimilarity, shownSimilarity } from "./compare/concept-similarity.ts";
import { type ConceptsOver, conceptsOver } from "./compare/concepts-over.ts";
import { diffModels, type ModelDiff } from "./compare/model-diff.ts";
import {
  checkDuplicateThreshold,
  type DuplicateGroups,
  type DuplicateOptions,
  duplicateThreshold,
  nearDuplicates,
} from "./compare/near-duplicates.ts";
import {
  conceptStability,
  type Stability,
  type StabilityOptions,
  stabilityOptions,
} from "./compare/stability.ts";
import { withStability } from "./compare/stability-badge.ts";
import { type ConceptModelOptions, checkOptions, type FitInputs } from "./concept-model-options.ts";
import { assertSharedSpace, givenVocabulary } from "./concepts/given-vocabulary.ts";
import { type Lemmatizer, lemmasByRule, lemmatizerOf, withLemmas } from "./concepts/lemmatizer.ts";
import { keptUnwanted, wantedVocabulary, wantedWords } from "./concepts/negative-words.ts";
import { CountVectorizer } from "./concepts/vectorizer.ts";
import { defaultMinConceptSize, defaultStages } from "./defaults.ts";
import { type ContinuedModel, continueModel } from "./edits/continue-model.ts";
import type { Edit } from "./edits/edit.ts";
import type { EditRequest, OutlierOptions, RecutOptions } from "./edits/edit-request.ts";
import { type MembershipOptions, type Memberships, membershipsOf } from "./edits/memberships.ts";
import { baseOf, editsOf, planEdit, withEdit, withoutLastEdits } from "./edits/plan-edit.ts";
import { InputError, ModelStateError } from "./errors.ts";
import { checkedVectors, describedImages, namedImages } from "./fit-inputs.ts";
import { type ConceptHierarchy, conceptHierarchy } from "./hierarchy/concept-hierarchy.ts";
import type { HierarchyOptions } from "./hierarchy/concept-levels.ts";
import type { DenseKernels } from "./math/kernels.ts";
import { type Matrix, row, takeRows, zeros } from "./math/matrix.ts";
import { referenceKernels } from "./math/reference-kernels.ts";
import {
  countOutliers,
  type EmbedderReference,
  type FittedModel,
  type ScoredWord,
  type Vocabulary,
} from "./model.ts";
import { nearestNeighbors } from "./neighbors/nearest-neighbors.ts";
import { fitConcepts, type ImageList } from "./pipeline.ts";
import type { SearchQuery } from "./search/query.ts";
import { checkDimensions, imageRow, resolveTerms, textVector } from "./search/resolve-terms.ts";
import {
  type ConceptMatch,
  type ImageMatch,
  ModelSearch,
  type SearchOptions,
  type SearchResult,
} from "./search/search.ts";
import type { Embedder, WorkOptions } from "./stages.ts";
import { stagesOfFit } from "./stages-of-fit.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";
import { wasmLayoutOptimizer } from "./umap/wasm-layout-optimizer.ts";
import { refitModel } from "./update/refit-model.ts";
import { nameSeededConcepts } from "./zero-shot/name-seeded.ts";
import { checkSeeds, placeSeeds, type Seed, type SeedSpace, seedTexts } from "./zero-shot/seed.ts";
import { SeededClusterer } from "./zero-shot/seeded-clusterer.ts";
import { SeededReducer } from "./zero-shot/seeded-reducer.ts";

export interface ConceptFrequency {
  readonly concept: number;
  readonly count: number;
}

const DEFAULTS = { diversity: 0.3, wordDiversity: 0, seed: 42 };

/** As many as a fit looks at. */
const DUPLICATE_NEIGHBORS = 20;

/**
 * Concept modelling with the words of the original article (Grootendorst, Concept 0.2.1, 2021): `fit` a
 * collection, then ask for its concepts, search them, and find the concepts of new images.
 *
 * Core knows no files: images are whatever the embedder takes, or vectors. `conceptmodel/node` has the
 * class for folders of pictures.
 */
export class ConceptModel<Image = unknown> {
  protected readonly options: ConceptModelOptions<Image>;
  private state: FittedModel | null = null;
  private undone: readonly Edit[] = [];
  private lastSearch: { readonly model: FittedModel; readonly search: ModelSearch } | null = null;

  /** @throws InputError when an option is out of range */
  constructor(options: ConceptModelOptions<Image> = {}) {
    checkOptions(options);
    this.options = options;
  }

  /** The fitted model as plain data. @throws ModelStateError before `fit` */
  get fitted(): FittedModel {
    if (this.state === null) {
      throw new ModelStateError("NOT_FITTED", "The model has not been fitted", {
        hint: "Call fit() or ConceptModel.load() first.",
      });
    }
    return this.state;
  }

  protected get isFitted(): boolean {
    return this.state !== null;
  }

  protected set fitted(model: FittedModel) {
    this.state = model;
    this.undone = [];
  }

  /** Finds the concepts of a collection. What an earlier fit found is forgotten. */
  async fit(images: readonly Image[], inputs: FitInputs = {}): Promise<this> {
    const vectors = await this.vectorsOf(images, inputs);
    await this.fitVectors(namedImages(vectors.rows, inputs.imageNames), vectors, inputs, null);
    return this;
  }

  /** `fit`, then the concept of each image, -1 for none. */
  async fitTransform(images: readonly Image[], inputs: FitInputs = {}): Promise<Int32Array> {
    await this.fit(images, inputs);
    return this.fitted.images.concepts;
  }

  /** The concept of each image, -1 for none. An image of the fitted collection gets the answer of the fit. */
  async transform(images: readonly Image[], inputs: FitInputs = {}): Promise<Int32Array> {
    return (await this.assign(images, inputs)).concepts;
  }

  /** `transform` with probabilities and places on the map. */
  async assign(images: readonly Image[], inputs: FitInputs = {}): Promise<Assignment> {
    return this.assignVectors(await this.vectorsOf(images, inputs), { signal: inputs.signal });
  }

  /** @param vectors images x dimensions, of any length */
  async assignVectors(vectors: Matrix, work: WorkOptions = {}): Promise<Assignment> {
    checkDimensions(vectors, this.fitted.imageVectors.cols);
    return assignImages(this.fitted, checkedVectors(vectors), { ...work, ...(await this.engines()) });
  }

  /**
   * Concepts and pictures that answer a query, or the reason why nothing does.
   *
   * @param query a text in the grammar of `parseQuery` (`+sunset -people 2:boat`), or terms with weights
   * @throws InputError (BAD_OPTION) for a query, filter or option that cannot be used; ModelStateError without an embedder
   */
  async search(
    query: string | SearchQuery,
    options: SearchOptions & WorkOptions = {},
  ): Promise<SearchResult> {
    const terms = await resolveTerms(query, {
      text: (text) => this.textVector(text),
      imageRow: (image) => this.findRow(image),
      ownImage: async (place) => row(this.fitted.imageVectors, place),
      otherImage: (image) => this.strangeImageVector(image),
    });
    return (await this.modelSearch()).search(terms, options);
  }

  /** The concepts closest to a query, best first, however far; all of them where there are fewer than `topN`. */
  async findConcepts(query: string | SearchQuery, topN = 5): Promise<readonly ConceptMatch[]> {
    return (await this.search(query, { topN, minRelevance: 0 })).concepts;
  }

  /** The images closest to a query, best first, however far; all of them where there are fewer than `topN`. */
  async findImages(query: string | SearchQuery, topN = 10): Promise<readonly ImageMatch[]> {
    return (await this.search(query, { topN, minRelevance: 0 })).images;
  }

  /** What the pictures show against what their captions say. @throws ModelStateError without captions or embedder */
  async captionReport(options: CaptionReportOptions & WorkOptions = {}): Promise<CaptionReport> {
    const embedder = await this.requireEmbedder("captions");
    return compareSeenAndSaid(this.fitted, embedder, { ...options, kernels: await this.kernels() });
  }

  /** Sizes of the concepts, largest first; images in no concept are not counted. */
  get frequency(): ConceptFrequency[] {
    return this.fitted.concepts.map(({ id, size }) => ({ concept: id, count: size }));
  }

  /** The words of each concept, best first, with scores, in the order of `fitted.concepts`. */
  get topics(): (readonly ScoredWord[])[] {
    return this.fitted.concepts.map(({ words }) => words);
  }

  /** concepts x dimensions: the mean of each concept's exemplars, in the order of `fitted.concepts`. */
  get clusterEmbeddings(): Matrix {
    return this.fitted.conceptVectors;
  }

  /** The vector of a text: from the embedder, or from the vocabulary where there is none. */
  async textVector(text: string): Promise<Float32Array> {
    return textVector(text, await this.embedder(), this.fitted);
  }

  /** Row of the picture of this path or id, -1 for none. */
  protected findRow(image: string): number {
    return imageRow(this.fitted.images, image);
  }

  /** The vector of a picture that is not in the collection; core knows no files. */
  protected async strangeImageVector(image: string): Promise<Float32Array> {
    throw new InputError("The collection has no such picture", {
      expected: "the path or id of one of its pictures",
      found: JSON.stringify(image.slice(0, 80)),
    });
  }

  private async modelSearch(): Promise<ModelSearch> {
    const model = this.fitted;
    if (this.lastSearch?.model !== model) {
      const search = new ModelSearch(model, await this.kernels(), this.lastSearch?.search);
      this.lastSearch = { model, search };
    }
    return this.lastSearch.search;
  }

  /** What became of this model's concepts in a later one; see `diffModels`. @throws InputError when they cannot be compared */
  diff(later: ConceptModel<never>): ModelDiff {
    return diffModels(this.fitted, later.fitted);
  }

  /** How alike the concepts are that are not hidden: cosines of their vectors, and the tree that average linkage makes of them. */
  conceptSimilarity(): ConceptSimilarity {
    return shownSimilarity(this.fitted);
  }

  /**
   * How the concepts lie over a column of the user's: time, classes or numbers; see `conceptsOver`.
   *
   * @throws InputError when there is no such column, or it cannot be put into these bins
   */
  async conceptsOver(column: string, options: BinOptions = {}): Promise<ConceptsOver> {
    const { columns } = this.fitted.images;
    const found = columns.find(({ name }) => name === column);
    if (found !== undefined) return conceptsOver(this.fitted, columnBins(found, options));
    throw new InputError(`There is no column "${column}"`, {
      expected: columns.map(({ name }) => name).join(", ") || "columns in the model",
      found: JSON.stringify(column),
      hint: "Columns come with concept fit --columns.",
    });
  }

  /** Groups of pictures that are copies of each other, or nearly; see `nearDuplicates`. @throws InputError for a threshold out of range */
  async findDuplicates(options: DuplicateOptions = {}): Promise<DuplicateGroups> {
    checkDuplicateThreshold(options.threshold);
    const { imageVectors } = this.fitted;
    const search = { ...options, kernels: await this.kernels(), k: DUPLICATE_NEIGHBORS };
    return nearDuplicates(imageVectors, await nearestNeighbors(imageVectors, search), {
      threshold: options.threshold,
    });
  }

  /** What people made of the fit, in order. */
  get edits(): readonly Edit[] {
    return editsOf(this.fitted);
  }

  /** Share of the images that are in no concept, 0 to 1. */
  get outlierShare(): number {
    const { images } = this.fitted;
    return images.concepts.length === 0 ? 0 : countOutliers(images) / images.concepts.length;
  }

  /**
   * Changes the concepts: merge, split, rename, pin, hide, move images, recut, reduce outliers. The fit is kept beside the
   * edits, so that `undo` always leads back.
   *
   * @returns the edit that was made, with its outcome
   * @throws InputError when the request does not fit the model, which then stays as it is
   */
  async edit(request: EditRequest, work: WorkOptions = {}): Promise<Edit> {
    const edit = await planEdit(this.fitted, request, { ...work, kernels: await this.kernels() });
    this.fitted = withEdit(this.fitted, edit);
    return edit;
  }

  /** Takes back the last edit. @returns it, or null where there is none */
  undo(): Edit | null {
    const last = this.edits.at(-1) ?? null;
    if (last === null) return null;
    this.state = withoutLastEdits(this.fitted);
    this.undone = [...this.undone, last];
    return last;
  }

  /**
   * Makes the edit again that `undo` took back last. Nothing is left to be made again after another edit, a fit or an update, nor in a
   * model that is loaded: undoing restores the saved bytes, which leave no room for what was undone.
   *
   * @returns it, or null where there is none
   */
  redo(): Edit | null {
    const next = this.undone.at(-1) ?? null;
    if (next === null) return null;
    this.state = withEdit(this.fitted, next);
    this.undone = this.undone.slice(0, -1);
    return next;
  }

  /** What `redo` can make again: the edit that was undone last comes last, and is made again first. */
  get undoneEdits(): readonly Edit[] {
    return this.undone;
  }

  /** Cuts the kept hierarchy anew, to so many concepts, another size or method; an edit like others. */
  async recut(options: RecutOptions, work: WorkOptions = {}): Promise<Edit> {
    return this.edit({ kind: "recut", ...options }, work);
  }

  /**
   * Carries ids, names, pins and edits of an earlier model over to this fit; concepts are matched by the pictures that both have.
   *
   * @returns ids of the earlier concepts that went on, and of those that did not
   * @throws ModelStateError (`BAD_INPUT`) when this model has edits already
   */
  async continueFrom(
    earlier: ConceptModel<never>,
    work: WorkOptions = {},
  ): Promise<Pick<ContinuedModel, "kept" | "ended">> {
    if (this.edits.length > 0)
      throw new ModelStateError("BAD_INPUT", "Only a fresh fit can continue another");
    const context = { ...work, kernels: await this.kernels() };
    const { model, kept, ended } = await continueModel(earlier.fitted, this.fitted, context);
    this.fitted = model;
    return { kept, ended };
  }

  /**
   * Finds the concepts of the collection anew, as it is now, and carries ids, names and edits over (`continueFrom`): after updates
   * have brought what fits no concept. Parameters, words and seeds are those of the fit; nothing is embedded.
   *
   * @throws InputError (`BAD_OPTION`) where the model was fitted with stages of the caller's own and this one does not have them
   */
  async refit(
    work: Pick<FitInputs, "signal" | "onProgress"> = {},
  ): Promise<Pick<ContinuedModel, "kept" | "ended">> {
    const earlier = this.fitted;
    const stages = stagesOfFit(baseOf(earlier), this.options, baseOf(earlier).parameters.minConceptSize);
    const engines = await this.engines();
    const fresh = await refitModel(earlier, stages, { ...engines, ...work });
    const context = { kernels: engines.kernels, signal: work.signal };
    const { model, kept, ended } = await continueModel(earlier, fresh, context);
    this.fitted = model;
    return { kept, ended };
  }

  /** Makes one concept of several, under the id of the first; an edit like others. */
  async mergeConcepts(concepts: readonly number[]): Promise<Edit> {
    return this.edit({ kind: "merge", concepts });
  }

  /** Concepts of concepts, cut from the kept tree at several levels. @throws InputError for levels out of range */
  async hierarchy(options: HierarchyOptions = {}): Promise<ConceptHierarchy> {
    return conceptHierarchy(this.fitted, { ...options, kernels: await this.kernels() });
  }

  /** Gives images in no concept to the concepts they are near; an edit like others. */
  async reduceOutliers(options: OutlierOptions, work: WorkOptions = {}): Promise<Edit> {
    return this.edit({ kind: "outliers", ...options }, work);
  }

  /** How much each image belongs to each concept: its strongest concepts, five at most. */
  async memberships(options: MembershipOptions = {}): Promise<Memberships> {
    return membershipsOf(this.fitted, options);
  }

  /**
   * Fits parts of the collection anew and tells how well each concept of the fit is found again; kept in the model. See
   * `conceptStability`. Where the model was fitted with stages of the caller's own, this one needs them too.
   *
   * @throws InputError for options out of range, and for a model of other stages
   */
  async measureStability(options: StabilityOptions = {}): Promise<Stability> {
    const base = this.fitted.shaping?.base ?? this.fitted;
    const { share } = stabilityOptions(options);
    const { minConceptSize } = base.parameters;
    const stages = defaultStages(Math.max(2, Math.round(share * minConceptSize)));
    const { reducer = stages.reducer, clusterer = stages.clusterer } = this.options;
    for (const [fitted, stage] of [
      [base.reducer.kind, reducer],
      [base.clusterer.kind, clusterer],
    ] as const) {
      if (fitted.replace(/^collapsed-/, "") === stage.kind) continue;
      const details = { expected: fitted, found: stage.kind, hint: "Give the stages of the fit as options." };
      throw new InputError("The model was fitted with another stage", details, "BAD_OPTION");
    }
    const stability = await conceptStability(base, { reducer, clusterer }, await this.engines(), options);
    this.state = withStability(this.fitted, stability);
    return stability;
  }

  protected async kernels(): Promise<DenseKernels> {
    return this.options.kernels ?? referenceKernels;
  }

  protected layoutOptimizer(): LayoutOptimizer {
    return this.options.optimizer ?? wasmLayoutOptimizer;
  }

  /** What the heavy steps run on. */
  protected async engines(): Promise<{ kernels: DenseKernels; optimizer: LayoutOptimizer }> {
    return { kernels: await this.kernels(), optimizer: this.layoutOptimizer() };
  }

  /** Everything after embedding. @param vectors images x dimensions, of any length */
  protected async fitVectors(
    images: ImageList,
    vectors: Matrix,
    inputs: FitInputs,
    embedder: EmbedderReference | null,
  ): Promise<void> {
    if (vectors.rows === 0) {
      throw new InputError("There are no images to fit", { expected: "at least one image", found: "none" });
    }
    if (images.paths.length !== vectors.rows) {
      throw new InputError("Names and images differ in number", {
        expected: `${vectors.rows} names`,
        found: `${images.paths.length}`,
      });
    }
    const described = describedImages(images, inputs);
    const minConceptSize = this.options.minConceptSize ?? defaultMinConceptSize(vectors.rows);
    const stages = defaultStages(minConceptSize);
    const vocabulary = await this.vocabularyOf(inputs, vectors.cols);
    const imageVectors = checkedVectors(vectors);
    const collapse = this.options.collapseDuplicates ?? false;
    const seeds = inputs.seeds ?? [];
    const { reducer = stages.reducer, clusterer = stages.clusterer } = this.options;
    const seeded = seeds.length === 0 ? null : await this.seedSpace(seeds, imageVectors, vocabulary, inputs);
    const fitted = await fitConcepts(
      { images: described, imageVectors, vocabulary, embedder },
      {
        minConceptSize,
        diversity: this.options.diversity ?? DEFAULTS.diversity,
        wordScoring: this.options.wordScoring ?? (this.options.ctfidf ? "ctfidf" : "contrastive"),
        wordDiversity: this.options.wordDiversity ?? DEFAULTS.wordDiversity,
        ...keptUnwanted(this.options),
        seed: this.options.seed ?? DEFAULTS.seed,
        collapseDuplicates:
          collapse === true ? duplicateThreshold(imageVectors) : collapse === false ? undefined : collapse,
      },
      {
        reducer: seeded === null ? reducer : new SeededReducer(reducer, seeded),
        mapReducer: this.options.mapReducer ?? stages.mapReducer,
        clusterer: seeded === null ? clusterer : new SeededClusterer(clusterer),
      },
      { ...(await this.engines()), signal: inputs.signal, onProgress: inputs.onProgress },
    );
    this.fitted =
      seeded === null
        ? fitted
        : nameSeededConcepts(
            fitted,
            seeds.map(({ name }) => name),
          );
  }

  private async seedSpace(
    seeds: readonly Seed[],
    imageVectors: Matrix,
    vocabulary: Vocabulary | null,
    { signal }: FitInputs,
  ): Promise<SeedSpace> {
    checkSeeds(seeds);
    const texts = seeds.flatMap(seedTexts);
    const embedder = texts.length === 0 ? null : await this.requireEmbedder("the names of concepts");
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

  /** The embedding model, if there is one. The Node class loads it here, at first need. */
  protected async embedder(): Promise<Embedder<Image> | undefined> {
    return this.options.embeddingModel;
  }

  private async vectorsOf(images: readonly Image[], inputs: FitInputs): Promise<Matrix> {
    if (inputs.imageEmbeddings !== undefined) return inputs.imageEmbeddings;
    const embedder = await this.requireEmbedder("images");
    return embedder.embedImages(images, {
      signal: inputs.signal,
      onProgress: (fraction) => inputs.onProgress?.("embed images", fraction),
    });
  }

  private async requireEmbedder(what: string): Promise<Embedder<Image>> {
    const embedder = await this.embedder();
    if (embedder === undefined) {
      throw new ModelStateError("NO_EMBEDDER", `There is no embedding model to embed ${what} with`, {
        hint: "Pass the option embeddingModel, or give vectors.",
      });
    }
    return embedder;
  }

  /** Knows the forms of English words. */
  protected async lemmatizer(): Promise<Lemmatizer> {
    return this.options.lemmatizer ?? lemmasByRule;
  }

  private async vocabularyOf(inputs: FitInputs, dimensions: number): Promise<Vocabulary | null> {
    const { docs, docEmbeddings } = inputs;
    if (docs === undefined || docs.length === 0) return null;
    const { stopWords = [], wordLanguage, vectorizer = new CountVectorizer({ stopWords }) } = this.options;
    const english = wordLanguage === "none" ? lemmasByRule : await this.lemmatizer();
    const lemmatizer = lemmatizerOf(wordLanguage, english);
    if (docEmbeddings !== undefined) {
      const given = givenVocabulary(docs, docEmbeddings, dimensions);
      return withLemmas(wantedVocabulary(given, this.options, english), lemmatizer);
    }
    const words = wantedWords(vectorizer.vocabulary(docs), this.options, english);
    if (words.length === 0) return null;
    const embedder = await this.requireEmbedder("words");
    const vectors = await embedder.embedTexts(words, {
      signal: inputs.signal,
      onProgress: (fraction) => inputs.onProgress?.("embed words", fraction),
    });
    assertSharedSpace(vectors, dimensions);
    return withLemmas({ words, vectors }, lemmatizer);
  }
}
