// Pictures per second from files to vectors, with an empty and a full cache:
// `node bench/embed.mjs [FOLDER] [--model mini]`; default: the emoji pictures of emoji-datasource-google.
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findCollection } from "../dist/node/images/collection.js";
import { openFileEmbedder } from "../dist/node/index.js";
import { machine } from "./photo.mjs";

const { values, positionals } = parseArgs({
  options: { model: { type: "string", default: "mini" } },
  allowPositionals: true,
});
const emoji = path.dirname(createRequire(import.meta.url).resolve("emoji-datasource-google/package.json"));
const folder = positionals[0] ?? path.join(emoji, "img/google/64");
const cache = await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-"));

console.log(machine());
try {
  for (const state of ["empty cache", "full cache"]) {
    const start = performance.now();
    const embedder = await openFileEmbedder(values.model, { cache });
    const loaded = performance.now();
    const { images } = await findCollection([folder], {});
    const { embedded, cached, skipped } = await embedder.embedFiles(images, {});
    const seconds = (performance.now() - loaded) / 1000;
    await embedder.close();
    console.log(
      `${values.model}, ${state}: ${images.length} pictures (${embedded} embedded, ${cached} known, ${skipped.length} skipped), ` +
        `model and cache opened in ${((loaded - start) / 1000).toFixed(1)} s, then ${seconds.toFixed(1)} s: ${(images.length / seconds).toFixed(0)} a second`,
    );
  }
} finally {
  await rm(cache, { recursive: true });
}
