import { openPicture } from "../collage/picture-source.ts";

/**
 * How sharp a picture is: the variance of its Laplacian (Pech-Pacheco et al. 2000), over grey values from 0 to 255 and the
 * kernel of four neighbours. It depends on the scale, so pictures are compared at one size.
 *
 * @param source a location, or encoded bytes
 * @param side the picture is shrunk to fit into a square of so many pixels; never enlarged
 * @throws what the decoder throws when the picture cannot be read
 */
export async function measureSharpness(source: string | Uint8Array, side: number): Promise<number> {
  const { image } = await openPicture(source);
  const { data, info } = await image
    .flatten({ background: "#ffffff" })
    .resize(side, side, { fit: "inside", withoutEnlargement: true })
    .greyscale()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return laplacianVariance(data, info.width, info.height);
}

/** @param grey row-major, width x height */
function laplacianVariance(grey: Uint8Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = grey[at - 1]! + grey[at + 1]! + grey[at - width]! + grey[at + width]! - 4 * grey[at]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(0, width - 2) * Math.max(0, height - 2);
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
