import { CLIPImageProcessor, RawImage } from "@huggingface/transformers";
import { describe, expect, test } from "vitest";
import type { Pixels } from "../../src/embed/image-decoder.ts";
import { packPixels, parsePreprocessor } from "../../src/embed/preprocess.ts";

const CLIP = {
  image_processor_type: "CLIPFeatureExtractor",
  size: { shortest_edge: 224 },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: 224, width: 224 },
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};

describe("what a preprocessor asks for", () => {
  test("CLIP: shorter side, then the middle", () => {
    expect(parsePreprocessor(CLIP).request).toEqual({
      resize: { shortestEdge: 224 },
      resample: "bicubic",
      crop: { width: 224, height: 224 },
    });
    expect(parsePreprocessor({ ...CLIP, size: 224, crop_size: 224 }).request).toEqual(
      parsePreprocessor(CLIP).request,
    );
  });

  test("SigLIP: the exact size", () => {
    const config = {
      size: { height: 256, width: 256 },
      resample: 2,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    };
    expect(parsePreprocessor(config).request).toEqual({
      resize: { width: 256, height: 256 },
      resample: "bilinear",
      crop: null,
    });
  });

  test("Jina CLIP's own words", () => {
    const config = {
      size: 512,
      resize_mode: "shortest",
      interpolation: "bicubic",
      mean: [0.4, 0.4, 0.4],
      std: [0.2, 0.2, 0.2],
    };
    expect(parsePreprocessor(config).request).toEqual({
      resize: { shortestEdge: 512 },
      resample: "bicubic",
      crop: { width: 512, height: 512 },
    });
  });

  test.each([
    null,
    [],
    {},
    { ...CLIP, size: { longest_edge: 9 } },
    { ...CLIP, size: { shortest_edge: 1e9 } },
    { ...CLIP, resample: 9 },
    { ...CLIP, image_std: [0, 1, 1] },
    { ...CLIP, image_mean: "grey" },
    { ...CLIP, do_center_crop: false },
  ])("%j is refused", (config) => {
    expect(() => parsePreprocessor(config)).toThrow(expect.objectContaining({ code: "BAD_MODEL" }));
  });
});

test("packed values agree with transformers.js, and the last picture fills the batch", async () => {
  const config = { ...CLIP, size: { shortest_edge: 4 }, crop_size: { width: 4, height: 4 } };
  const data = Uint8Array.from({ length: 48 }, (_, i) => (i * 37) % 256);
  const pixels: Pixels = { data, width: 4, height: 4 };
  const packed = packPixels([pixels], parsePreprocessor(config), 2);
  expect(packed.slice(48)).toEqual(packed.slice(0, 48));
  const processor = new CLIPImageProcessor({ ...config, do_normalize: true });
  const { pixel_values } = await processor([new RawImage(new Uint8ClampedArray(data), 4, 4, 3)]);
  for (let i = 0; i < 48; i++) expect(packed[i]).toBeCloseTo(pixel_values.data[i], 5);
});

test("a picture of another size is refused", () => {
  const wrong: Pixels = { data: new Uint8Array(12), width: 2, height: 2 };
  expect(() => packPixels([wrong], parsePreprocessor(CLIP), 1)).toThrow("224 x 224");
});
