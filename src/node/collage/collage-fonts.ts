import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type CollageFonts, readFontMetrics } from "../../core/view/font-metrics.ts";

/** Inter (SIL Open Font License), cut to Latin, Greek and Cyrillic; shipped with the package. */
export interface InstalledFonts {
  readonly metrics: CollageFonts;
  readonly files: readonly string[];
  /** `@font-face` rules with the fonts inside, for an SVG that is read where Inter is not installed. */
  css(): string;
}

// src/node/collage and dist/node/collage are equally deep.
const folder = new URL("../../../assets/fonts/", import.meta.url);
const weights = [
  { file: "Inter-Regular.ttf", weight: 400 },
  { file: "Inter-SemiBold.ttf", weight: 600 },
];

export async function loadCollageFonts(): Promise<InstalledFonts> {
  const files = weights.map(({ file }) => fileURLToPath(new URL(file, folder)));
  const [regular, semibold] = await Promise.all(files.map((file) => readFile(file)));
  const bytes = [regular!, semibold!];
  return {
    metrics: { regular: readFontMetrics(regular!), semibold: readFontMetrics(semibold!) },
    files,
    css: () => weights.map(({ weight }, i) => fontFace(weight, bytes[i]!)).join(""),
  };
}

function fontFace(weight: number, bytes: Buffer): string {
  const source = `url(data:font/ttf;base64,${bytes.toString("base64")})`;
  return `@font-face{font-family:Inter;font-weight:${weight};src:${source}}`;
}
