import { type Assignment, assignImages } from "./assign.ts";
import type { CaptionReport, CaptionReportOptions } from "./captions/caption-report.ts";
import { compareSeenAndSaid } from "./captions/seen-and-said.ts";
import { type BinOptions, columnBins } from "./compare/column-bins.ts";
import { type ConceptSimilarity, shownSimilarity } from "./compare/concept-similarity.ts";
import { type ConceptsOver, conceptsOver } from "./compare/concepts-over.ts";
import { diffModels, type ModelDiff } from "./compare/model-diff.ts";
import {
  checkDuplicateThreshold,
  type DuplicateGroups,
  type DuplicateOptions,
  nearDuplicates,
} from "./compare/near-duplicates.ts";
import {
  conceptStability,
  type Stability,
  type StabilityOptions,
  stabilityOptions,
} from "./compare/stability.ts";
import type { FitInputs } from "./concept-model-options.ts";
import { type Lemmatizer, lemmasByRule } from "./concepts/lemmatizer.ts";
import { baseOf } from "./edits/plan-edit.ts";
import { InputError, ModelStateError } from "./errors.ts";
import { fitCollection } from "./fit-collection.ts";
import { checkedVectors, namedImages } from "./fit-inputs.ts";
import { type Matrix, row } from "./math/matrix.ts";
import type { EmbedderReference, FittedModel, ScoredWord } from "./model.ts";
import { nearestNeighbors } from "./neighbors/nearest-neighbors.ts";
import type { ImageList } from "./pipeline.ts";
import { fitSample } from "./sample/fit-sample.ts";
import { sampleSize } from "./sample/sample-rows.ts";
import type { SearchQuery } from "./search/query.ts";
import { checkDimensions, imageRow, resolveTerms, textVector } from "./search/resolve-terms.ts";
import {
  type ConceptMatch,
  type ImageMatch,
  ModelSearch,
  type SearchOptions,
  type SearchResult,
} from "./search/search.ts";
import { ShapeableModel } from "./shapeable-model.ts";
import type { Embedder, WorkOptions } from "./stages.ts";
import { stagesOfPart } from "./stages-of-fit.ts";

export interface ConceptFrequency {
  readonly concept: number;
  readonly count: number;
}

/** As many as a fit looks at. */
const DUPLICATE_NEIGHBORS = 20;

/**
 * Concept modelling with the words of the original article (Grootendorst, Concept 0.2.1, 2021): `fit` a
 * collection, then ask for its concepts, search them, and find the concepts of new images.
 *
 * Core knows no files: images are whatever the embedder takes, or vectors. `conceptmodel/node` has the
 * class for folders of pictures.
 */
export class ConceptModel<Image = unknown> extends ShapeableModel<Image> {
  private lastSearch: { readonly model: FittedModel; readonly search: ModelSearch } | null = null;

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

  /**
   * Fits parts of the collection anew and tells how well each concept of the fit is found again; kept in the model. See
   * `conceptStability`. Where the model was fitted with stages of the caller's own, this one needs them too.
   *
   * @throws InputError for options out of range, and for a model of other stages
   */
  async measureStability(options: StabilityOptions = {}): Promise<Stability> {
    const base = baseOf(this.fitted);
    const { share } = stabilityOptions(options);
    const smallest = Math.max(2, Math.round(share * base.parameters.minConceptSize));
    const stages = stagesOfPart(base, this.options, smallest);
    const stability = await conceptStability(base, stages, await this.engines(), options);
    this.addStability(stability);
    return stability;
  }

  /** Everything after embedding. @param vectors images x dimensions, of any length */
  protected async fitVectors(
    images: ImageList,
    vectors: Matrix,
    inputs: FitInputs,
    embedder: EmbedderReference | null,
  ): Promise<void> {
    const services = {
      ...(await this.engines()),
      requireEmbedder: (what: string) => this.requireEmbedder(what),
      lemmatizer: () => this.lemmatizer(),
    };
    const collection = { images, vectors, inputs, embedder };
    const size = sampleSize(inputs.sample, vectors.rows);
    this.fitted =
      size === null
        ? await fitCollection(collection, this.options, services)
        : await fitSample(collection, size, this.options, services);
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
}
