/** How a picture is resampled; `"bicubic"` and `"lanczos3"` with the kernel widened when shrinking, as in Pillow. */
export type ResampleFilter = "nearest" | "bilinear" | "bicubic" | "lanczos3";

export interface PixelSize {
  /** Pixels, at least 1. */
  readonly width: number;
  /** Pixels, at least 1. */
  readonly height: number;
}

/** What a model's preprocessor asks of a decoder: resize first, then cut out the middle. */
export interface PixelRequest {
  /** Either the new length of the shorter side, aspect ratio kept, or the exact size, aspect ratio lost. */
  readonly resize: { readonly shortestEdge: number } | PixelSize;
  readonly resample: ResampleFilter;
  /** Size of the centred cut; null for none. */
  readonly crop: PixelSize | null;
}

/** A decoded picture: sRGB, upright, without transparency. */
export interface Pixels {
  /** height x width x 3, row-major, RGB, 0 to 255. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Turns whatever its host calls an image (a path, bytes, a Blob) into the pixels a model wants. */
export interface ImageDecoder<Image> {
  /** Rejects when the image cannot be read, and with the signal's reason when aborted. */
  decode(image: Image, request: PixelRequest, signal?: AbortSignal): Promise<Pixels>;
}
