import { InputError } from "../core/errors.ts";
import { type Matrix, matrix, normalizedRows, zeros } from "../core/math/matrix.ts";
import type { Embedder, WorkOptions } from "../core/stages.ts";
import {
  type DualEncoder,
  type DualEncoderOptions,
  loadDualEncoder,
  type ModelDevice,
} from "./dual-encoder.ts";
import type { ImageDecoder, PixelRequest, Pixels } from "./image-decoder.ts";
import { modelFamily } from "./model-family.ts";
import { type ModelDtype, quantizesActivations, type WeightLayout } from "./model-files.ts";
import { type Preprocessing, packPixels, parsePreprocessor } from "./preprocess.ts";
import { batchTokens, checkTemplate, fillTemplate, truncateTokens } from "./text-batches.ts";

/** A model whose files are at hand, as its host found them. */
export interface ModelSource {
  /** Absolute folder (Node), or path below `/models/` (browser). */
  readonly location: string;
  /** Repository id or folder name, for people. */
  readonly name: string;
  /** Names the weights and their precision: equal ids mean comparable vectors. */
  readonly id: string;
  readonly layout: WeightLayout;
  readonly dtype: ModelDtype;
  /** Files of weights beside each graph; default 0. */
  readonly externalDataFiles?: number | undefined;
  /** Parsed config.json. */
  readonly config: unknown;
  /** Parsed preprocessor_config.json. */
  readonly preprocessor: unknown;
}

export interface ClipEmbedderOptions<Image> {
  readonly decoder: ImageDecoder<Image>;
  /** Default `"auto"`. */
  readonly device?: ModelDevice | undefined;
  /** Sentence around every text, with `{}` in the text's place; default `"{}"`. */
  readonly promptTemplate?: string | undefined;
  /** Pictures run together, default 8; a lone one costs as much. Precisions that quantise activations run one by one. */
  readonly imageBatchSize?: number | undefined;
  /** Texts of equal length run together, as for pictures; default 16, or 4 where the model wants padded texts. */
  readonly textBatchSize?: number | undefined;
  /** Threads of ONNX Runtime; default its own choice. */
  readonly threads?: number | undefined;
  /** Where the model runs; default `loadDualEncoder`: here. Node has it on a thread of its own. */
  readonly loadEncoder?: ((source: string, options: DualEncoderOptions) => Promise<DualEncoder>) | undefined;
}

/** Texts tokenised before the event loop gets its turn. */
const TOKENIZE_CHUNK = 1024;

/**
 * Embeds pictures and texts with a CLIP-family model: Radford et al. 2021, "Learning transferable visual models from
 * natural language supervision", and its relatives (SigLIP, MobileCLIP, TinyCLIP, Jina CLIP), run by transformers.js.
 *
 * The vector of a picture or text is the same to the last bit whatever its companions: texts share a batch only with
 * texts of equal token count, every batch is filled up to one size by repetition (ONNX Runtime 1.30 multiplies a single
 * row by another kernel, with other rounding), and precisions that quantise activations get batches of one.
 */
export class ClipEmbedder<Image> implements Embedder<Image> {
  readonly id: string;
  readonly dimensions: number;
  /** Sentence around every text, `{}` in the text's place. Text vectors compare fairly under one template only. */
  readonly promptTemplate: string;
  /** What the model asks of a decoder. */
  readonly pixelRequest: PixelRequest;
  private readonly encoder: DualEncoder;
  private readonly preprocessing: Preprocessing;
  private readonly decoder: ImageDecoder<Image>;
  private readonly imageBatchSize: number;
  private readonly textBatchSize: number;
  /** Rows a batch is filled up to. Not 1 unless always 1: see the class comment. */
  private readonly imageRows: number;
  private readonly textRows: number;

  /** @internal Use `loadClipEmbedder`. */
  constructor(
    source: ModelSource,
    encoder: DualEncoder,
    preprocessing: Preprocessing,
    options: ClipEmbedderOptions<Image>,
  ) {
    const single = quantizesActivations(source.dtype);
    this.id = source.id;
    this.dimensions = encoder.dimensions;
    this.promptTemplate = options.promptTemplate ?? "{}";
    this.pixelRequest = preprocessing.request;
    this.encoder = encoder;
    this.preprocessing = preprocessing;
    this.decoder = options.decoder;
    this.imageBatchSize = single ? 1 : (options.imageBatchSize ?? 8);
    this.textBatchSize = single ? 1 : (options.textBatchSize ?? (encoder.rules.padTo === null ? 16 : 4));
    this.imageRows = single ? 1 : Math.max(2, this.imageBatchSize);
    this.textRows = single ? 1 : Math.max(2, this.textBatchSize);
  }

  /**
   * @param images what the injected decoder reads; the next batch is decoded while one is embedded
   * @returns images x dimensions, rows of length 1
   * @throws whatever the decoder throws: leave out unreadable images first, or use `embedPixels`
   */
  async embedImages(images: readonly Image[], work: WorkOptions = {}): Promise<Matrix> {
    const vectors = zeros(images.length, this.dimensions);
    let upcoming = this.decodeBatch(images, 0, work.signal);
    for (let start = 0; start < images.length; start += this.imageBatchSize) {
      const pixels = await upcoming;
      work.signal?.throwIfAborted();
      const next = start + this.imageBatchSize;
      upcoming = this.decodeBatch(images, next, work.signal);
      // Whoever awaits it later sees the failure; until then it must not count as unhandled.
      upcoming.catch(() => undefined);
      vectors.data.set((await this.embedPixels(pixels)).data, start * this.dimensions);
      work.onProgress?.(Math.min(1, next / images.length));
    }
    work.signal?.throwIfAborted();
    return vectors;
  }

  /**
   * @param pixels pictures decoded as `pixelRequest` asks
   * @param batchSize pictures run together; default `imageBatchSize`, and always 1 where that must be
   * @returns pictures x dimensions, rows of length 1
   * @throws InputError when a picture has another size
   */
  async embedPixels(pixels: readonly Pixels[], batchSize?: number): Promise<Matrix> {
    const vectors = zeros(pixels.length, this.dimensions);
    const size = this.imageRows === 1 ? 1 : (batchSize ?? this.imageBatchSize);
    const rows = this.imageRows === 1 ? 1 : Math.max(2, size);
    const starts = Array.from({ length: Math.ceil(pixels.length / size) }, (_, batch) => batch * size);
    // All at once: the encoder takes one after the other, or as many as it has threads for.
    await Promise.all(
      starts.map(async (start) => {
        const batch = pixels.slice(start, start + size);
        const input = packPixels(batch, this.preprocessing, rows, this.encoder.spareMemory);
        const output = await this.encoder.encodeImages(input, rows);
        this.setUnitRows(vectors, output, batch.length, (row) => start + row);
      }),
    );
    return vectors;
  }

  /**
   * @param texts of any length; what exceeds the model's limit is cut off
   * @returns texts x dimensions, rows of length 1
   */
  async embedTexts(texts: readonly string[], work: WorkOptions = {}): Promise<Matrix> {
    const { rules } = this.encoder;
    const sequences = await this.tokenizeAll(texts, work.signal);
    const vectors = zeros(texts.length, this.dimensions);
    let done = 0;
    for (const batch of batchTokens(sequences, rules, this.textBatchSize, this.textRows)) {
      work.signal?.throwIfAborted();
      const output = await this.encoder.encodeTexts(batch);
      this.setUnitRows(vectors, output, batch.texts.length, (row) => batch.texts[row]!);
      done += batch.texts.length;
      work.onProgress?.(done / texts.length);
    }
    work.signal?.throwIfAborted();
    return vectors;
  }

  /** Frees the model. The embedder cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.encoder.dispose();
  }

  private async tokenizeAll(
    texts: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly number[])[]> {
    const { rules } = this.encoder;
    const sequences: (readonly number[])[] = [];
    for (let start = 0; start < texts.length; start += TOKENIZE_CHUNK) {
      const sentences = texts
        .slice(start, start + TOKENIZE_CHUNK)
        .map((text) => fillTemplate(this.promptTemplate, text));
      for (const tokens of await this.encoder.tokenize(sentences))
        sequences.push(truncateTokens(tokens, rules));
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    }
    return sequences;
  }

  private async decodeBatch(
    images: readonly Image[],
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Pixels[]> {
    const batch = images.slice(start, start + this.imageBatchSize);
    return Promise.all(batch.map((image) => this.decoder.decode(image, this.preprocessing.request, signal)));
  }

  /** Copies the first `count` rows of the model's output, at length 1, to the rows of `vectors` they belong in. */
  private setUnitRows(vectors: Matrix, output: Matrix, count: number, target: (row: number) => number): void {
    const cols = this.dimensions;
    const unit = normalizedRows(matrix(output.data.subarray(0, count * cols), count, cols));
    for (let r = 0; r < count; r++) {
      vectors.data.set(unit.data.subarray(r * cols, (r + 1) * cols), target(r) * cols);
    }
  }
}

/**
 * Loads a model whose files are at hand.
 *
 * @throws FormatError (BAD_MODEL) when the files are of no CLIP-like model or do not fit each other
 * @throws InputError (BAD_OPTION) when an option is wrong or the device cannot be used
 */
export async function loadClipEmbedder<Image>(
  source: ModelSource,
  options: ClipEmbedderOptions<Image>,
): Promise<ClipEmbedder<Image>> {
  checkTemplate(options.promptTemplate ?? "{}");
  checkCount("imageBatchSize", options.imageBatchSize);
  checkCount("textBatchSize", options.textBatchSize);
  checkCount("threads", options.threads);
  const preprocessing = parsePreprocessor(source.preprocessor);
  const loadEncoder = options.loadEncoder ?? loadDualEncoder;
  const encoder = await loadEncoder(source.location, {
    family: modelFamily(source.config, source.name),
    config: source.config,
    input: preprocessing.input,
    layout: source.layout,
    dtype: source.dtype,
    device: options.device ?? "auto",
    externalDataFiles: source.externalDataFiles ?? 0,
    threads: options.threads,
  });
  return new ClipEmbedder(source, encoder, preprocessing, options);
}

function checkCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new InputError(
    `The option ${name} is wrong`,
    { expected: "an integer of at least 1", found: `${value}` },
    "BAD_OPTION",
  );
}
