import { conceptColor } from "../../core/view/concept-color.ts";
import { fromOklch, type Rgb } from "../../core/view/oklch.ts";

export type Theme = "light" | "dark";

/** Of the map itself; `--map` of the page's tokens. */
export const GROUND: Record<Theme, Rgb> = { light: [250, 250, 248], dark: [16, 17, 19] };
/** Of names on the map; `--ink` of the page's tokens. */
export const INK: Record<Theme, Rgb> = { light: [26, 27, 29], dark: [238, 238, 236] };

/** What is missing or not told apart: as pictures in no concept. */
export const neutralColor = (theme: Theme): Rgb => conceptColor(-1, theme);

/**
 * A ramp whose lightness alone tells more from less, from what is quiet on the map to what stands out; the hue turns between
 * yellow and blue, which people who see few colours tell apart too.
 *
 * @param share 0 to 1
 */
export function rampColor(share: number, theme: Theme): Rgb {
  const t = Math.min(1, Math.max(0, share));
  const chroma = 0.11 + 0.035 * Math.sin(Math.PI * t);
  return theme === "light"
    ? fromOklch(0.655 - 0.355 * t, chroma, 95 + 170 * t)
    : fromOklch(0.48 + 0.44 * t, chroma, 265 - 165 * t);
}

/** For SVG. */
export function hexOf([red, green, blue]: Rgb): string {
  return `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`;
}
