// Loads the exported folder as any CLIP model is loaded and compares it with PyTorch's outputs (reference.json,
// from export.py). Run: node check.mjs <folder of models> <name> <reference.json>
import { readFileSync } from "node:fs";
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  RawImage,
} from "@huggingface/transformers";

const [models, name, referenceFile] = process.argv.slice(2);
const reference = JSON.parse(readFileSync(referenceFile, "utf8"));
env.allowRemoteModels = false;
env.localModelPath = models;

const unit = (tensor) => tensor.normalize(2, 1).tolist();
const farthest = (a, b) => {
  const other = b.flat();
  return Math.max(...a.flat().map((value, index) => Math.abs(value - other[index])));
};

const tokenizer = await AutoTokenizer.from_pretrained(name);
const textModel = await CLIPTextModelWithProjection.from_pretrained(name, { dtype: "fp32" });
const ids = reference.texts.map((text) => tokenizer.encode(text));
const sameTokens = JSON.stringify(ids) === JSON.stringify(reference.ids);
if (!sameTokens)
  console.error(reference.texts.map((text, index) => [text, ids[index], reference.ids[index]]));
const { text_embeds: texts } = await textModel(
  tokenizer(reference.texts, { padding: true, truncation: true }),
);
const textDifference = farthest(unit(texts), reference.text_embeds);

const processor = await AutoProcessor.from_pretrained(name);
const visionModel = await CLIPVisionModelWithProjection.from_pretrained(name, { dtype: "fp32" });
const { size } = reference;
const pictures = reference.pixels.map((pixels) => new RawImage(new Uint8ClampedArray(pixels), size, size, 3));
const { image_embeds: batch } = await visionModel(await processor(pictures));
const imageDifference = farthest(unit(batch), reference.image_embeds);
let sameAlone = true;
for (const [index, picture] of pictures.entries()) {
  const { image_embeds: alone } = await visionModel(await processor(picture));
  sameAlone &&= alone.data.every((value, column) => value === batch.data[index * alone.dims[1] + column]);
}
const large = await processor(new RawImage(new Uint8ClampedArray(400 * 300 * 3).fill(128), 400, 300, 3));
const largeFits = large.pixel_values.dims.join() === `1,3,${size},${size}`;

const passed = sameTokens && textDifference < 1e-4 && imageDifference < 1e-4 && largeFits;
console.log({
  sameTokens,
  textDifference,
  imageDifference,
  aloneEqualsInBatchBitwise: sameAlone,
  largeFits,
  passed,
});
process.exit(passed ? 0 : 1);
