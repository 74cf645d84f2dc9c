// What the precision of the weights does to vectors and neighbours, and what it saves: `node bench/precision.mjs MODEL_FOLDER [--pictures
// 200] [--dtypes fp16,int8]`; MODEL_FOLDER as `scripts/random-clip` makes it, or any other with weights of those names.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { SharpDecoder } from "../dist/node/images/sharp-decoder.js";
import { findCollection } from "../dist/node/inputs/collection.js";
import { loadEmbedder } from "../dist/node/load-embedder.js";
import { machine, runtime, version } from "./machine.mjs";
import { photoFolder } from "./photo-folder.mjs";

const { values, positionals } = parseArgs({
  options: {
    pictures: { type: "string", default: "200" },
    dtypes: { type: "string", default: "fp16,int8" },
    folder: { type: "string" },
  },
  allowPositionals: true,
});
const K = 10;

console.log(`${version}, ${runtime()}, ${machine()}; one thread, ${values.pictures} pictures`);
const decoder = new SharpDecoder();
const { images } = await findCollection([values.folder ?? (await photoFolder(Number(values.pictures)))], {});
const step = Math.max(1, Math.floor(images.length / Number(values.pictures)));
const chosen = images.filter((_, i) => i % step === 0).slice(0, Number(values.pictures));
let pixels;
let reference;
for (const dtype of ["fp32", ...values.dtypes.split(",")]) {
  const embedder = await loadEmbedder(positionals[0], { decoder, dtype, threads: 1 });
  pixels ??= await Promise.all(
    chosen.map(async ({ location }) => decoder.decode(await readFile(location), embedder.pixelRequest)),
  );
  await embedder.embedPixels(pixels.slice(0, 8));
  const start = process.cpuUsage();
  const vectors = await embedder.embedPixels(pixels);
  const { user, system } = process.cpuUsage(start);
  const speed = `${((user + system) / 1000 / pixels.length).toFixed(0)} ms of CPU a picture`;
  await embedder.dispose();
  if (reference === undefined) {
    reference = { vectors, nearest: neighbours(vectors) };
    console.log(`fp32: ${speed}`);
    continue;
  }
  const cosines = Array.from({ length: vectors.rows }, (_, i) => dot(vectors, i, reference.vectors, i)).sort(
    (a, b) => a - b,
  );
  const nearest = neighbours(vectors);
  const shared = nearest.map((list, i) => list.filter((j) => reference.nearest[i].includes(j)).length / K);
  const first = nearest.filter((list, i) => list[0] === reference.nearest[i][0]).length / nearest.length;
  console.log(
    `${dtype}: ${speed}; cosine to fp32 ${mean(cosines).toFixed(5)} (least ${cosines[0].toFixed(5)}); ` +
      `${K} nearest shared ${(100 * mean(shared)).toFixed(1)} %, nearest the same ${(100 * first).toFixed(1)} %`,
  );
}

function neighbours(vectors) {
  return Array.from({ length: vectors.rows }, (_, i) =>
    Array.from({ length: vectors.rows }, (_, j) => j)
      .filter((j) => j !== i)
      .map((j) => [dot(vectors, i, vectors, j), j])
      .sort(([a, i], [b, j]) => b - a || i - j)
      .slice(0, K)
      .map(([, j]) => j),
  );
}

function dot(a, i, b, j) {
  let sum = 0;
  for (let d = 0; d < a.cols; d++) sum += a.data[i * a.cols + d] * b.data[j * b.cols + d];
  return sum;
}

function mean(numbers) {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
