// Sheets of thumbnails for the explorer: time, bytes, memory, and how long a sheet that is asked for takes while others are built.
// `node bench/thumbnails.mjs [PICTURES] [--width 1200] [--height 900] [--concurrency N]`; default: 2,000 pictures.
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { Rng } from "../dist/core/index.js";
import { SheetStore } from "../dist/node/thumbnails/sheet-store.js";
import { machine, photo } from "./photo.mjs";

const { values, positionals } = parseArgs({
  options: {
    width: { type: "string", default: "1200" },
    height: { type: "string", default: "900" },
    concurrency: { type: "string", default: `${Math.max(1, availableParallelism() - 1)}` },
  },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 2000);
const size = { width: Number(values.width), height: Number(values.height) };
const concurrency = Number(values.concurrency);
const work = await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-"));

console.log(machine());
try {
  const files = await writePhotos();
  const bytes = (await sizes(files)).reduce((sum, length) => sum + length, 0);
  console.log(
    `${count} JPEGs of ${size.width} x ${size.height}, ${kilobytes(bytes / count)} each; ${concurrency} at a time`,
  );
  // Twice: the first run also reads the files from disk.
  for (const run of ["first run", "second run"]) await measureBuild(files, run);
  await measureRequests(files);
} finally {
  await rm(work, { recursive: true });
}

/** Invented scenes, changed a little from one to the next: inventing each would take longer than all the rest. */
async function writePhotos() {
  const folder = path.join(work, "photos");
  await mkdir(folder);
  const scenes = [];
  for (let seed = 0; seed < 20; seed++) scenes.push(await photo(size.width, size.height, seed));
  const files = [];
  for (let i = 0; i < count; i++) {
    const file = path.join(folder, `${String(i).padStart(6, "0")}.jpg`);
    const scene = scenes[i % scenes.length];
    const changed =
      i < scenes.length
        ? scene
        : await sharp(scene)
            .modulate({ hue: (i * 37) % 360 })
            .jpeg({ quality: 88 })
            .toBuffer();
    await writeFile(file, changed);
    files.push(file);
  }
  return files;
}

async function openStore(files, name) {
  const folder = path.join(work, name);
  await mkdir(folder, { recursive: true });
  const rng = new Rng(1);
  const map = { data: Float32Array.from({ length: 2 * count }, () => rng.uniform()), rows: count, cols: 2 };
  const model = { images: { ids: files, paths: files, map } };
  return { folder, store: new SheetStore({ model, folder, pathOf: (row) => files[row], concurrency }) };
}

async function measureBuild(files, run) {
  const { folder, store } = await openStore(files, run);
  let peak = 0;
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await store.buildAll();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  const levels = [];
  for (const [level, { sheets, cell }] of store.levels.entries()) {
    const total = await weigh(folder, level);
    levels.push(
      `${sheets} of ${cell}-pixel cells ${kilobytes(total / sheets)} each, ${(total / count).toFixed(0)} bytes a picture`,
    );
  }
  const sheets = store.levels.reduce((sum, level) => sum + level.sheets, 0);
  console.log(
    `${run}: ${seconds.toFixed(1)} s (CPU ${((user + system) / 1e6).toFixed(1)} s), ${(count / seconds).toFixed(0)} pictures and ` +
      `${(sheets / seconds).toFixed(2)} sheets a second; resident memory ${megabytes(before)} before, ${megabytes(peak)} at most`,
  );
  for (const line of levels) console.log(`  ${line}`);
  await measureReading(files, run);
}

async function measureReading(files, run) {
  const { store } = await openStore(files, run);
  const start = performance.now();
  await store.buildAll();
  const looked = performance.now();
  let reads = 0;
  for (const [level, { sheets }] of store.levels.entries()) {
    for (let index = 0; index < sheets; index++, reads++) await store.sheet(level, index);
  }
  const read = (performance.now() - looked) / reads;
  console.log(
    `  all built already: noticed in ${(looked - start).toFixed(0)} ms; a sheet is read and checked in ${read.toFixed(1)} ms`,
  );
}

/** What a person waits for who looks at the map while it is built. */
async function measureRequests(files) {
  const { store } = await openStore(files, "requests");
  const building = store.buildAll().catch(() => undefined);
  const last = store.levels.map(({ sheets }) => sheets - 2);
  for (const level of [1, 0]) {
    const start = performance.now();
    await store.sheet(level, Math.max(0, last[level]));
    console.log(
      `asked for while building: a sheet of ${store.levels[level].cell}-pixel cells after ${((performance.now() - start) / 1000).toFixed(2)} s`,
    );
  }
  await store.close();
  await building;
}

async function weigh(folder, level) {
  const thumbnails = path.join(folder, "thumbnails");
  const [key] = await readdir(thumbnails);
  const names = (await readdir(path.join(thumbnails, key, `${level}`))).filter((name) =>
    name.endsWith(".webp"),
  );
  const lengths = await sizes(names.map((name) => path.join(thumbnails, key, `${level}`, name)));
  return lengths.reduce((sum, length) => sum + length, 0);
}

async function sizes(files) {
  return Promise.all(files.map(async (file) => (await stat(file)).size));
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(0)} KB`;
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
