import type { Assignment } from "../core/assign.ts";
import type {
  FitInputs as CoreFitInputs,
  ConceptModelOptions as CoreOptions,
} from "../core/concept-model-options.ts";
import type { Lemmatizer } from "../core/concepts/lemmatizer.ts";
import { knownStages } from "../core/defaults.ts";
import { baseOf, editsOf } from "../core/edits/plan-edit.ts";
import { namedImages } from "../core/fit-inputs.ts";
import type { DenseKernels } from "../core/math/kernels.ts";
import type { ImageList } from "../core/pipeline.ts";
import type { ImageMatch } from "../core/search/search.ts";
import type { Embedder, WorkOptions } from "../core/stages.ts";
import type { LayoutOptimizer } from "../core/umap/layout-task.ts";
import { DEFAULT_MODEL } from "../embed/presets.ts";
import { checkComparable, embedderOptions, imageVector, withoutEmbedder } from "./comparable-embedder.ts";
import {
  type EmbedderOptions,
  type EmbeddingPlacement,
  type FileEmbedder,
  openFileEmbedder,
} from "./file-embedder.ts";
import { checkSharedSpace, nothingReadable, rowsKnown, rowsUnknown, someUnusable } from "./fit-faults.ts";
import type { EmbeddingForecast } from "./images/embedding-forecast.ts";
import { fileRow } from "./images/file-row.ts";
import type { SkippedFile } from "./images/image-file.ts";
import { spread } from "./images/spread.ts";
import {
  type Collection,
  type CollectionOptions,
  findCollection,
  pathsBelowShared,
} from "./inputs/collection.ts";
import { inputMetadata, joinMetadata } from "./inputs/input-metadata.ts";
import { type InputSurvey, surveyInputs } from "./inputs/survey.ts";
import { threadedLayoutOptimizer } from "./layout-threads.ts";
import { type MetadataOptions, type MetadataReport, MetadataSources } from "./metadata/metadata-sources.ts";
import { nodeKernels } from "./onnx-kernels.ts";
import { SavedConceptModel } from "./saved-concept-model.ts";
import type { LoadedModel } from "./saved-model/decode-model.ts";
import { loadSavedModel, reloadSavedModel } from "./saved-model/load-model.ts";
import { embedSeeds, type FileSeed } from "./seed-files.ts";
import { type UpdateOptions, type UpdateReport, updateCollection } from "./update/update-collection.ts";
import { wordnetLemmatizer } from "./wordnet-lemmas.ts";
import { wordnetNouns } from "./wordnet-nouns.ts";

export interface ConceptModelOptions extends Omit<CoreOptions<string>, "embeddingModel">, EmbedderOptions {
  /**
   * A preset (`"clip-vit-b-32"`, the default; `"mini"`, the bundled demo model; ...), a Hugging Face repository, a
   * local folder, or an embedder of your own that takes file paths.
   */
  readonly embeddingModel?: string | Embedder<string> | undefined;
}

/** Pictures of a preview. */
const PREVIEW_PICTURES = 1000;

export interface FitInputs extends CoreFitInputs {
  /** Concepts known already, by names, texts, or example pictures. */
  readonly seeds?: readonly FileSeed[] | undefined;
  /** Default: the 10,000 commonest single-word nouns of WordNet; `[]` for no words. Vectors given without a model get none. */
  readonly docs?: readonly string[] | undefined;
  /** What of the folders, archives and tables given is taken, and how they are read. */
  readonly inputs?: CollectionOptions | undefined;
  /** Any picture that cannot be used ends the fit; default false: they are listed in `skipped`. */
  readonly strict?: boolean | undefined;
  /**
   * Called with this model fitted to 1,000 pictures at equal distances in the collection, before all are embedded, where it has
   * at least twice as many.
   */
  readonly onPreview?: ((model: ConceptModel) => Promise<void>) | undefined;
  /** What the run will need, told once after its first seconds. */
  readonly onForecast?: ((forecast: EmbeddingForecast) => void) | undefined;
  /**
   * Where captions and columns come from, for pictures in files; by row they are `captions` and `columns`. Default: columns of what
   * the pictures say of themselves (EXIF, IPTC, XMP); `{ columns: [] }` for nothing.
   */
  readonly metadata?: MetadataOptions | undefined;
}

/**
 * Concept modelling for folders of pictures.
 *
 * Pictures that cannot be read never end a run: they are listed in `skipped`. Embeddings are cached on disk
 * as they are made, so that a stopped run goes on where it was.
 *
 * @example
 * const model = new ConceptModel({ embeddingModel: "mini" });
 * await model.fit("./photos");
 * console.log(model.frequency, await model.findConcepts("beach"));
 * await model.save("photos.concept");
 */
export class ConceptModel extends SavedConceptModel {
  /** What the last `fit` or `assign` could not read, and why. */
  skipped: readonly SkippedFile[] = [];
  /** Files the last `fit` or `assign` left out on purpose, counted by extension: no pictures, or hidden. */
  ignored: Readonly<Record<string, number>> = {};
  /** Pictures the last `fit` embedded anew, and those it found in the cache. */
  embedded: { readonly anew: number; readonly cached: number } = { anew: 0, cached: 0 };
  /** What embedded the pictures of the last fit, and where; null where they were given as vectors. */
  placement: EmbeddingPlacement | null = null;
  /** What came of the `metadata` of the last `fit`; null where none was asked for or found. */
  metadata: MetadataReport | null = null;
  private nodeOptions: ConceptModelOptions;
  private defaultKernels: Promise<DenseKernels> | null = null;
  private fileEmbedder: Promise<FileEmbedder> | null = null;

  constructor(options: ConceptModelOptions = {}) {
    const { embeddingModel, ...rest } = options;
    super({ ...rest, embeddingModel: typeof embeddingModel === "string" ? undefined : embeddingModel });
    this.nodeOptions = options;
  }

  /**
   * Loads what `save` wrote. The embedding model is loaded when first needed.
   *
   * @param options override how the embedding model is found, e.g. on another machine
   * @throws FormatError when the folder is missing, half-written or not a saved model
   */
  static async load(folder: string, options: ConceptModelOptions = {}): Promise<ConceptModel> {
    return ConceptModel.ofSaved(folder, await loadSavedModel(folder, knownStages()), options);
  }

  /** @internal The model of a folder that has been read. */
  static ofSaved(folder: string, loaded: LoadedModel, options: ConceptModelOptions = {}): ConceptModel {
    const { model: fitted, checksum, tornEdit } = loaded;
    const { wordDiversity = 0, ...parameters } = fitted.parameters;
    const model = new ConceptModel({
      ...parameters,
      wordDiversity,
      ...(fitted.embedder === null ? {} : embedderOptions(fitted.embedder)),
      ...options,
    });
    model.fitted = fitted;
    model.place = { folder, checksum, base: baseOf(fitted), edits: editsOf(fitted), tornEdit };
    return model;
  }

  /**
   * Takes over what others have made of the saved model since it was loaded or saved; edits that were not saved are lost. Where only
   * edits were made, only they are read. The embedding model stays loaded unless the model was fitted anew with another.
   *
   * @throws FormatError as `load`; ModelStateError (`NOT_SAVED`) as `saveEdits`
   */
  async reload(): Promise<void> {
    const { folder, base, checksum } = this.ownPlace();
    const embedderBefore = this.fitted.embedder?.id;
    const loaded = await reloadSavedModel(folder, knownStages(), { base, checksum });
    const { model } = loaded;
    if (model.embedder !== null && model.embedder.id !== embedderBefore) {
      await this.close();
      this.nodeOptions = { ...this.nodeOptions, ...embedderOptions(model.embedder) };
    }
    this.fitted = model;
    this.place = {
      folder,
      checksum: loaded.checksum,
      base: baseOf(model),
      edits: editsOf(model),
      tornEdit: loaded.tornEdit,
    };
  }

  /**
   * @param images a folder, or folders, pictures, patterns, archives, tables, addresses (`docs/inputs.md`); with `imageEmbeddings` the files of the
   * vectors, in their order, or `[]`
   */
  override async fit(images: string | readonly string[], inputs: FitInputs = {}): Promise<this> {
    if (inputs.imageEmbeddings !== undefined || this.options.embeddingModel !== undefined) {
      return this.fitGiven(typeof images === "string" ? [images] : images, inputs);
    }
    if (inputs.captions !== undefined || inputs.columns !== undefined) throw rowsUnknown();
    const collection = await findCollection(images, { ...inputs.inputs, signal: inputs.signal });
    if (collection.images.length === 0) throw nothingReadable("There are no pictures to fit", collection);
    const embedder = await this.files(downloadWork(inputs));
    if (inputs.onPreview !== undefined && collection.images.length >= 2 * PREVIEW_PICTURES) {
      const some = { ...collection, images: spread(collection.images, PREVIEW_PICTURES) };
      await this.fitFiles(some, embedder, { ...inputs, strict: false });
      await inputs.onPreview(this);
    }
    await this.fitFiles(collection, embedder, inputs);
    return this;
  }

  private async fitFiles(collection: Collection, embedder: FileEmbedder, inputs: FitInputs): Promise<void> {
    const metadata = await MetadataSources.open(inputs.metadata ?? {});
    const result = await embedder.embedFiles(collection.images, {
      onRead: metadata.inspector((picture) => embedder.describe(picture, inputs.signal)),
      reading: inputs.inputs,
      signal: inputs.signal,
      onForecast: inputs.onForecast,
      onProgress: (fraction) => inputs.onProgress?.("embed images", fraction),
    });
    this.placement = embedder.placement;
    this.skipped = [...collection.skipped, ...result.skipped];
    this.ignored = collection.ignored;
    this.embedded = { anew: result.embedded, cached: result.cached };
    if (inputs.strict === true && this.skipped.length > 0) throw someUnusable(this.skipped);
    if (result.paths.length === 0) throw nothingReadable("There are no pictures to fit", this);
    const docs = inputs.docs ?? (await wordnetNouns());
    const list = { ids: result.ids, paths: result.paths, root: collection.root, bytes: result.bytes };
    const described = await this.describe(list, metadata, inputMetadata(collection, result.paths));
    // Nobody asked, and nothing was found.
    if (inputs.metadata === undefined && this.metadata?.columns.length === 0) this.metadata = null;
    const seeds = await embedSeeds(inputs.seeds ?? [], embedder, { signal: inputs.signal });
    await this.fitVectors(described, result.vectors, { ...inputs, docs, seeds }, embedder.reference);
  }

  /** Tells what a fit would read, embed and skip; decodes and embeds nothing. */
  async survey(
    images: string | readonly string[],
    work: WorkOptions & Pick<FitInputs, "inputs"> = {},
  ): Promise<InputSurvey> {
    const { inputs, ...rest } = work;
    const embedder = await this.files({ signal: work.signal });
    const collection = await findCollection(images, { ...inputs, signal: work.signal });
    return surveyInputs(collection, (id) => embedder.isCached(id), { ...inputs, ...rest });
  }

  /** The concept of each picture of `fitted.images`, in that order; unreadable pictures are in `skipped`. */
  override async fitTransform(
    images: string | readonly string[],
    inputs: FitInputs = {},
  ): Promise<Int32Array> {
    await this.fit(images, inputs);
    return this.fitted.images.concepts;
  }

  /** Finds the concepts of new pictures. Row `i` of the answer belongs to `paths[i]`. */
  async assignFiles(
    images: string | readonly string[],
    work: WorkOptions & { readonly inputs?: CollectionOptions | undefined } = {},
  ): Promise<Assignment & { readonly paths: readonly string[]; readonly root: string }> {
    const collection = await findCollection(images, { ...work.inputs, signal: work.signal });
    if (collection.images.length === 0) throw nothingReadable("There are no pictures to assign", collection);
    const embedder = await this.comparableFiles(work);
    const result = await embedder.embedFiles(collection.images, { ...work, reading: work.inputs });
    this.skipped = [...collection.skipped, ...result.skipped];
    this.ignored = collection.ignored;
    if (result.paths.length === 0) throw nothingReadable("There are no pictures to assign", this);
    return {
      ...(await this.assignVectors(result.vectors, work)),
      paths: result.paths,
      root: collection.root,
    };
  }

  /**
   * Brings the model up to date with its folder: what is new or changed is embedded and assigned, what has gone leaves, edits
   * stay; see `updateCollection`. Nothing is fitted: `growth.refit` of the answer tells when that is due.
   *
   * @throws InputError when the folder is not the model's
   */
  async update(folder: string, options: UpdateOptions & WorkOptions = {}): Promise<UpdateReport> {
    const embedder = await this.comparableFiles(options);
    const context = { signal: options.signal, onProgress: options.onProgress, ...(await this.engines()) };
    const updated = await updateCollection(this.fitted, folder, embedder, options, context);
    this.skipped = updated.skipped;
    this.ignored = updated.ignored;
    this.metadata = updated.report.metadata;
    this.fitted = updated.model;
    return updated.report;
  }

  /**
   * The pictures most like a picture, best first, itself left out.
   *
   * @param image the path or id of one of the collection, which needs no embedder, or any other picture's file
   * @throws InputError when it cannot be read
   */
  async findSimilar(image: string, topN = 10): Promise<readonly ImageMatch[]> {
    return this.findImages([{ image }], topN);
  }

  /** The vector of one picture. @throws InputError when it cannot be read */
  async imageVector(image: string): Promise<Float32Array> {
    const embedder = this.options.embeddingModel ?? (await this.comparableFiles({}));
    return imageVector(embedder, image, this.fitted.imageVectors.cols);
  }

  /** Closes the cache and frees the embedding model. */
  async close(): Promise<void> {
    const embedder = await this.fileEmbedder?.catch(() => null);
    this.fileEmbedder = null;
    await embedder?.close();
  }

  /** As `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** By the path in the model, the id, or where its file is. */
  protected override findRow(image: string): number {
    return fileRow(this.fitted.images, image);
  }

  protected override async strangeImageVector(image: string): Promise<Float32Array> {
    return this.imageVector(image);
  }

  protected override get cacheFolder(): string | undefined {
    return this.nodeOptions.cache;
  }

  protected override async kernels(): Promise<DenseKernels> {
    if (this.options.kernels !== undefined) return this.options.kernels;
    this.defaultKernels ??= nodeKernels();
    return this.defaultKernels;
  }

  protected override async lemmatizer(): Promise<Lemmatizer> {
    return this.options.lemmatizer ?? wordnetLemmatizer();
  }

  protected override layoutOptimizer(): LayoutOptimizer {
    return this.options.optimizer ?? threadedLayoutOptimizer();
  }

  protected override async embedder(): Promise<Embedder<string> | undefined> {
    if (this.options.embeddingModel !== undefined) return this.options.embeddingModel;
    if (this.nodeOptions.embeddingModel === undefined && this.isFromVectors) return undefined;
    return this.isFitted ? this.comparableFiles({}) : this.files({});
  }

  /** Whether the fitted collection came as vectors without a model. */
  private get isFromVectors(): boolean {
    return this.isFitted && this.fitted.embedder === null;
  }

  /** Fits vectors, or images embedded by the caller's own embedder. */
  private async fitGiven(images: readonly string[], inputs: FitInputs): Promise<this> {
    const vectors = inputs.imageEmbeddings;
    if (vectors === undefined) {
      if (inputs.metadata !== undefined) throw rowsKnown();
      return super.fit(images, inputs);
    }
    const files = images.length > 0 ? pathsBelowShared(images) : { root: null, paths: undefined };
    const metadata = await openMetadata(inputs);
    const named = namedImages(vectors.rows, files.paths ?? inputs.imageNames, files.root);
    const list = await this.describe(named, metadata);
    const hasModel = typeof this.nodeOptions.embeddingModel === "string";
    const embedder = hasModel ? await this.files(downloadWork(inputs)) : undefined;
    checkSharedSpace(vectors, embedder);
    const docs = inputs.docs ?? (embedder === undefined ? [] : await wordnetNouns());
    const seeds = embedder === undefined ? inputs.seeds : await embedSeeds(inputs.seeds ?? [], embedder, {});
    await this.fitVectors(list, vectors, { ...inputs, docs, seeds }, embedder?.reference ?? null);
    return this;
  }

  /** @param own what archives and tables said of their pictures */
  private async describe(
    images: ImageList,
    metadata: MetadataSources | null,
    own: ReturnType<typeof inputMetadata> = null,
  ): Promise<ImageList> {
    this.metadata = null;
    if (metadata === null) return { ...images, ...own };
    const { columns, captions, report } = await metadata.gather(images);
    this.metadata = report;
    return { ...images, ...joinMetadata(own, { columns, captions }) };
  }

  private async files(work: WorkOptions): Promise<FileEmbedder> {
    // One for all who ask while it is loaded.
    this.fileEmbedder ??= openFileEmbedder(
      (this.nodeOptions.embeddingModel as string | undefined) ?? DEFAULT_MODEL,
      { ...this.nodeOptions, ...work },
    ).catch((error: unknown) => {
      this.fileEmbedder = null;
      throw error;
    });
    return this.fileEmbedder;
  }

  /** The embedder, after making sure that it made the fitted vectors too: others must not be compared with them. */
  private async comparableFiles(work: WorkOptions): Promise<FileEmbedder> {
    const fitted = this.fitted.embedder;
    if (fitted === null && this.nodeOptions.embeddingModel === undefined) throw withoutEmbedder();
    const embedder = await this.files(work);
    checkComparable(embedder, fitted);
    return embedder;
  }
}

function downloadWork({ signal, onProgress }: FitInputs): WorkOptions {
  return { signal, onProgress: (fraction) => onProgress?.("download", fraction) };
}

async function openMetadata({ metadata }: FitInputs): Promise<MetadataSources | null> {
  return metadata === undefined ? null : MetadataSources.open(metadata);
}
