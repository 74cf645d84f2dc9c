import { FormatError, InputError } from "../core/errors.ts";
import { type Matrix, matrix } from "../core/math/matrix.ts";
import type { PixelSize } from "./image-decoder.ts";
import { type ModelFamily, tokenLimit } from "./model-family.ts";
import type { ModelDtype, WeightLayout } from "./model-files.ts";
import type { TokenBatch, TokenRules } from "./text-batches.ts";
import {
  importTransformers,
  type ModelOptions,
  type RuntimeModel,
  type RuntimeTensor,
  type RuntimeTokenizer,
  type TransformersRuntime,
} from "./transformers-runtime.ts";

/** Where a model computes; `"auto"` is the CPU (WebAssembly in a browser), the same on every machine. */
export type ModelDevice = "auto" | "cpu" | "wasm" | "webgpu" | "cuda" | "dml" | "coreml" | "gpu";

const DEVICES: readonly string[] = ["auto", "cpu", "wasm", "webgpu", "cuda", "dml", "coreml", "gpu"];

/** @throws InputError (BAD_OPTION) for any other word */
export function parseDevice(word: string): ModelDevice {
  if (DEVICES.includes(word)) return word as ModelDevice;
  throw new InputError(
    "The device is not known",
    { expected: DEVICES.join(", "), found: JSON.stringify(word) },
    "BAD_OPTION",
  );
}

export interface DualEncoderOptions {
  readonly family: ModelFamily;
  /** Parsed config.json. */
  readonly config: unknown;
  readonly input: PixelSize;
  readonly layout: WeightLayout;
  readonly dtype: ModelDtype;
  readonly device: ModelDevice;
  /** Files of weights beside each graph, 0 for none. */
  readonly externalDataFiles: number;
  /** Threads of ONNX Runtime; default its own choice, one a physical core. */
  readonly threads?: number | undefined;
}

/** An image tower, ready to run. Vectors come as the model gives them. */
export interface ImageEncoder {
  /**
   * @param pixels rows x 3 x height x width; given away, as its memory may move to another thread
   * @returns rows x dimensions
   */
  encodeImages(pixels: Float32Array, rows: number): Promise<Matrix>;
  /** Memory that earlier pixels left behind, where the encoder gets it back; of any content. */
  readonly spareMemory?: ((length: number) => Float32Array) | undefined;
  dispose(): Promise<void>;
}

/** The two towers of one checkpoint with their tokenizer. */
export interface DualEncoder extends ImageEncoder {
  readonly dimensions: number;
  readonly rules: TokenRules;
  /** Tokens of each text with special tokens, not truncated; never empty. */
  tokenize(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
  /** @returns batch.rows x dimensions */
  encodeTexts(batch: TokenBatch): Promise<Matrix>;
}

/**
 * Loads both towers and tries each once, so that a checkpoint whose towers do not fit each other fails here.
 *
 * @param source absolute folder (Node), or path below `/models/` (browser); nothing is downloaded from the hub
 * @throws FormatError (BAD_MODEL) when weights and config do not fit; InputError (BAD_OPTION) for an unusable device
 */
export async function loadDualEncoder(source: string, options: DualEncoderOptions): Promise<DualEncoder> {
  const runtime = await importTransformers();
  const tokenizer = await runtime.loadTokenizer(source, { local_files_only: true });
  const [textModel, imageModel] = await loadTowers(runtime, source, options);
  try {
    const rules = tokenRules(tokenizer, textModel, options);
    const encoder = new TransformersEncoder(runtime, tokenizer, textModel, imageModel, rules, options);
    await encoder.probe(source);
    return encoder;
  } catch (error) {
    await disposeModels(textModel, imageModel);
    throw error;
  }
}

/**
 * Loads the image tower alone where it is a file of its own, else both: a second encoder beside a dual one needs no more.
 *
 * @throws as `loadDualEncoder`
 */
export async function loadImageEncoder(source: string, options: DualEncoderOptions): Promise<ImageEncoder> {
  const { imageClass, imageOutputs } = options.family;
  if (isWhole(options) || imageClass === null) return loadDualEncoder(source, options);
  const runtime = await importTransformers();
  const model = await runtime.loadModel(imageClass, source, modelOptions(options));
  return {
    encodeImages: (pixels, rows) =>
      runModel(model, pixelInputs(runtime, options, pixels, rows), imageOutputs, rows),
    dispose: async () => {
      await model.dispose();
    },
  };
}

async function loadTowers(
  runtime: TransformersRuntime,
  source: string,
  options: DualEncoderOptions,
): Promise<readonly [RuntimeModel, RuntimeModel]> {
  const { family } = options;
  if (family.textClass === null || family.imageClass === null || isWhole(options)) {
    const both = await runtime.loadModel(family.bothClass, source, modelOptions(options));
    return [both, both];
  }
  const text = await runtime.loadModel(family.textClass, source, modelOptions(options));
  try {
    return [text, await runtime.loadModel(family.imageClass, source, modelOptions(options))];
  } catch (error) {
    await text.dispose();
    throw error;
  }
}

/** Whether both towers are one graph. */
function isWhole({ layout, family }: DualEncoderOptions): boolean {
  return layout === "single" || family.textClass === null || family.imageClass === null;
}

function modelOptions(options: DualEncoderOptions): ModelOptions {
  const { device, threads } = options;
  return {
    local_files_only: true,
    dtype: options.dtype,
    device: device === "auto" ? undefined : device,
    use_external_data_format: options.externalDataFiles,
    session_options: {
      logSeverityLevel: 3,
      // Threads that wait by turning round take the processor from those that decode: bench/session.mjs.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    },
  };
}

function tokenRules(
  tokenizer: RuntimeTokenizer,
  text: RuntimeModel,
  options: DualEncoderOptions,
): TokenRules {
  const fixed = fixedLength(text);
  const limit = tokenLimit(options.config, tokenizer.config["model_max_length"], options.family);
  const maxTokens = fixed ?? limit;
  const bare = tokenizer.encode("a", { add_special_tokens: false });
  const whole = tokenizer.encode("a");
  const start = bare.length === 0 ? 0 : whole.indexOf(bare[0]!);
  return {
    maxTokens,
    endTokens: Math.max(0, whole.length - start - bare.length),
    padTo: fixed ?? (options.family.padding === "max_length" ? maxTokens : null),
    padId: tokenizer.pad_token_id ?? 0,
  };
}

/** Sequence length where the graph was exported for one only, else null. */
function fixedLength(text: RuntimeModel): number | null {
  const ids = text.sessions["model"]?.inputMetadata?.find((input) => input.name === "input_ids");
  const length = ids?.shape?.[1];
  return typeof length === "number" && length > 0 ? length : null;
}

class TransformersEncoder implements DualEncoder {
  readonly rules: TokenRules;
  private readonly runtime: TransformersRuntime;
  private readonly tokenizer: RuntimeTokenizer;
  private readonly textModel: RuntimeModel;
  private readonly imageModel: RuntimeModel;
  private readonly options: DualEncoderOptions;
  private width = 0;

  constructor(
    runtime: TransformersRuntime,
    tokenizer: RuntimeTokenizer,
    textModel: RuntimeModel,
    imageModel: RuntimeModel,
    rules: TokenRules,
    options: DualEncoderOptions,
  ) {
    this.runtime = runtime;
    this.tokenizer = tokenizer;
    this.textModel = textModel;
    this.imageModel = imageModel;
    this.rules = rules;
    this.options = options;
  }

  get dimensions(): number {
    return this.width;
  }

  async tokenize(texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    return texts.map((text) => this.tokens(text));
  }

  private tokens(text: string): readonly number[] {
    const ids = this.tokenizer.encode(this.options.family.lowercase ? text.toLowerCase() : text);
    return ids.length === 0 ? [this.rules.padId] : ids;
  }

  async encodeImages(pixels: Float32Array, rows: number): Promise<Matrix> {
    const inputs = pixelInputs(this.runtime, this.options, pixels, rows);
    const standIn = this.needsStandIn() ? this.textInputs(this.standInTokens()) : {};
    return runModel(this.imageModel, { ...standIn, ...inputs }, this.options.family.imageOutputs, rows);
  }

  async encodeTexts(batch: TokenBatch): Promise<Matrix> {
    const { input, family } = this.options;
    const area = input.height * input.width;
    const standIn = this.needsStandIn()
      ? pixelInputs(this.runtime, this.options, new Float32Array(3 * area), 1)
      : {};
    return runModel(
      this.textModel,
      { ...standIn, ...this.textInputs(batch) },
      family.textOutputs,
      batch.rows,
    );
  }

  async dispose(): Promise<void> {
    await disposeModels(this.textModel, this.imageModel);
  }

  /** One blank picture and one word: sets `dimensions`, and rejects towers of different vector lengths. */
  async probe(source: string): Promise<void> {
    const { input } = this.options;
    const image = await this.encodeImages(new Float32Array(3 * input.height * input.width), 1);
    const text = await this.encodeTexts(this.standInTokens());
    if (image.cols !== text.cols) {
      throw new FormatError(
        `The two towers of ${source} do not share one space`,
        { expected: "vectors of equal length", found: `${image.cols} for images, ${text.cols} for texts` },
        "BAD_MODEL",
      );
    }
    this.width = image.cols;
  }

  private needsStandIn(): boolean {
    return this.textModel === this.imageModel && this.options.family.needsBothInputs;
  }

  private standInTokens(): TokenBatch {
    const { padTo, padId, maxTokens } = this.rules;
    const tokens = this.tokens("a").slice(0, maxTokens);
    const cols = padTo ?? tokens.length;
    const ids = new BigInt64Array(cols).fill(BigInt(padId));
    const mask = new BigInt64Array(cols);
    tokens.forEach((token, c) => {
      ids[c] = BigInt(token);
      mask[c] = 1n;
    });
    return { texts: Int32Array.of(0), rows: 1, cols, ids, mask };
  }

  private textInputs(batch: TokenBatch): Record<string, RuntimeTensor> {
    const dims = [batch.rows, batch.cols];
    return {
      input_ids: new this.runtime.Tensor("int64", batch.ids, dims),
      attention_mask: new this.runtime.Tensor("int64", batch.mask, dims),
    };
  }
}

function pixelInputs(
  runtime: TransformersRuntime,
  { input }: DualEncoderOptions,
  pixels: Float32Array,
  rows: number,
): Record<string, RuntimeTensor> {
  return { pixel_values: new runtime.Tensor("float32", pixels, [rows, 3, input.height, input.width]) };
}

async function runModel(
  model: RuntimeModel,
  inputs: Readonly<Record<string, RuntimeTensor>>,
  outputs: readonly string[],
  rows: number,
): Promise<Matrix> {
  const result = await model(inputs);
  const tensor = outputs.map((name) => result[name]).find((output) => output !== undefined);
  if (tensor === undefined || tensor.dims.length !== 2 || tensor.dims[0] !== rows) {
    throw new FormatError(
      "The model does not give one vector an input",
      {
        expected: `output ${outputs.join(" or ")} of shape ${rows} x dimensions`,
        found: `${Object.keys(result).join(", ")}${tensor === undefined ? "" : ` of shape ${tensor.dims.join(" x ")}`}`,
      },
      "BAD_MODEL",
    );
  }
  const values = (tensor.type === "float32" ? tensor : tensor.to("float32")).data;
  return matrix(Float32Array.from(values), rows, tensor.dims[1]!);
}

async function disposeModels(textModel: RuntimeModel, imageModel: RuntimeModel): Promise<void> {
  await textModel.dispose();
  if (imageModel !== textModel) await imageModel.dispose();
}
