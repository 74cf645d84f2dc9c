// How far shrink-on-load moves a resized picture, and what it saves: `node bench/decode.mjs [224]`.
// The yardstick is Pillow's algorithm (antialiased Catmull-Rom, 8 bits between the passes) over every decoded pixel.
import { SharpDecoder } from "../dist/node/images/sharp-decoder.js";
import { machine, photo } from "./photo.mjs";
import { pillowResize } from "./pillow.mjs";

const EDGE = Number(process.argv[2] ?? 224);
const SIZES = [
  [1200, 900],
  [2000, 1500],
  [2800, 2100],
  [4000, 3000],
];

function difference(a, b) {
  let absolute = 0;
  let squared = 0;
  for (let i = 0; i < a.length; i++) {
    absolute += Math.abs(a[i] - b[i]);
    squared += (a[i] - b[i]) ** 2;
  }
  return { mean: absolute / a.length, psnr: 10 * Math.log10((255 * 255 * a.length) / squared) };
}

console.log(machine());
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
    const pillow = await pillowResize(bytes, exact, "bicubic");
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
