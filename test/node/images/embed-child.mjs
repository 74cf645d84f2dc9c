// Embeds a folder in a process of its own, slowly, so that a test can kill it:
// node embed-child.mjs DIST FOLDER CACHE LOG MILLISECONDS-A-BATCH. Prints the result as JSON.
import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [dist, folder, root, log, delay] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.join(dist, "node", file)).href);
const { EmbeddingCache } = await load("cache/embedding-cache.js");
const { findCollection } = await load("inputs/collection.js");
const { embedImages } = await load("images/embed-images.js");

const embedder = {
  id: "colours-4x4",
  dimensions: 48,
  pixelRequest: { resize: { shortestEdge: 4 }, resample: "bicubic", crop: { width: 4, height: 4 } },
  async embedPixels(pixels) {
    appendFileSync(log, `${pixels.length}\n`);
    await setTimeout(Number(delay));
    const data = new Float32Array(pixels.length * 48);
    pixels.forEach((picture, i) => {
      const length = Math.hypot(...picture.data) || 1;
      picture.data.forEach((value, j) => {
        data[i * 48 + j] = value / length;
      });
    });
    return { data, rows: pixels.length, cols: 48 };
  },
};
const cache = await EmbeddingCache.open({ root, embedderId: embedder.id, dimensions: 48 });
const { images } = await findCollection(folder, {});
const result = await embedImages(images, { embedder, cache, batchSize: 5 });
await cache.close();
const { paths, ids, embedded, cached, skipped, vectors } = result;
const bits = Buffer.from(vectors.data.buffer, vectors.data.byteOffset, vectors.data.byteLength).toString(
  "base64",
);
console.log(
  JSON.stringify({ paths, ids, embedded, cached, skipped, bits, damaged: cache.stats.damagedRecords }),
);
