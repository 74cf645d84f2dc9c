import type { Matrix } from "../../core/math/matrix.ts";
import type { PixelRequest, Pixels } from "../../embed/image-decoder.ts";

/** An image tower that takes decoded pixels; `ClipEmbedder` is one. */
export interface PixelEmbedder {
  readonly id: string;
  readonly dimensions: number;
  readonly pixelRequest: PixelRequest;
  /** @returns pictures x dimensions, rows of length 1, in the order given */
  embedPixels(pixels: readonly Pixels[]): Promise<Matrix>;
}
