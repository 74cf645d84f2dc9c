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
import { EmbeddingCache } from "./cache/embedding-cache.ts";
import { DecoderPool } from "./decoder/decoder-pool.ts";
import { EncoderPool } from "./encoder/encoder-pool.ts";
import { type EmbeddedImages, type EmbedImagesOptions, embedImages } from "./images/embed-images.ts";
import { embedTexts } from "./images/embed-texts.ts";
import type { ImageFile } from "./images/image-file.ts";
import { SharpDecoder } from "./images/sharp-decoder.ts";
import { findCollection } from "./inputs/collection.ts";
import { loadEmbedder } from "./load-embedder.ts";
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

/** An embedding model with its cache on disk: nothing is embedded twice, whatever ends a run. */
export class FileEmbedder implements Embedder<string> {
  readonly reference: EmbedderReference;
  private readonly model: ClipEmbedder<Uint8Array>;
  private readonly store: EmbeddingCache;
  private readonly decoder = new DecoderPool();

  constructor(model: ClipEmbedder<Uint8Array>, store: EmbeddingCache, reference: EmbedderReference) {
    this.model = model;
    this.store = store;
    this.reference = reference;
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
      Pick<EmbedImagesOptions, "onRead" | "reading"> & { readonly known?: FittedModel | undefined },
  ): Promise<EmbeddedImages> {
    return embedImages(files, {
      embedder: this.model,
      decoder: this.decoder,
      cache:
        work.known === undefined ? this.store : new KnownVectors(work.known, this.decoder.id, this.store),
      onRead: work.onRead,
      reading: work.reading,
      signal: work.signal,
      onProgress: ({ done, total }) => work.onProgress?.(total === 0 ? 1 : done / total),
    });
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
  const loaded = await loadEmbedder(model, {
    dtype,
    device,
    revision,
    decoder: new SharpDecoder(),
    loadEncoder: EncoderPool.load,
    signal,
    onProgress: ({ loadedBytes, totalBytes }) =>
      onProgress?.(totalBytes === 0 ? 0 : loadedBytes / totalBytes),
  });
  const store = await EmbeddingCache.open({
    root: cache,
    embedderId: loaded.id,
    dimensions: loaded.dimensions,
  });
  return new FileEmbedder(loaded, store, {
    id: loaded.id,
    model: await lastingName(model),
    dtype,
    // A branch moves on; the commit stays.
    revision: /@([0-9a-f]{40})\//.exec(loaded.id)?.[1] ?? revision,
    template,
  });
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
