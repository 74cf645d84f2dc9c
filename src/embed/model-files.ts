import { InputError } from "../core/errors.ts";

/** Precision of the weights, in the words of transformers.js. */
export type ModelDtype = "fp32" | "fp16" | "q8" | "int8" | "uint8" | "q4" | "q4f16" | "bnb4";

/**
 * Where a repository keeps its weights: one file a tower (`onnx/text_model.onnx`, `onnx/vision_model.onnx`) or
 * both towers in `onnx/model.onnx`.
 */
export type WeightLayout = "towers" | "single";

/** Suffixes of the weight files (transformers.js 4.3, `utils/dtypes.js`). */
const FILE_SUFFIXES: Readonly<Record<ModelDtype, string>> = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
};

/** Files every model folder must have beside its weights. */
export const CONFIG_FILES: readonly string[] = [
  "config.json",
  "preprocessor_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** @throws InputError (BAD_OPTION) for any other word */
export function parseDtype(word: string): ModelDtype {
  if (Object.hasOwn(FILE_SUFFIXES, word)) return word as ModelDtype;
  throw new InputError(
    "The dtype is not known",
    { expected: Object.keys(FILE_SUFFIXES).join(", "), found: JSON.stringify(word) },
    "BAD_OPTION",
  );
}

/** Paths of the weight files inside a model folder, the text tower first. */
export function weightFiles(layout: WeightLayout, dtype: ModelDtype): readonly string[] {
  const names = layout === "towers" ? ["text_model", "vision_model"] : ["model"];
  return names.map((name) => `onnx/${name}${FILE_SUFFIXES[dtype]}.onnx`);
}

/** Path of the `part`-th file (from 0) of weights that did not fit into the graph's own file. */
export function externalDataFile(weightFile: string, part: number): string {
  return part === 0 ? `${weightFile}_data` : `${weightFile}_data_${part}`;
}

/**
 * True for precisions that quantise activations as well, with one scale for the whole batch: there the vector of a
 * picture would depend on its companions (ONNX operator DynamicQuantizeLinear).
 */
export function quantizesActivations(dtype: ModelDtype): boolean {
  return dtype === "q8" || dtype === "int8" || dtype === "uint8";
}
