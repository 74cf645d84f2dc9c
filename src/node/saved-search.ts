import { knownStages } from "../core/defaults.ts";
import type { DenseKernels } from "../core/math/kernels.ts";
import type { Concept, ImageTable } from "../core/model.ts";
import type { SearchQuery } from "../core/search/query.ts";
import { resolveTerms, textVector } from "../core/search/resolve-terms.ts";
import { ModelSearch, type SearchOptions, type SearchResult } from "../core/search/search.ts";
import type { Embedder, WorkOptions } from "../core/stages.ts";
import { checkComparable, embedderOptions, imageVector, withoutEmbedder } from "./comparable-embedder.ts";
import { type EmbedderOptions, type FileEmbedder, openFileEmbedder } from "./file-embedder.ts";
import { fileRow } from "./images/file-row.ts";
import { nodeKernels } from "./onnx-kernels.ts";
import { type OpenedModel, openModel } from "./saved-model/open-model.ts";

export interface SavedSearchOptions extends EmbedderOptions {
  /** Overrides how the embedding model of the fit is found, or names that of a model made from vectors. */
  readonly embeddingModel?: string | Embedder<string> | undefined;
  /** Default ONNX Runtime's, where it loads. */
  readonly kernels?: DenseKernels | undefined;
}

/**
 * Searches a saved model whose vectors stay on disk: the answers of `ConceptModel.search`, in memory that hardly grows with the
 * number of dimensions or pictures. A model that was edited is the exception: it is held whole, as edits need it.
 *
 * @example
 * const photos = await SavedSearch.open("photos.concept");
 * console.log(await photos.search("+sunset -people"));
 * await photos.close();
 */
export class SavedSearch {
  private readonly model: OpenedModel;
  private readonly options: SavedSearchOptions;
  private readonly engine: ModelSearch;
  private embedder: Promise<FileEmbedder> | null = null;

  private constructor(model: OpenedModel, options: SavedSearchOptions, kernels: DenseKernels) {
    this.model = model;
    this.options = options;
    this.engine = new ModelSearch(model, kernels);
  }

  /**
   * Checks the model, reading its vectors once, and opens it. The embedding model is loaded when first needed.
   *
   * @throws FormatError (BAD_MODEL) when the folder is missing, half-written or not a saved model
   */
  static async open(folder: string, options: SavedSearchOptions & WorkOptions = {}): Promise<SavedSearch> {
    const { signal, onProgress, ...own } = options;
    const kernels = own.kernels ?? (await nodeKernels());
    const model = await openModel(folder, knownStages(), { signal, onProgress });
    const saved = model.embedder === null ? {} : embedderOptions(model.embedder);
    const embeddingModel = own.embeddingModel ?? model.embedder?.model;
    return new SavedSearch(model, { ...saved, ...own, embeddingModel }, kernels);
  }

  get images(): ImageTable {
    return this.model.images;
  }

  /** Largest first. */
  get concepts(): readonly Concept[] {
    return this.model.concepts;
  }

  /**
   * As `ConceptModel.search`.
   *
   * @throws FormatError (BAD_MODEL) also when the file of the vectors was written to, cut short or closed
   */
  async search(
    query: string | SearchQuery,
    options: SearchOptions & WorkOptions = {},
  ): Promise<SearchResult> {
    const { model } = this;
    const terms = await resolveTerms(query, {
      text: async (text) => textVector(text, await this.queryEmbedder(), model),
      imageRow: (image) => fileRow(model.images, image),
      ownImage: async (place) => (await model.imageVectors.takeRows([place])).data,
      otherImage: (image) => this.otherImage(image),
    });
    return this.engine.search(terms, options);
  }

  /** Closes the file of the vectors and frees the embedding model. */
  async close(): Promise<void> {
    const embedder = await this.embedder?.catch(() => null);
    this.embedder = null;
    await embedder?.close();
    await this.model.close();
  }

  /** As `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async otherImage(image: string): Promise<Float32Array> {
    const embedder = await this.queryEmbedder();
    if (embedder === undefined) throw withoutEmbedder();
    return imageVector(embedder, image, this.model.imageVectors.cols);
  }

  private async queryEmbedder(): Promise<Embedder<string> | undefined> {
    const { embeddingModel } = this.options;
    if (typeof embeddingModel !== "string") return embeddingModel;
    this.embedder ??= this.loadEmbedder(embeddingModel).catch((error: unknown) => {
      this.embedder = null;
      throw error;
    });
    return this.embedder;
  }

  private async loadEmbedder(name: string): Promise<FileEmbedder> {
    const embedder = await openFileEmbedder(name, this.options);
    checkComparable(embedder, this.model.embedder);
    return embedder;
  }
}
