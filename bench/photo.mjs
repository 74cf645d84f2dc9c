import { cpus } from "node:os";
import sharp from "sharp";

/** Processor and versions, for the first line of every bench. */
export function machine() {
  return `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
}

/** A scene with what photographs have: smooth light, edges, texture at every scale, fine stripes, sensor noise. */
export async function photo(width, height, seed) {
  const grain = {
    width,
    height,
    channels: 3,
    background: "#808080",
    noise: { type: "gaussian", mean: 128, sigma: 25 },
  };
  const noise = await sharp({ create: grain }).png({ compressionLevel: 1 }).toBuffer();
  return sharp(sceneSvg(width, height, seed))
    .composite([{ input: noise, blend: "soft-light" }])
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** The same without the noise, drawn from the seed alone. */
export function sceneSvg(width, height, seed) {
  const random = (stream) => (((Math.sin(seed * 91.7 + stream * 13.3) * 43758.5453) % 1) + 1) % 1;
  const shapes = Array.from({ length: 60 }, (_, i) => {
    const [x, y, size] = [random(i) * width, random(i + 99) * height, (random(i + 7) ** 2 * width) / 4];
    const colour = `rgb(${[1, 2, 3].map((c) => Math.floor(random(i * 3 + c) * 255)).join(",")})`;
    return i % 2
      ? `<circle cx="${x}" cy="${y}" r="${size}" fill="${colour}" />`
      : `<rect x="${x}" y="${y}" width="${size}" height="${size / 2}" fill="url(#fine)" stroke="${colour}" stroke-width="5" />`;
  }).join("");
  const stripes = `<pattern id="fine" width="11" height="11" patternUnits="userSpaceOnUse" patternTransform="rotate(${seed * 17})">
    <rect width="5" height="11" fill="#222" /><rect x="5" width="6" height="11" fill="#ddd" /></pattern>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${stripes}
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#9bd" /><stop offset="1" stop-color="#753" /></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)" />${shapes}</svg>`,
  );
}
