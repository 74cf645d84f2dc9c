import { fromOklch, type Rgb } from "./oklch.ts";

export type { Rgb } from "./oklch.ts";

/** Hues by the golden angle: whichever ids lie beside each other, their hues are far apart. */
const GOLDEN_ANGLE = 137.50776;
const FIRST_HUE = 262;
// Every colour, the grey too, has a contrast of 3:1 with the map: as much as WCAG asks of what is not text.
const LIGHTNESS = { light: [0.6, 0.635, 0.52], dark: [0.72, 0.8, 0.65] } as const;
const CHROMA = { light: 0.145, dark: 0.125 } as const;
const NONE = { light: [140, 141, 143], dark: [104, 107, 114] } as const;

/** The colour of a concept, on the map and in lists; grey for -1, the pictures in none. */
export function conceptColor(id: number, theme: "light" | "dark"): Rgb {
  if (id < 0) return NONE[theme];
  return fromOklch(LIGHTNESS[theme][id % 3]!, CHROMA[theme], (FIRST_HUE + id * GOLDEN_ANGLE) % 360);
}

export const cssColor = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
