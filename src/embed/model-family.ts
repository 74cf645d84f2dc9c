import { FormatError } from "../core/errors.ts";

/** How models of one architecture are loaded and read with transformers.js. */
export interface ModelFamily {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** Class names in transformers.js; null where it has no class for a tower on its own. */
  readonly textClass: string | null;
  readonly imageClass: string | null;
  readonly bothClass: string;
  /** Output names that hold the embedding: of a tower on its own, and of the model with both. */
  readonly textOutputs: readonly string[];
  readonly imageOutputs: readonly string[];
  /** Whether the model with both towers needs a stand-in for the input it is not asked about. */
  readonly needsBothInputs: boolean;
  /** `"max_length"` where the model was trained on texts padded to its limit and reads the padding. */
  readonly padding: "none" | "max_length";
  /** Whether the model was trained on lower-case text only. */
  readonly lowercase: boolean;
  /** Token limit where neither config nor tokenizer names one. */
  readonly maxTokens: number;
}

/**
 * Sources: class and output names from transformers.js 4.3.1 (`models/*\/modeling_*.js`); SigLIP's padding and lower
 * case from Zhai et al. 2023 (section 4.1: 64 tokens) and the model cards, whose examples pad to the limit.
 */
const FAMILIES: readonly ModelFamily[] = [
  {
    modelType: "clip",
    textClass: "CLIPTextModelWithProjection",
    imageClass: "CLIPVisionModelWithProjection",
    bothClass: "CLIPModel",
    textOutputs: ["text_embeds"],
    imageOutputs: ["image_embeds"],
    needsBothInputs: true,
    padding: "none",
    lowercase: false,
    maxTokens: 77,
  },
  {
    modelType: "siglip",
    textClass: "SiglipTextModel",
    imageClass: "SiglipVisionModel",
    bothClass: "SiglipModel",
    textOutputs: ["text_embeds", "pooler_output"],
    imageOutputs: ["image_embeds", "pooler_output"],
    needsBothInputs: true,
    padding: "max_length",
    lowercase: true,
    maxTokens: 64,
  },
  {
    modelType: "jina_clip",
    textClass: "JinaCLIPTextModel",
    imageClass: "JinaCLIPVisionModel",
    bothClass: "JinaCLIPModel",
    textOutputs: ["text_embeddings"],
    imageOutputs: ["image_embeddings"],
    needsBothInputs: false,
    padding: "none",
    lowercase: false,
    maxTokens: 512,
  },
  {
    modelType: "chinese_clip",
    textClass: null,
    imageClass: null,
    bothClass: "ChineseCLIPModel",
    textOutputs: ["text_embeds"],
    imageOutputs: ["image_embeds"],
    needsBothInputs: true,
    padding: "none",
    lowercase: false,
    maxTokens: 52,
  },
];

/**
 * The family of a model, told from its parsed config.json.
 *
 * @param name repository id or folder name; MobileCLIP calls itself `clip` but reads its padding
 * @throws FormatError (BAD_MODEL) when the model is of no CLIP-like kind
 */
export function modelFamily(config: unknown, name: string): ModelFamily {
  const modelType = configField(config, "model_type");
  const family = FAMILIES.find((candidate) => candidate.modelType === modelType);
  if (family === undefined) {
    throw new FormatError(
      `The model ${name} does not embed images and texts together`,
      {
        expected: `model_type ${FAMILIES.map((known) => known.modelType).join(", ")} in config.json`,
        found: JSON.stringify(modelType ?? null),
      },
      "BAD_MODEL",
    );
  }
  return /mobileclip/i.test(name) ? { ...family, padding: "max_length" } : family;
}

/** Token limit of the text tower: the smallest that config and tokenizer name, else the family's. */
export function tokenLimit(config: unknown, tokenizerLimit: unknown, family: ModelFamily): number {
  const positions = configField(configField(config, "text_config"), "max_position_embeddings");
  const limits = [positions, tokenizerLimit].filter(isTokenCount);
  return limits.length === 0 ? family.maxTokens : Math.min(...limits);
}

/** Tokenizers without a limit name 10^30. */
function isTokenCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 1 && value < 1e6;
}

function configField(config: unknown, name: string): unknown {
  return typeof config === "object" && config !== null
    ? (config as Record<string, unknown>)[name]
    : undefined;
}
