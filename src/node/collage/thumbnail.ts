import sharp, { type Sharp } from "sharp";
import type { DrawnPicture } from "../../core/view/collage-svg.ts";
import { type PlacedBox, smallPictureSide } from "../../core/view/picture-mosaic.ts";
import { type MeasuredPicture, openPicture } from "./picture-source.ts";

/** Luminance of a dark card; pixels below, or above on a white one, are lost in it. */
const darkCard = 0.011;
const lostInDark = 0.035;
const lostInLight = 0.86;
/** Part of the visible pixels that must be lost before a plate is laid under the picture. */
const lostShare = 0.7;
/** Alpha of a pixel that can be seen at all, 0 to 255. */
const visibleAlpha = 8;

/**
 * A picture at the size it is drawn at, as a data URI: JPEG or PNG, whichever is smaller; PNG where it is
 * transparent, so that it lies well on any card. Pictures drawn larger than they are keep their own pixels.
 *
 * @param place where it goes, in CSS pixels
 * @param density pixels made for a CSS pixel
 * @returns without `href` when the picture cannot be decoded
 */
export async function drawThumbnail(
  picture: MeasuredPicture,
  place: PlacedBox,
  density: number,
): Promise<DrawnPicture> {
  const { name } = picture;
  if (picture.isMissing) return { name };
  try {
    const pixelated =
      Math.max(picture.width, picture.height) <= smallPictureSide && place.width >= picture.width / 2;
    const opened = (await openPicture(picture.source)).image.toColourspace("srgb");
    // Enlarging is left to the renderer: the data stay small and the original pixels are kept.
    const enlarges = place.width * density > picture.width;
    const sized = enlarges ? opened : opened.resize(pixels(place, density));
    const bitmap = await decode(picture.hasAlpha ? sized.ensureAlpha() : sized.removeAlpha());
    const surface = picture.hasAlpha ? transparentSurface(bitmap.data) : "opaque";
    if (surface === "invisible") return { name };
    const href = await encode(bitmap, surface === "opaque", picture.isLossless || pixelated);
    return { name, href, surface, pixelated };
  } catch {
    return { name };
  }
}

function pixels(place: PlacedBox, density: number): { width: number; height: number; fit: "cover" } {
  // Covering crops what rounding left over, a fraction of a pixel; only extreme strips lose more.
  return {
    width: Math.round(place.width * density),
    height: Math.round(place.height * density),
    fit: "cover",
  };
}

interface Bitmap {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 };
}

/** Decodes once: the encoders below start from these few pixels, not from the file. */
async function decode(image: Sharp): Promise<Bitmap> {
  return image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
}

async function encode({ data, info }: Bitmap, isOpaque: boolean, tryPng: boolean): Promise<string> {
  const image = sharp(data, { raw: info });
  if (!isOpaque) return dataUri("png", await image.png().toBuffer());
  const opaque = image.removeAlpha();
  const jpeg = await opaque.clone().jpeg({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer();
  const png = tryPng ? await opaque.png().toBuffer() : undefined;
  // Of two near sizes the lossless one is taken.
  return png !== undefined && png.length < 1.2 * jpeg.length ? dataUri("png", png) : dataUri("jpeg", jpeg);
}

function dataUri(type: "png" | "jpeg", bytes: Buffer): string {
  return `data:image/${type};base64,${bytes.toString("base64")}`;
}

/**
 * What a picture with an alpha channel is to be laid on.
 *
 * @param data RGBA
 */
function transparentSurface(data: Uint8Array): NonNullable<DrawnPicture["surface"]> | "invisible" {
  let visible = 0;
  let dark = 0;
  let light = 0;
  let isOpaque = true;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha < 250) isOpaque = false;
    if (alpha < visibleAlpha) continue;
    visible++;
    const luminance = relativeLuminance(data[i]!, data[i + 1]!, data[i + 2]!);
    const cover = alpha / 255;
    if (luminance * cover + darkCard * (1 - cover) < lostInDark) dark++;
    else if (luminance * cover + 1 - cover > lostInLight) light++;
  }
  if (isOpaque) return "opaque";
  if (visible === 0) return "invisible";
  if (dark > lostShare * visible) return "dark-ink";
  return light > lostShare * visible ? "light-ink" : "transparent";
}

/** WCAG 2.2, relative luminance of sRGB, with the gamma of the standard taken as 2.2. */
function relativeLuminance(red: number, green: number, blue: number): number {
  return 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2;
}

/** Sharp's own threads are the machine's cores; a few pictures at once keep them busy. */
export const thumbnailConcurrency: number = Math.max(2, Math.min(8, sharp.concurrency() * 2));
