import { stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/math/matrix.ts";
import { takeRows } from "../core/math/matrix.ts";
import type { EmbedderReference, FittedModel } from "../core/model.ts";
import type { Embedder, WorkOptions } from "../core/stages.ts";
import type { ClipEmbedder } from "../embed/clip-embedder.ts";
import type { ModelDevice } from "../embed/dual-encoder.ts";
import type { ModelDtype } from "../embed/model-files.ts";
import { findPreset } from "../embed/presets.ts";
import { checkTemplate, fillTemplate } from "../embed/text-batches.ts";
import { imageKey } from "./cache/cache-key.ts";
import { defaultCacheRoot } from "./cache/cache-root.ts";
import { EmbeddingCache } from "./cache/embedding-cache.ts";
import { DecoderPool } from "./decoder/decoder-pool.ts";
import { ArrangedEmbedder } from "./encoder/arranged-embedder.ts";
import { type Arrangement, EncoderPool } from "./encoder/encoder-pool.ts";
import { type EmbeddedImages, type EmbedImagesOptions, embedImages } from "./images/embed-images.ts";
import { embedTexts } from "./images/embed-texts.ts";
import { type EmbeddingForecast, ForecastOnce } from "./images/embedding-forecast.ts";
import type { ImageFile } from "./images/image-file.ts";
import { SharpDecoder } from "./images/sharp-decoder.ts";
import { findCollection } from "./inputs/collection.ts";
import { loadEmbedder } from "./load-embedder.ts";
import type { PictureMetadata } from "./metadata/picture-metadata.ts";
import { KnownVectors } from "./update/known-vectors.ts";

/** How an embedding model is found and run. */
export interface EmbedderOptions {
  /** Precision of the weights; default `"fp32"`. */
  readonly dtype?: ModelDtype | undefined;
  /** `"cpu"`, `"cuda"`, `"webgpu"` ...; default `"cpu"`. */
  readonly device?: ModelDevice | undefined;
  /** Branch, tag or commit of a hub repository; default `"main"`. */
  readonly revision?: string | undefined;
  /** How words are put to the model, with `{}` for the word; default `"{}"`. */
  readonly promptTemplate?: string | undefined;
  /** Folder of the embedding cache; default the user's cache folder. */
  readonly cache?: string | undefined;
}

/** Where pictures are embedded, and how. */
export interface EmbeddingPlacement {
  readonly device: ModelDevice;
  readonly dtype: string;
  /** Image towers side by side, threads of each, and pictures run together, where a long run had that measured. */
  readonly sessions?: number;
  readonly threads?: number;
  readonly batch?: number;
}

interface FileEmbedderParts {
  readonly model: ClipEmbedder<Uint8Array>;
  readonly pool: EncoderPool;
  readonly store: EmbeddingCache;
  /** Folder of everything that is cached. */
  readonly root: string;
  readonly reference: EmbedderReference;
}

/** An embedding model with its cache on disk: nothing is embedded twice, whatever ends a run. */
export class FileEmbedder implements Embedder<string> {
  readonly reference: EmbedderReference;
  private readonly model: ClipEmbedder<Uint8Array>;
  private readonly store: EmbeddingCache;
  private readonly pool: EncoderPool;
  private readonly root: string;
  private readonly decoder = new DecoderPool();
  private arrangement: Arrangement | undefined;

  constructor(parts: FileEmbedderParts) {
    this.model = parts.model;
    this.pool = parts.pool;
    this.store = parts.store;
    this.root = parts.root;
    this.reference = parts.reference;
  }

  /** What ran where in the last `embedFiles`. */
  get placement(): EmbeddingPlacement {
    return { device: this.pool.device, dtype: this.reference.dtype, ...this.arrangement };
  }

  get id(): string {
    return this.model.id;
  }

  get dimensions(): number {
    return this.model.dimensions;
  }

  /**
   * Embeds files, leaving out those that cannot be read; they are listed in `skipped`.
   *
   * @param work.known a model of this embedder, whose pictures need not be embedded again
   */
  async embedFiles(
    files: readonly ImageFile[],
    work: WorkOptions &
      Pick<EmbedImagesOptions, "onRead" | "reading"> & {
        readonly known?: FittedModel | undefined;
        /** Told once, some seconds after the first pictures that are new, if the run is longer than that. */
        readonly onForecast?: ((forecast: EmbeddingForecast) => void) | undefined;
      },
  ): Promise<EmbeddedImages> {
    const forecast = new ForecastOnce(this.dimensions, (known) => work.onForecast?.(known));
    const embedder = new ArrangedEmbedder({
      model: this.model,
      pool: this.pool,
      root: this.root,
      pictures: files.length,
      signal: work.signal,
    });
    try {
      return await embedImages(files, {
        embedder,
        decoder: this.decoder,
        cache:
          work.known === undefined ? this.store : new KnownVectors(work.known, this.decoder.id, this.store),
        onRead: work.onRead,
        reading: work.reading,
        signal: work.signal,
        onProgress: (progress) => {
          forecast.update(progress, performance.now(), process.memoryUsage.rss());
          work.onProgress?.(progress.total === 0 ? 1 : progress.done / progress.total);
        },
      });
    } finally {
      this.arrangement = embedder.arrangement;
      await embedder.end();
    }
  }

  /** What a picture says of itself, read where pictures are decoded. @throws the signal's reason */
  describe(picture: Uint8Array, signal?: AbortSignal): Promise<PictureMetadata> {
    return this.decoder.describe(picture, signal);
  }

  /** Whether the vector of a picture of this content is in the cache. */
  async isCached(id: string): Promise<boolean> {
    const { found } = await this.store.get([imageKey(id, new SharpDecoder().id)]);
    return found.length > 0;
  }

  /** Embeds pictures in the order given. @throws InputError when one of them cannot be read */
  async embedImages(paths: readonly string[], work: WorkOptions = {}): Promise<Matrix> {
    const collection = await findCollection(paths, work);
    const result = await this.embedFiles(collection.images, work);
    const unreadable = [...collection.skipped, ...result.skipped][0];
    if (unreadable !== undefined) {
      throw new InputError(`The picture ${unreadable.path} cannot be read`, { found: unreadable.reason });
    }
    const rowOf = new Map(result.paths.map((name, i) => [name, i]));
    return takeRows(
      result.vectors,
      paths.map((given) => rowOf.get(collection.nameOf(given))!),
    );
  }

  async embedTexts(texts: readonly string[], work: WorkOptions = {}): Promise<Matrix> {
    // The cache keeps texts as the model sees them, so that templates cannot be mixed up.
    const sentences = texts.map((text) => fillTemplate(this.reference.template, text));
    return embedTexts(sentences, { embedder: this.model, cache: this.store, ...work });
  }

  async close(): Promise<void> {
    this.decoder.close();
    await this.store.close();
    await this.model.dispose();
  }
}

/**
 * Loads an embedding model and opens its cache.
 *
 * @param model a preset, a repository of the Hugging Face hub, or a local folder
 * @throws InputError (BAD_OPTION) for a template without `{}`
 * @throws ConceptError when the model cannot be had, see `loadEmbedder`
 */
export async function openFileEmbedder(
  model: string,
  options: EmbedderOptions & WorkOptions = {},
): Promise<FileEmbedder> {
  const {
    dtype = "fp32",
    device,
    revision = "main",
    promptTemplate: template = "{}",
    cache,
    signal,
    onProgress,
  } = options;
  checkTemplate(template);
  let pool: EncoderPool | undefined;
  const loaded = await loadEmbedder(model, {
    dtype,
    device,
    revision,
    decoder: new SharpDecoder(),
    loadEncoder: async (source, encoding) => {
      pool = await EncoderPool.load(source, encoding);
      return pool;
    },
    signal,
    onProgress: ({ loadedBytes, totalBytes }) =>
      onProgress?.(totalBytes === 0 ? 0 : loadedBytes / totalBytes),
  });
  const root = cache ?? defaultCacheRoot();
  const store = await EmbeddingCache.open({
    root,
    embedderId: loaded.id,
    dimensions: loaded.dimensions,
  });
  const reference = {
    id: loaded.id,
    model: await lastingName(model),
    dtype,
    // A branch moves on; the commit stays.
    revision: /@([0-9a-f]{40})\//.exec(loaded.id)?.[1] ?? revision,
    template,
  };
  return new FileEmbedder({ model: loaded, pool: pool!, store, root, reference });
}

/** A folder by its whole path: the model is loaded again from wherever one stands. */
async function lastingName(model: string): Promise<string> {
  if (findPreset(model) !== undefined) return model;
  const isFolder = await stat(model).then(
    (status) => status.isDirectory(),
    () => false,
  );
  return isFolder ? path.resolve(model) : model;
}
