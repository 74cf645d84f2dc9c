// What shrink-on-load does to embeddings: `node bench/shrink.mjs [--model mini] [FOLDER OF PHOTOS]`. The same photo at
// 1 to 12 megapixels, decoded with shrinkOnLoad none, half and full, resized by Pillow's algorithm, and saved once more
// as JPEG of quality 85, each embedded by the real model; cosines and neighbours against the full decode ("none").
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { centerCrop, resizedSize } from "../dist/node/images/resize-geometry.js";
import { SharpDecoder } from "../dist/node/images/sharp-decoder.js";
import { findCollection } from "../dist/node/inputs/collection.js";
import { loadEmbedder } from "../dist/node/load-embedder.js";
import { machine, photo } from "./photo.mjs";
import { pillowResize } from "./pillow.mjs";

const MEGAPIXELS = [1, 3, 6, 12];
const SCENES = 12;
const { values, positionals } = parseArgs({
  options: { model: { type: "string", default: "mini" } },
  allowPositionals: true,
});
const decoders = ["none", "half", "full"].map((shrinkOnLoad) => new SharpDecoder({ shrinkOnLoad }));
const embedder = await loadEmbedder(values.model, { decoder: decoders[0] });
const request = embedder.pixelRequest;

/** Real photos as JPEGs of one size, or invented scenes where no folder is given. */
async function jpegs(megapixels) {
  const [width, height] = [Math.sqrt((megapixels * 4e6) / 3), Math.sqrt(megapixels * 0.75e6)].map(Math.round);
  if (positionals.length === 0) {
    return Promise.all(Array.from({ length: SCENES }, (_, seed) => photo(width, height, seed + 1)));
  }
  const photos = [];
  for (const { location } of (await findCollection(positionals, {})).images) {
    const source = sharp(await readFile(location), { limitInputPixels: false });
    // Enlarged pictures have no detail to lose: only those at least half as large are taken.
    const original = await source.metadata();
    if (original.width * original.height < megapixels * 5e5) continue;
    photos.push(await source.flatten().resize(width, height).jpeg({ quality: 90 }).toBuffer());
  }
  return photos;
}

async function pillowDecode(bytes) {
  const size = resizedSize(await sharp(bytes).metadata(), request.resize);
  const pixels = { data: await pillowResize(bytes, size, request.resample), ...size };
  return request.crop === null ? pixels : centerCrop(pixels, request.crop);
}

function cosine(a, i, b, j) {
  let sum = 0;
  for (let c = 0; c < a.cols; c++) sum += a.data[i * a.cols + c] * b.data[j * b.cols + c];
  return sum;
}

/** For each photo the others, nearest first. */
function ranking(vectors) {
  const rows = Array.from({ length: vectors.rows }, (_, i) => i);
  return rows.map((i) => {
    const others = rows.filter((j) => j !== i);
    return others.sort((a, b) => cosine(vectors, i, vectors, b) - cosine(vectors, i, vectors, a));
  });
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

console.log(machine());
console.log(`model ${values.model}, ${JSON.stringify(request)}`);
console.log(positionals.length > 0 ? `photos of ${positionals.join(", ")}` : "invented scenes");
console.log("                          cosine to none  cosine to Pillow  other than with none");
console.log("   size photos   decoded     mean     min    mean     min  nearest one  kept of 5   decode ms");
for (const megapixels of MEGAPIXELS) {
  const photos = await jpegs(megapixels);
  const resaved = await Promise.all(photos.map((bytes) => sharp(bytes).jpeg({ quality: 85 }).toBuffer()));
  const ways = [
    ...decoders.map((decoder) => [
      decoder.id.split("-").at(-1),
      photos,
      (bytes) => decoder.decode(bytes, request),
    ]),
    ["Pillow", photos, pillowDecode],
    ["re-saved", resaved, (bytes) => decoders[0].decode(bytes, request)],
  ];
  const results = [];
  for (const [name, files, decode] of ways) {
    const pixels = [];
    const start = performance.now();
    for (const bytes of files) pixels.push(await decode(bytes));
    const milliseconds = (performance.now() - start) / files.length;
    const vectors = await embedder.embedPixels(pixels);
    results.push({ name, vectors, ranks: ranking(vectors), milliseconds });
  }
  const [none, , , pillow] = results;
  for (const { name, vectors, ranks, milliseconds } of results) {
    const toFull = photos.map((_, i) => cosine(none.vectors, i, vectors, i));
    const toPillow = photos.map((_, i) => cosine(pillow.vectors, i, vectors, i));
    const moved = ranks.filter((rank, i) => rank[0] !== none.ranks[i][0]).length;
    const kept = ranks.map((rank, i) =>
      rank.slice(0, 5).filter((j) => none.ranks[i].slice(0, 5).includes(j)),
    );
    console.log(
      [
        `${megapixels} MP`.padStart(7),
        `${photos.length}`.padStart(6),
        `  ${name.padEnd(8)}`,
        ...[mean(toFull), Math.min(...toFull), mean(toPillow), Math.min(...toPillow)].map((value) =>
          value.toFixed(5),
        ),
        `${moved}`.padStart(13),
        mean(kept.map((rows) => rows.length))
          .toFixed(2)
          .padStart(11),
        milliseconds.toFixed(0).padStart(11),
      ].join(" "),
    );
  }
}
await embedder.dispose();
