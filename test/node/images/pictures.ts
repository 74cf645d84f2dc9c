import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import { onTestFinished } from "vitest";
import { type Matrix, zeros } from "../../../src/core/math/matrix.ts";
import type { PixelRequest, Pixels } from "../../../src/embed/image-decoder.ts";
import type { PixelEmbedder } from "../../../src/node/images/pixel-embedder.ts";

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "conceptmodel-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A picture whose pixels depend on `seed`: two colours, side by side. */
export function twoColours(seed: number, width = 40, height = 30): Sharp {
  const colour = (n: number) => [(n * 53) % 256, (n * 97 + 31) % 256, (n * 29 + 7) % 256] as const;
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(colour(i % width < width / 2 ? seed : seed + 101), i * 3);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Coarse noise under smooth light: detail for a JPEG, and no two alike. */
export function noisy(width: number, height: number): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });
}

/** Writes `count` different PNGs named 000.png and up. */
export async function writePictures(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await twoColours(i)
      .png()
      .toFile(path.join(folder, `${String(i).padStart(3, "0")}.png`));
  }
}

/** A PNG of 20,000 x 20,000 pixels, small on disk. */
export async function writeHugePicture(file: string): Promise<void> {
  const flat = { width: 20_000, height: 20_000, channels: 3, background: "red" } as const;
  await sharp({ create: flat, limitInputPixels: false }).png().toFile(file);
}

/** Half of a JPEG. */
export async function writeTruncatedPicture(file: string): Promise<void> {
  const whole = await noisy(200, 150).jpeg().toBuffer();
  await writeFile(file, whole.subarray(0, whole.length >> 1));
}

/** Embeds a picture as its colours at 4 x 4 points: real pixels in, unit vectors out, and a record of the batches. */
export class ColourEmbedder implements PixelEmbedder {
  readonly id: string = "colours-4x4";
  readonly dimensions: number = 48;
  readonly pixelRequest: PixelRequest = {
    resize: { shortestEdge: 4 },
    resample: "bicubic",
    crop: { width: 4, height: 4 },
  };
  readonly batches: number[] = [];

  async embedPixels(pixels: readonly Pixels[]): Promise<Matrix> {
    this.batches.push(pixels.length);
    const vectors = zeros(pixels.length, this.dimensions);
    pixels.forEach(({ data }, i) => {
      const length = Math.hypot(...data) || 1;
      for (let j = 0; j < data.length; j++) vectors.data[i * this.dimensions + j] = data[j]! / length;
    });
    return vectors;
  }
}
