import sharp from "sharp";
import { UnusablePicture } from "./unusable-picture.ts";

/** Drawings have no pixels of their own: the longer side is drawn at so many. */
const SIDE = 1024;

/**
 * Draws an SVG as PNG, on nothing. librsvg runs no scripts, and loads no files or addresses for a drawing that comes as bytes.
 *
 * @throws UnusablePicture when it cannot be drawn
 */
export async function svgPicture(svg: Uint8Array): Promise<Uint8Array> {
  try {
    const { width, height } = await sharp(svg).metadata();
    // 72 dots an inch are a pixel for each unit of the drawing.
    const density = Math.min(Math.max((72 * SIDE) / Math.max(width, height, 1), 1), 7200);
    return await sharp(svg, { density }).resize(SIDE, SIDE, { fit: "inside" }).png().toBuffer();
  } catch (error) {
    throw new UnusablePicture("damaged", "damaged: cannot be drawn as SVG", error);
  }
}
