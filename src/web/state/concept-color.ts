/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Hues by the golden angle: whichever ids lie beside each other, their hues are far apart. */
const GOLDEN_ANGLE = 137.50776;
const FIRST_HUE = 262;
const LIGHTNESS = { light: [0.6, 0.68, 0.53], dark: [0.72, 0.8, 0.65] } as const;
const CHROMA = { light: 0.145, dark: 0.125 } as const;
const NONE = { light: [170, 170, 166], dark: [98, 101, 107] } as const;

/** The colour of a concept, on the map and in lists; grey for -1, the pictures in none. */
export function conceptColor(id: number, theme: "light" | "dark"): Rgb {
  if (id < 0) return NONE[theme];
  const hue = (FIRST_HUE + id * GOLDEN_ANGLE) % 360;
  return toRgb(LIGHTNESS[theme][id % 3]!, CHROMA[theme], (hue * Math.PI) / 180);
}

export const cssColor = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

/** OKLCH to sRGB, after Ottosson (2020), "A perceptual color space for image processing". */
function toRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function channel(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}
