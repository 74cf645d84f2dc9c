import { renderAsync } from "@resvg/resvg-js";
import sharp from "sharp";

/** Printed dots an inch: a collage of three columns at the usual scale is as wide as an A4 page's text. */
const printDensity = 300;

export interface RasterOptions {
  /** Pixels a CSS pixel. */
  readonly scale: number;
  readonly fontFiles: readonly string[];
  /** `"system"` also looks into the fonts of the machine, which takes a while where there are many. */
  readonly fontFallback: "none" | "system";
  readonly signal?: AbortSignal | undefined;
}

export interface RasterImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Renders an opaque SVG, off the main thread, to a PNG that says 300 dots an inch. */
export async function rasterize(svg: string, options: RasterOptions): Promise<RasterImage> {
  const rendered = await renderAsync(
    svg,
    {
      fitTo: { mode: "zoom", value: options.scale },
      font: {
        fontFiles: [...options.fontFiles],
        loadSystemFonts: options.fontFallback === "system",
        defaultFontFamily: "Inter",
        sansSerifFamily: "Inter",
      },
      logLevel: "off",
    },
    options.signal ?? null,
  );
  const { width, height } = rendered;
  // sharp writes the density and compresses off the main thread; resvg's own encoder does neither.
  const png = await sharp(rendered.pixels, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .removeAlpha()
    .withMetadata({ density: printDensity })
    .png({ compressionLevel: 8, adaptiveFiltering: true })
    .toBuffer();
  return { png, width, height };
}
