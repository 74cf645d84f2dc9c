// The explorer's map in Chromium: time until it is there, bytes, frames while panning and zooming, work a frame, memory.
// `node bench/explorer-map.mjs [--minutes 0] [--width 1440] [--height 900] [100000 1000000]`; with `--model FOLDER` only until it is
// there, of a saved model that the command serves.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { machine } from "./machine.mjs";
import { residentBytes } from "./resident.mjs";
import { startSimulatedExplorer } from "./simulated-explorer.mjs";

const { values, positionals } = parseArgs({
  options: {
    minutes: { type: "string", default: "0" },
    width: { type: "string", default: "1440" },
    height: { type: "string", default: "900" },
    model: { type: "string" },
  },
  allowPositionals: true,
});
const counts = positionals.length === 0 ? [100_000, 1_000_000] : positionals.map(Number);
const viewport = { width: Number(values.width), height: Number(values.height) };
const executablePath =
  process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);
const DRAG = 3000;

console.log(machine());
if (values.model !== undefined) await measureModel(values.model);
else for (const count of counts) await measure(count);

/** Five pages one after the other in a running browser, each in a profile of its own that has seen nothing; the first wakes it up. */
async function measureModel(folder) {
  const main = new URL("../dist/cli/main.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, "explore", folder, "--port", "0", "--json", "--quiet"]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const start = performance.now();
  const text = await new Promise((resolve) => child.stdout.once("data", resolve));
  console.log(`the command listens after ${((performance.now() - start) / 1000).toFixed(2)} s`);
  const browser = await launch();
  try {
    for (let turn = 0; turn < 5; turn++) {
      const page = await browser.newPage({ viewport });
      await page.goto(JSON.parse(text).address);
      console.log(await arrival(page));
      await page.close();
    }
  } finally {
    await browser.close();
    child.kill("SIGINT");
    await ended;
  }
}

function launch() {
  const args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-first-run"];
  return chromium.launch({ executablePath, args });
}

async function arrival(page) {
  const there = () => {
    const marks = ["first-contentful-paint", "map"].map((name) => performance.getEntriesByName(name)[0]);
    return marks.every(Boolean) && marks.map(({ startTime }) => startTime / 1000);
  };
  const [paint, map] = await (await page.waitForFunction(there, undefined, { timeout: 120_000 })).jsonValue();
  return `first paint after ${paint.toFixed(2)} s, map after ${map.toFixed(2)} s`;
}

async function measure(count) {
  const explorer = await startSimulatedExplorer(count);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const traffic = await countTraffic(devtools);
    console.log(
      `\n${count.toLocaleString("en")} simulated pictures, ${viewport.width} x ${viewport.height}, Chromium ${browser.version()}, ` +
        "drawn by the processor (SwiftShader): the lower bound of what a machine with any graphics card does",
    );
    await page.goto(explorer.address);
    console.log(`${await arrival(page)}; ${megabytes(traffic.bytes)} in ${traffic.requests} answers`);
    await page.waitForTimeout(2000);
    const box = await page.locator(".map").boundingBox();
    const use = { page, devtools, box };
    await report(use, "panning, all points", () => dragAround(use, DRAG));
    await report(use, "zooming in and out", () => zoom(use, [-1, -1, -1, 1, 1, 1]));
    const note = await comeClose(use);
    await report(use, `panning, with thumbnails (${note || "all shown"})`, () => dragAround(use, DRAG));
    console.log(`memory: ${await memory(use, browser)}; ${megabytes(traffic.bytes)} loaded`);
    await keepUsing(use, browser);
  } finally {
    await browser.close();
    await explorer.close();
  }
}

async function keepUsing(use, browser) {
  const minutes = Number(values.minutes);
  const end = Date.now() + 60_000 * minutes;
  if (minutes === 0) return;
  while (Date.now() < end) {
    await dragAround(use, 4000);
    await zoom(use, Math.random() < 0.5 ? [-1, -1, 1, 1] : [1, 1, 1, -1, -1, -1]);
    await use.page.waitForTimeout(500);
  }
  console.log(`memory after ${minutes} minutes of panning and zooming: ${await memory(use, browser)}`);
}

/** Frames as the page has them, and the time that scripts take of each. */
async function report(use, name, act) {
  const { page, devtools } = use;
  const before = await scriptSeconds(devtools);
  await page.evaluate(() => {
    globalThis.frames = [];
    const note = (time) => {
      globalThis.frames.push(time);
      globalThis.noting = requestAnimationFrame(note);
    };
    globalThis.noting = requestAnimationFrame(note);
  });
  await act();
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.noting);
    return globalThis.frames;
  });
  const script = ((await scriptSeconds(devtools)) - before) / frames.length;
  const gaps = frames
    .slice(1)
    .map((time, at) => time - frames[at])
    .sort((a, b) => a - b);
  const rate = (1000 * gaps.length) / (frames.at(-1) - frames[0]);
  const at = (share) => gaps[Math.floor(share * (gaps.length - 1))].toFixed(0);
  console.log(
    `${name}: ${rate.toFixed(0)} frames a second (median ${at(0.5)} ms, 95 % under ${at(0.95)} ms), ` +
      `${(1000 * script).toFixed(1)} ms of the processor for scripts a frame`,
  );
}

async function dragAround({ page, box }, duration) {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const start = Date.now();
  while (Date.now() - start < duration) {
    const turn = ((Date.now() - start) / 1500) * 2 * Math.PI;
    await page.mouse.move(x + 160 * Math.sin(turn), y + 120 * Math.sin(2 * turn));
  }
  await page.mouse.move(x, y);
  await page.mouse.up();
}

async function zoom({ page, box }, steps) {
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const step of steps) {
    await page.mouse.wheel(0, 120 * step);
    await page.waitForTimeout(120);
  }
}

/** Until pictures are there. @returns what the map says of those that it does not show */
async function comeClose(use) {
  const note = use.page.locator(".map-note");
  for (let step = 0; step < 60 && (await note.innerText()) === ""; step++) {
    await zoom(use, [-1]);
    await use.page.waitForTimeout(step < 12 ? 0 : 1000);
  }
  await use.page.waitForTimeout(2000);
  return note.innerText();
}

async function countTraffic(devtools) {
  const traffic = { bytes: 0, requests: 0 };
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    traffic.bytes += encodedDataLength;
    traffic.requests++;
  });
  return traffic;
}

async function scriptSeconds(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration").value;
}

/** Of the page's scripts after a collection, and of all processes of the browser, textures of the drawing processor among them. */
async function memory({ devtools }, browser) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  const main = (await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo")).processInfo;
  const resident = main.reduce((sum, { id }) => sum + residentBytes(id), 0);
  return `${megabytes(heap)} of script objects, ${megabytes(resident)} in ${main.length} processes`;
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
