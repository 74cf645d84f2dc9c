import type { Chart } from "../../core/charts/chart-paper.ts";
import type { CollageFonts } from "../../core/view/font-metrics.ts";
import { isCovered } from "../../core/view/text-fit.ts";
import { loadCollageFonts } from "../collage/collage-fonts.ts";
import { rasterize } from "../collage/rasterize.ts";
import { writeCollage } from "../collage/write-collage.ts";

/** A drawn chart; `write` takes `.png` or `.svg`. */
export interface DrawnChart {
  /** Two pixels a CSS pixel (less on very large pages), marked as 300 dots an inch. */
  readonly png: Uint8Array;
  /** Self-contained: fonts are inside. */
  readonly svg: string;
  /** Of the PNG, in pixels. */
  readonly width: number;
  readonly height: number;
  write(file: string): Promise<void>;
}

const LARGEST_PAGE = 80e6;

/** Sets a chart in the package's fonts and renders it. */
export async function drawChart(draw: (fonts: CollageFonts) => Chart): Promise<DrawnChart> {
  const fonts = await loadCollageFonts();
  const chart = draw(fonts.metrics);
  const isForeign = chart.texts.some((text) => !isCovered(text, fonts.metrics.regular));
  const image = await rasterize(chart.svg(), {
    scale: Math.min(2, Math.sqrt(LARGEST_PAGE / (chart.width * chart.height))),
    fontFiles: fonts.files,
    fontFallback: isForeign ? "system" : "none",
  });
  const drawn = { ...image, svg: chart.svg(fonts.css()) };
  return { ...drawn, write: (file) => writeCollage(file, drawn) };
}
