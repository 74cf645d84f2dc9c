// The page of `concept report`: bytes and seconds to write it, and in Chromium, from disk and offline, until the map is drawn.
// `node bench/report.mjs [PICTURES] [--keep FILE]`; default: 25,000 pictures cut from invented scenes, embedded by the `mini` model.
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { ConceptModel, writeReport } from "../dist/node/index.js";
import { machine, photo } from "./photo.mjs";

const { values, positionals } = parseArgs({ options: { keep: { type: "string" } }, allowPositionals: true });
const count = Number(positionals[0] ?? 25_000);
const work = await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-"));
const SIDE = 240;

console.log(machine());
try {
  const photos = path.join(work, "photos");
  await writePhotos(photos);
  const model = new ConceptModel({ embeddingModel: "mini", cache: path.join(work, "cache") });
  await model.fit(photos, { vocabulary: "wordnet" });
  const file = path.join(work, "report.html");
  const start = performance.now();
  const { bytes } = await writeReport(model.fitted, file, { title: "Bench", root: photos });
  console.log(
    `${count} pictures, ${model.fitted.concepts.length} concepts: ${(bytes / 1e6).toFixed(1)} MB, written in ${seconds(start)}`,
  );
  if (values.keep !== undefined) await copyFile(file, values.keep);
  await measurePage(file);
  await model.close();
} finally {
  await rm(work, { recursive: true });
}

/** Squares of scenes, none like another: places, sizes and hues differ. */
async function writePhotos(folder) {
  await mkdir(folder);
  const scenes = [];
  for (let seed = 0; seed < 40; seed++) scenes.push(await photo(900, 700, seed));
  for (let i = 0; i < count; i++) {
    const side = 200 + ((i * 31) % 400);
    const left = (i * 97) % (900 - side);
    const top = (i * 61) % (700 - side);
    await sharp(scenes[i % scenes.length])
      .extract({ left, top, width: side, height: side })
      .resize(SIDE, SIDE)
      .modulate({ hue: (i * 37) % 360 })
      .jpeg({ quality: 85 })
      .toFile(path.join(folder, `${String(i).padStart(6, "0")}.jpg`));
  }
}

async function measurePage(file) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  for (const [name, viewport] of [
    ["desktop", { width: 1360, height: 860 }],
    ["phone", { width: 390, height: 844 }],
  ]) {
    const page = await (await browser.newContext({ offline: true, viewport })).newPage();
    const start = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.locator("canvas").first().waitFor();
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const paint = await page.evaluate(
      () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    );
    console.log(
      `${name}: first paint ${Math.round(paint)} ms, map drawn ${seconds(start)} (software rendering)`,
    );
    await page.close();
  }
  await browser.close();
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
