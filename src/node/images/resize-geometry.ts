import type { PixelRequest, PixelSize, Pixels } from "../../embed/image-decoder.ts";

/**
 * The size a picture is resized to before cropping. With `shortestEdge` the longer edge is rounded down, as in
 * `get_resize_output_image_size` of Hugging Face transformers 4 (`int(size * long / short)`).
 */
export function resizedSize(source: PixelSize, resize: PixelRequest["resize"]): PixelSize {
  if (!("shortestEdge" in resize)) return resize;
  const edge = resize.shortestEdge;
  return source.width <= source.height
    ? { width: edge, height: Math.floor((edge * source.height) / source.width) }
    : { width: Math.floor((edge * source.width) / source.height), height: edge };
}

/**
 * The centre of a picture, as `center_crop` of Hugging Face transformers 4: an odd pixel too many is cut at the
 * bottom or right; where the picture is smaller than the crop it is padded with black, the odd pixel at the top
 * or left.
 *
 * @returns the same pixels when they have the size already
 */
export function centerCrop(pixels: Pixels, crop: PixelSize): Pixels {
  if (pixels.width === crop.width && pixels.height === crop.height) return pixels;
  const left = cropStart(pixels.width, crop.width);
  const top = cropStart(pixels.height, crop.height);
  const data = new Uint8Array(crop.width * crop.height * 3);
  const firstColumn = Math.max(left, 0);
  const endColumn = Math.min(left + crop.width, pixels.width);
  for (let y = 0; y < crop.height; y++) {
    const sourceY = y + top;
    if (sourceY < 0 || sourceY >= pixels.height) continue;
    const from = (sourceY * pixels.width + firstColumn) * 3;
    const line = pixels.data.subarray(from, from + (endColumn - firstColumn) * 3);
    data.set(line, (y * crop.width + firstColumn - left) * 3);
  }
  return { data, width: crop.width, height: crop.height };
}

function cropStart(length: number, wanted: number): number {
  return length >= wanted ? Math.floor((length - wanted) / 2) : -Math.ceil((wanted - length) / 2);
}
