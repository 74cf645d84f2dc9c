import sharp from "sharp";
import type { ImageDecoder, PixelRequest, PixelSize, Pixels } from "../../embed/image-decoder.ts";
import { endsTooEarly, type ImageFormat, sniffImageFormat } from "./image-format.ts";
import { centerCrop, resizedSize } from "./resize-geometry.ts";
import { UnusablePicture } from "./unusable-picture.ts";

export interface SharpDecoderOptions {
  /** Pictures with more pixels than this many millions are refused before they are decoded. Default 268. */
  readonly megapixelLimit?: number | undefined;
  /**
   * How far JPEG and WebP may be shrunk while they are decoded: `"none"` decodes every pixel; `"half"` leaves a
   * factor of at least two to the resampling kernel (JPEG only); `"full"` is fastest. Default `"half"`.
   */
  readonly shrinkOnLoad?: "none" | "half" | "full" | undefined;
}

/** Largest resized picture before cropping: beyond, a picture is so slim that a crop of it says nothing. */
const MAX_RESIZED_PIXELS = 1 << 26;

const KERNELS = { nearest: "nearest", bilinear: "linear", bicubic: "cubic", lanczos3: "lanczos3" } as const;

/**
 * Decodes encoded pictures (the bytes of a file) with sharp 0.35 on the threads of libuv.
 *
 * JPEG, PNG, WebP, GIF, TIFF and AVIF, told by their first bytes, not by name. EXIF orientation is applied, alpha
 * flattened on white, of animations and multi-page files the first frame is taken; 16-bit, grey, palette and
 * CMYK become 8-bit sRGB; embedded colour profiles are applied, which Pillow would ignore. Bicubic is Catmull-Rom
 * (a = -0.5) as in Pillow; enlarging with lanczos3 falls back to bicubic (libvips).
 *
 * `decode` throws UnusablePicture with a short reason: empty, no picture, truncated, damaged, too large, too slim.
 */
export class SharpDecoder implements ImageDecoder<Uint8Array> {
  /** Equal ids give equal pixels for equal bytes. Part of the key of cached vectors. */
  readonly id: string;
  private readonly megapixelLimit: number;
  private readonly shrinkOnLoad: "none" | "half" | "full";

  constructor(options: SharpDecoderOptions = {}) {
    this.megapixelLimit = options.megapixelLimit ?? 268;
    // bench/decode.mjs, 1 to 12 megapixels to 224, against Pillow: none 46-53 dB, half 46-55 dB in 2/3 of the time,
    // full down to 34 dB for another 15 %. (Half from a full decode: 0.3 to 0.9 grey levels, 47-52 dB.)
    this.shrinkOnLoad = options.shrinkOnLoad ?? "half";
    this.id = `sharp-1-${this.shrinkOnLoad}`;
  }

  async decode(image: Uint8Array, request: PixelRequest, signal?: AbortSignal): Promise<Pixels> {
    signal?.throwIfAborted();
    const format = readableFormat(image);
    try {
      const source = await sourceSize(image);
      this.assertWithinLimit(source);
      const target = resizedSize(source, request.resize);
      if (target.width * target.height > MAX_RESIZED_PIXELS) {
        throw new UnusablePicture(
          "too-large",
          `${source.width} x ${source.height} pixels are too slim to resize`,
        );
      }
      const pixels = await this.resize(image, source, target, request.resample);
      signal?.throwIfAborted();
      return request.crop === null ? pixels : centerCrop(pixels, request.crop);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UnusablePicture) throw error;
      throw decodeError(error, image, format);
    }
  }

  private assertWithinLimit({ width, height }: PixelSize): void {
    if (width * height <= this.megapixelLimit * 1e6) return;
    throw new UnusablePicture(
      "too-large",
      `${width} x ${height} pixels exceed the limit of ${this.megapixelLimit} megapixels`,
    );
  }

  /** Resizes the whole picture, crop or not: so a file that breaks off below the crop is noticed too. */
  private async resize(
    image: Uint8Array,
    source: PixelSize,
    target: PixelSize,
    resample: PixelRequest["resample"],
  ): Promise<Pixels> {
    let pipeline = sharp(image, { failOn: "truncated", limitInputPixels: false, autoOrient: true });
    if (this.shrinkOnLoad === "none") {
      // An extract of everything is how sharp is told not to shrink while loading.
      pipeline = pipeline.extract({ left: 0, top: 0, width: source.width, height: source.height });
    }
    const { data, info } = await pipeline
      .flatten({ background: "#ffffff" })
      .resize(target.width, target.height, {
        fit: "fill",
        kernel: KERNELS[resample],
        fastShrinkOnLoad: this.shrinkOnLoad === "full",
      })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || info.width !== target.width || info.height !== target.height) {
      throw new UnusablePicture(
        "damaged",
        `unexpected ${info.width} x ${info.height} x ${info.channels} pixels from the decoder`,
      );
    }
    return { data, width: info.width, height: info.height };
  }
}

/** Only formats known here reach the decoder: it would open SVG, and whatever its next version learns. */
function readableFormat(image: Uint8Array): ImageFormat {
  if (image.length === 0) throw new UnusablePicture("empty", "empty file");
  const format = sniffImageFormat(image);
  if (format === undefined)
    throw new UnusablePicture(
      "not-a-picture",
      looksLikeText(image) ? "not a picture (text?)" : "not a picture",
    );
  if (format === "heic" || format === "bmp" || format === "svg" || format === "jxl" || format === "jp2") {
    throw new UnusablePicture("unsupported", `${format.toUpperCase()} pictures cannot be read`);
  }
  return format;
}

/** Looks at the first bytes. @throws UnusablePicture for what `SharpDecoder` would not decode */
export function checkReadable(image: Uint8Array): void {
  readableFormat(image);
}

function looksLikeText(image: Uint8Array): boolean {
  return image
    .subarray(0, 512)
    .every((byte) => byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b);
}

/** Width and height from the header, after EXIF rotation. */
async function sourceSize(image: Uint8Array): Promise<PixelSize> {
  const { autoOrient } = await sharp(image, { failOn: "truncated", limitInputPixels: false }).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

/** The decoder's own words go into `cause` only: see `endsTooEarly`. */
function decodeError(cause: unknown, image: Uint8Array, format: ImageFormat): UnusablePicture {
  const name = format.toUpperCase();
  return endsTooEarly(image, format)
    ? new UnusablePicture("truncated", `truncated: the ${name} ends too early`, cause)
    : new UnusablePicture("damaged", `damaged: cannot be decoded as ${name}`, cause);
}
