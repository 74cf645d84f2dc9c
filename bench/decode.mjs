// How far shrink-on-load moves a resized picture, and what it saves: `npx tsc -b src/node && node bench/decode.mjs`.
// The yardstick is Pillow's algorithm (antialiased Catmull-Rom, 8 bits between the passes) over every decoded pixel.
import { cpus } from "node:os";
import sharp from "sharp";
import { SharpDecoder } from "../dist/node/images/sharp-decoder.js";

const EDGE = Number(process.argv[2] ?? 224);
const SIZES = [
  [1200, 900],
  [2000, 1500],
  [2800, 2100],
  [4000, 3000],
];

/** A scene with what photographs have: smooth light, edges, texture at every scale, fine stripes, sensor noise. */
async function photo(width, height, seed) {
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
  const scene = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${stripes}
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#9bd" /><stop offset="1" stop-color="#753" /></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)" />${shapes}</svg>`,
  );
  const grain = {
    width,
    height,
    channels: 3,
    background: "#808080",
    noise: { type: "gaussian", mean: 128, sigma: 25 },
  };
  const noise = await sharp({ create: grain }).png({ compressionLevel: 1 }).toBuffer();
  return sharp(scene)
    .composite([{ input: noise, blend: "soft-light" }])
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** One pass of Pillow's Resample.c along the rows of `lines` lines; writes transposed. */
function pillowPass(source, length, lines, wanted) {
  const scale = length / wanted;
  const stretch = Math.max(scale, 1);
  const result = new Uint8ClampedArray(wanted * lines * 3);
  for (let out = 0; out < wanted; out++) {
    const centre = (out + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - 2 * stretch + 0.5));
    const end = Math.min(length, Math.floor(centre + 2 * stretch + 0.5));
    const weights = Array.from({ length: end - first }, (_, i) =>
      catmullRom((first + i + 0.5 - centre) / stretch),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
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

async function pillowResize(bytes, width, height) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const columns = pillowPass(data, info.width, info.height, width);
  return pillowPass(columns, info.height, width, height);
}

function difference(a, b) {
  let absolute = 0;
  let squared = 0;
  for (let i = 0; i < a.length; i++) {
    absolute += Math.abs(a[i] - b[i]);
    squared += (a[i] - b[i]) ** 2;
  }
  return { mean: absolute / a.length, psnr: 10 * Math.log10((255 * 255 * a.length) / squared) };
}

console.log(
  `${cpus().length} x ${cpus()[0].model}, Node ${process.version}, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`,
);
console.log(
  `JPEG quality 90 -> shortest edge ${EDGE}, bicubic; mean of 3 scenes; best of 5 runs, one picture at a time`,
);
console.log("size        shrink   vs full decode        vs Pillow             ms");
for (const [width, height] of SIZES) {
  const rows = { none: [], half: [], full: [] };
  for (let seed = 1; seed <= 3; seed++) {
    const bytes = await photo(width, height, seed);
    const request = { resize: { shortestEdge: EDGE }, resample: "bicubic", crop: null };
    const exact = await new SharpDecoder({ shrinkOnLoad: "none" }).decode(bytes, request);
    const pillow = await pillowResize(bytes, exact.width, exact.height);
    for (const [shrinkOnLoad, figures] of Object.entries(rows)) {
      const decoder = new SharpDecoder({ shrinkOnLoad });
      let milliseconds = Number.POSITIVE_INFINITY;
      let pixels;
      for (let run = 0; run < 5; run++) {
        const start = performance.now();
        pixels = await decoder.decode(bytes, request);
        milliseconds = Math.min(milliseconds, performance.now() - start);
      }
      figures.push({
        full: difference(pixels.data, exact.data),
        pillow: difference(pixels.data, pillow),
        milliseconds,
      });
    }
  }
  for (const [shrinkOnLoad, figures] of Object.entries(rows)) {
    const mean = (pick) => figures.reduce((sum, figure) => sum + pick(figure), 0) / figures.length;
    const show = (which) =>
      `${mean((f) => f[which].mean)
        .toFixed(2)
        .padStart(5)} (${mean((f) => f[which].psnr).toFixed(1)} dB)`.padEnd(22);
    console.log(
      `${`${width} x ${height}`.padEnd(12)}${shrinkOnLoad.padEnd(9)}${show("full")}${show("pillow")}${mean((f) => f.milliseconds).toFixed(1)}`,
    );
  }
}
