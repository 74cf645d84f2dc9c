import { readFileSync } from "node:fs";
import { type CollageFonts, readFontMetrics } from "../../../src/core/view/font-metrics.ts";

/** The fonts that collages are set in. */
export function interFonts(): CollageFonts {
  const read = (name: string) =>
    readFontMetrics(readFileSync(new URL(`../../../assets/fonts/${name}`, import.meta.url)));
  return { regular: read("Inter-Regular.ttf"), semibold: read("Inter-SemiBold.ttf") };
}
