import type { CollageTheme } from "../view/collage-theme.ts";

type Stops = readonly (readonly [number, number, number])[];

/** From little to much, from near the page's colour to its opposite; steps of even lightness. */
const STOPS: Readonly<Record<CollageTheme, Stops>> = {
  light: [
    [0xee, 0xed, 0xf6],
    [0xc9, 0xc6, 0xf3],
    [0x97, 0x91, 0xee],
    [0x5b, 0x52, 0xe0],
    [0x2b, 0x23, 0x8f],
  ],
  dark: [
    [0x1d, 0x1f, 0x27],
    [0x35, 0x33, 0x6b],
    [0x59, 0x54, 0xb8],
    [0x93, 0x8e, 0xff],
    [0xe2, 0xe0, 0xff],
  ],
};

/** The colour of a value from 0 to 1 (others count as the nearer end), in one hue from faint to strong. */
export function rampColor(value: number, theme: CollageTheme): `#${string}` {
  const stops = STOPS[theme];
  const place = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const hex = [0, 1, 2].map((channel) => {
    const [from, to] = [stops[below]![channel]!, stops[below + 1]![channel]!];
    const mixed = Math.round(from + (to - from) * (place - below));
    return mixed.toString(16).padStart(2, "0");
  });
  return `#${hex.join("")}`;
}

/** Black or white, whichever is easier to read on the ramp's colour of a value: 4.5 : 1 at least (WCAG 2.2, 1.4.3). */
export function inkOn(value: number, theme: CollageTheme): `#${string}` {
  // Where black and white have equal contrast: (L + 0.05)^2 = 0.05 * 1.05.
  return luminance(rampColor(value, theme)) > 0.179 ? "#000000" : "#ffffff";
}

/** Relative luminance of sRGB, 0 to 1 (WCAG 2.2). */
export function luminance(color: `#${string}`): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
