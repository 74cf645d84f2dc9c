/** A model that is known by a short name. */
export interface ModelPreset {
  /** What users type. */
  readonly name: string;
  /** Repository on the Hugging Face hub; null for the model inside this package. */
  readonly repository: string | null;
  /** Length of a vector. */
  readonly dimensions: number;
  /** What it is good for, one phrase for people. */
  readonly summary: string;
}

/** The model used when none is named, that of the original Concept package. */
export const DEFAULT_MODEL = "clip-vit-b-32";

/** All presets, the default first. Both towers of each come from one checkpoint. */
export const MODEL_PRESETS: readonly ModelPreset[] = [
  {
    name: DEFAULT_MODEL,
    repository: "Xenova/clip-vit-base-patch32",
    dimensions: 512,
    summary: "the default: OpenAI's CLIP ViT-B/32, fast and well understood, English",
  },
  {
    name: "siglip2-base",
    repository: "onnx-community/siglip2-base-patch16-224-ONNX",
    dimensions: 768,
    summary: "SigLIP 2 base: better names and search, multilingual, slower",
  },
  {
    name: "mobileclip-s2",
    repository: "Xenova/mobileclip_s2",
    dimensions: 512,
    summary: "MobileCLIP-S2: better than ViT-B/32 at a fraction of its image tower, English",
  },
  {
    name: "tinyclip-8m",
    repository: "onnx-community/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M-ONNX",
    dimensions: 512,
    summary: "TinyCLIP 8M: the smallest download, for weak machines and first tries, English",
  },
  {
    name: "clip-vit-l-14",
    repository: "Xenova/clip-vit-large-patch14",
    dimensions: 768,
    summary: "OpenAI's CLIP ViT-L/14: finer distinctions, about ten times the work, English",
  },
  {
    name: "jina-clip-v2",
    repository: "jinaai/jina-clip-v2",
    dimensions: 1024,
    summary: "Jina CLIP v2: 89 languages and long texts, several gigabytes, not for commercial use",
  },
  {
    name: "mini",
    repository: null,
    dimensions: 128,
    summary:
      "the demo model inside this package: emoji and thumbnails only, works offline, no model for photos",
  },
];

/** The preset of that name, or undefined. */
export function findPreset(name: string): ModelPreset | undefined {
  return MODEL_PRESETS.find((preset) => preset.name === name);
}
