// How far apart are a picture and its changed copies, and how far two different pictures? The figures behind the threshold of
// `concept duplicates`. node bench/duplicates.mjs FOLDER [MODEL] [COUNT]
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { duplicateThreshold, nearestNeighbors, Rng, row } from "../dist/core/index.js";
import { openFileEmbedder } from "../dist/node/index.js";

const [folder, model = "mini", count = "400"] = process.argv.slice(2);

const CHANGES = {
  "JPEG, quality 90": (image) => image.flatten({ background: "#fff" }).jpeg({ quality: 90 }),
  "JPEG, quality 50": (image) => image.flatten({ background: "#fff" }).jpeg({ quality: 50 }),
  "WebP, quality 75": (image) => image.webp({ quality: 75 }),
  "three quarters of the size": (image, { width }) => image.resize(Math.round(width * 0.75)).png(),
  "half the size": (image, { width }) => image.resize(Math.round(width * 0.5)).png(),
  "twice the size": (image, { width }) => image.resize(width * 2).png(),
  "5 % cropped": (image, size) => image.extract(inner(size, 0.05)).png(),
  "10 % cropped": (image, size) => image.extract(inner(size, 0.1)).png(),
  "10 % brighter": (image) => image.modulate({ brightness: 1.1 }).png(),
  mirrored: (image) => image.flop().png(),
};

function inner({ width, height }, share) {
  const [left, top] = [Math.round((width * share) / 2), Math.round((height * share) / 2)];
  return { left, top, width: width - 2 * left, height: height - 2 * top };
}

const work = await mkdtemp(path.join(tmpdir(), "duplicates-"));
try {
  const all = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
  const step = Math.max(1, Math.floor(all.length / Number(count)));
  const names = all.filter((_, i) => i % step === 0).slice(0, Number(count));
  const embedder = await openFileEmbedder(model, { cache: path.join(work, "cache") });
  const embed = async (files) => {
    const images = files.map((file) => ({ path: path.basename(file), location: file }));
    return (await embedder.embedFiles(images, {})).vectors;
  };
  const originals = await embed(names.map((name) => path.join(folder, name)));
  const between = (a, i, b, j) => {
    const [x, y] = [row(a, i), row(b, j)];
    return 1 - x.reduce((sum, value, k) => sum + value * y[k], 0);
  };
  const everything = await embed(all.map((name) => path.join(folder, name)));
  const rng = new Rng(1);
  const random = Array.from({ length: 20_000 }, () =>
    between(everything, rng.below(all.length), everything, rng.below(all.length)),
  );
  const median = quantile(random, 0.5);
  const threshold = duplicateThreshold(everything);
  console.log(
    `${names.length} of ${all.length} pictures, ${model}; median distance of two: ${median.toFixed(4)}, threshold ${threshold.toFixed(4)}`,
  );
  print("distance to the original", ["p50", "p90", "p99", "% within"]);
  for (const [change, apply] of Object.entries(CHANGES)) {
    const files = [];
    for (const name of names) {
      const source = sharp(path.join(folder, name));
      const file = path.join(work, `${change.replace(/\W+/g, "-")}-${path.parse(name).name}`);
      await apply(source, await sharp(path.join(folder, name)).metadata()).toFile(file);
      files.push(file);
    }
    const copies = await embed(files);
    const distances = names.map((_, i) => between(originals, i, copies, i));
    const within = (100 * distances.filter((distance) => distance <= threshold).length) / distances.length;
    print(change, [...[0.5, 0.9, 0.99].map((q) => quantile(distances, q)), `${within.toFixed(0)} %`]);
  }
  const { distances, k } = await nearestNeighbors(everything, { k: 2 });
  const nearest = all.map((_, i) => distances[i * k + 1]);
  print(
    "nearest other picture",
    [0.01, 0.05, 0.1, 0.5].map((q) => quantile(nearest, q)),
  );
  console.log("  (1st, 5th, 10th and 50th percentile)");
  for (const factor of [0.02, 0.03, 0.05, 0.075, 0.1, 0.15]) {
    const near = nearest.filter((distance) => distance <= factor * median).length;
    console.log(`  ${factor} of the median: ${near} of ${all.length} have another picture as near`);
  }
  await embedder.close();
} finally {
  await rm(work, { recursive: true, force: true });
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}

function print(name, cells) {
  console.log(
    name.padEnd(28) +
      cells.map((cell) => (typeof cell === "number" ? cell.toFixed(4) : cell).padStart(14)).join(""),
  );
}
