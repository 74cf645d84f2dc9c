/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** OKLCH to sRGB (Ottosson 2020, "A perceptual color space for image processing"); chroma gives way where sRGB ends. */
export function fromOklch(lightness: number, chroma: number, degrees: number): Rgb {
  const hue = (degrees * Math.PI) / 180;
  for (let share = 1; share > 0; share -= 0.05) {
    const linear = toLinear(lightness, chroma * share, hue);
    if (linear.every((value) => value >= -0.0005 && value <= 1.0005)) return toBytes(linear);
  }
  return toBytes(toLinear(lightness, 0, 0));
}

function toLinear(lightness: number, chroma: number, hue: number): readonly number[] {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toBytes(linear: readonly number[]): Rgb {
  const [red, green, blue] = linear.map((value) => {
    const part = Math.min(1, Math.max(0, value));
    return Math.round(255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055));
  });
  return [red!, green!, blue!];
}
