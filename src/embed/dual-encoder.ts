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

/** The two towers of one checkpoint with their tokenizer, ready to run. Vectors come as the model gives them. */
export interface DualEncoder {
  readonly dimensions: number;
  readonly rules: TokenRules;
  /** Tokens with special tokens, not truncated; never empty. */
  tokenize(text: string): readonly number[];
  /**
   * @param pixels rows x 3 x height x width
   * @returns rows x dimensions
   */
  encodeImages(pixels: Float32Array, rows: number): Promise<Matrix>;
  /** @returns batch.rows x dimensions */
  encodeTexts(batch: TokenBatch): Promise<Matrix>;
  dispose(): Promise<void>;
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

async function loadTowers(
  runtime: TransformersRuntime,
  source: string,
  options: DualEncoderOptions,
): Promise<readonly [RuntimeModel, RuntimeModel]> {
  const { family, layout, device, threads } = options;
  const modelOptions: ModelOptions = {
    local_files_only: true,
    dtype: options.dtype,
    device: device === "auto" ? undefined : device,
    use_external_data_format: options.externalDataFiles,
    session_options: {
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    },
  };
  if (layout === "single" || family.textClass === null || family.imageClass === null) {
    const both = await runtime.loadModel(family.bothClass, source, modelOptions);
    return [both, both];
  }
  const text = await runtime.loadModel(family.textClass, source, modelOptions);
  try {
    return [text, await runtime.loadModel(family.imageClass, source, modelOptions)];
  } catch (error) {
    await text.dispose();
    throw error;
  }
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

  tokenize(text: string): readonly number[] {
    const ids = this.tokenizer.encode(this.options.family.lowercase ? text.toLowerCase() : text);
    return ids.length === 0 ? [this.rules.padId] : ids;
  }

  async encodeImages(pixels: Float32Array, rows: number): Promise<Matrix> {
    const { input, family } = this.options;
    const inputs = {
      pixel_values: new this.runtime.Tensor("float32", pixels, [rows, 3, input.height, input.width]),
    };
    const standIn = this.needsStandIn() ? this.textInputs(this.standInTokens()) : {};
    return this.run(this.imageModel, { ...standIn, ...inputs }, family.imageOutputs, rows);
  }

  async encodeTexts(batch: TokenBatch): Promise<Matrix> {
    const { input, family } = this.options;
    const area = input.height * input.width;
    const standIn = this.needsStandIn()
      ? {
          pixel_values: new this.runtime.Tensor("float32", new Float32Array(3 * area), [
            1,
            3,
            input.height,
            input.width,
          ]),
        }
      : {};
    return this.run(
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
    const tokens = this.tokenize("a").slice(0, maxTokens);
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

  private async run(
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
}

async function disposeModels(textModel: RuntimeModel, imageModel: RuntimeModel): Promise<void> {
  await textModel.dispose();
  if (imageModel !== textModel) await imageModel.dispose();
}
