import sharp from "sharp";

/** Pillow's filters: weight by distance, and reach. */
const FILTERS = {
  bicubic: { weight: catmullRom, support: 2 },
  lanczos3: { weight: lanczos, support: 3 },
};

/**
 * A picture decoded whole and resized as Pillow does (Resample.c): antialiased, 8 bits between the passes.
 *
 * @param size { width, height }
 * @returns height x width x 3 bytes
 */
export async function pillowResize(bytes, { width, height }, filter) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const columns = pillowPass(data, info.width, info.height, width, FILTERS[filter]);
  return pillowPass(columns, info.height, width, height, FILTERS[filter]);
}

/** One pass along the rows of `lines` lines; writes transposed. */
function pillowPass(source, length, lines, wanted, { weight, support }) {
  const scale = length / wanted;
  const stretch = Math.max(scale, 1);
  const result = new Uint8ClampedArray(wanted * lines * 3);
  for (let out = 0; out < wanted; out++) {
    const centre = (out + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support * stretch + 0.5));
    const end = Math.min(length, Math.floor(centre + support * stretch + 0.5));
    const weights = Array.from({ length: end - first }, (_, i) =>
      weight((first + i + 0.5 - centre) / stretch),
    );
    const total = weights.reduce((sum, value) => sum + value, 0);
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        let at = (line * length + first) * 3 + channel;
        for (let i = 0; i < weights.length; i++, at += 3) sum += weights[i] * source[at];
        result[(out * lines + line) * 3 + channel] = Math.round(sum / total);
      }
    }
  }
  return result;
}

function catmullRom(distance) {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function lanczos(distance) {
  const x = Math.PI * distance;
  if (x === 0) return 1;
  return Math.abs(distance) < 3 ? (3 * Math.sin(x) * Math.sin(x / 3)) / (x * x) : 0;
}
