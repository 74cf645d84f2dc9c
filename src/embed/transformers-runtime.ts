import { FormatError, InputError } from "../core/errors.ts";

/**
 * The part of @huggingface/transformers that is used, and the only file that imports it: lazily, because loading it
 * loads native code. Written against 4.3.1.
 */
export interface TransformersRuntime {
  readonly Tensor: new (
    type: string,
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
  ) => RuntimeTensor;
  loadTokenizer(source: string, options: SourceOptions): Promise<RuntimeTokenizer>;
  /** @param className a model class of transformers.js */
  loadModel(className: string, source: string, options: ModelOptions): Promise<RuntimeModel>;
}

export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
  to(type: "float32"): RuntimeTensor;
}

export interface RuntimeTokenizer {
  readonly pad_token_id: number | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  encode(text: string, options?: { readonly add_special_tokens: boolean }): number[];
}

export interface RuntimeModel {
  (
    inputs: Readonly<Record<string, RuntimeTensor>>,
  ): Promise<Readonly<Record<string, RuntimeTensor | undefined>>>;
  /** ONNX Runtime sessions; `inputMetadata` is there on Node. */
  readonly sessions: Readonly<Record<string, { readonly inputMetadata?: readonly InputMetadata[] }>>;
  dispose(): Promise<unknown>;
}

interface InputMetadata {
  readonly name: string;
  /** Numbers where the graph fixes a length, names where it does not. */
  readonly shape?: readonly (number | string)[];
}

export interface SourceOptions {
  /** Never to look anything up at the hub. */
  readonly local_files_only: boolean;
}

export interface ModelOptions extends SourceOptions {
  readonly dtype: string;
  readonly device: string | undefined;
  readonly use_external_data_format: number;
  readonly session_options: Readonly<Record<string, unknown>>;
}

interface Loader<T, Options> {
  from_pretrained(source: string, options: Options): Promise<T>;
}

export async function importTransformers(): Promise<TransformersRuntime> {
  const library = (await import("@huggingface/transformers")) as unknown as Readonly<Record<string, unknown>>;
  return {
    Tensor: library["Tensor"] as TransformersRuntime["Tensor"],
    loadTokenizer: (source, options) =>
      loaderOf<RuntimeTokenizer, SourceOptions>(library, "AutoTokenizer").from_pretrained(source, options),
    async loadModel(className, source, options) {
      const loader = loaderOf<RuntimeModel, ModelOptions>(library, className);
      try {
        return await loader.from_pretrained(source, options);
      } catch (cause) {
        throw explainLoadFailure(cause, source, options);
      }
    },
  };
}

function loaderOf<T, Options>(library: Readonly<Record<string, unknown>>, name: string): Loader<T, Options> {
  const loader = library[name] as Loader<T, Options> | undefined;
  if (loader !== undefined) return loader;
  throw new FormatError("This version of @huggingface/transformers is too old for the model", {
    expected: `the class ${name}`,
    found: "none",
  });
}

function explainLoadFailure(cause: unknown, source: string, options: ModelOptions): Error {
  const found = cause instanceof Error ? cause.message.split("\n", 1)[0]! : String(cause);
  if (options.device !== undefined && options.device !== "cpu") {
    return new InputError(
      `The model could not be loaded on the device ${options.device}`,
      { found, hint: "Use the device cpu, or install what that device needs.", cause },
      "BAD_OPTION",
    );
  }
  return new FormatError(`The weights of ${source} could not be loaded`, { found, cause }, "BAD_MODEL");
}
