import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { SheetStore } from "../../../src/node/thumbnails/sheet-store.ts";
import { temporaryFolder } from "../images/pictures.ts";
import { collection, difference, layOutPictures } from "./pictures.ts";

const DIST = path.resolve(import.meta.dirname, "../../../dist");

/** All sheets in a model's folder by name, and how many halves of files lie there. */
async function read(model: string): Promise<{ sheets: Map<string, string>; halves: number }> {
  const folder = path.join(model, "thumbnails");
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const sheets = names.filter((name) => name.endsWith(".webp")).sort();
  const contents = sheets.map(
    async (name) => [name, await readFile(path.join(folder, name), "hex")] as const,
  );
  return {
    sheets: new Map(await Promise.all(contents)),
    halves: names.filter((name) => name.endsWith(".tmp")).length,
  };
}

/** `KEY/1/INDEX.webp`; drawn from pictures, so always the same bytes. */
function isDetail(name: string): boolean {
  return name.split(path.sep).at(-2) === "1";
}

/** Builds in a process of its own until so many sheets are done and a while has passed. */
async function buildAndKill(list: string, model: string, sheets: number, wait: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "build-child.mjs"), DIST, list, model],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
  let done = 0;
  await new Promise<void>((resolve) => {
    child.stdout.on("data", () => {
      if (++done >= sheets) resolve();
    });
    child.once("exit", () => resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, wait));
  child.kill("SIGKILL");
  expect(["SIGKILL", 0]).toContain(await ended);
}

test("kill -9 while building leaves whole sheets only, and the next build goes on there", async () => {
  expect(existsSync(path.join(DIST, "node/thumbnails/sheet-store.js"))).toBe(true);
  const files = await layOutPictures(await temporaryFolder(), 450);
  const calm = collection(files, await temporaryFolder());
  await new SheetStore(calm).buildAll();
  const expected = await read(calm.folder);
  expect(expected.sheets.size).toBe(9);

  const model = await temporaryFolder();
  const { images } = collection(files, model).model;
  const list = path.join(await temporaryFolder(), "list.json");
  // The child names pictures by their paths: its key is another one.
  await writeFile(list, JSON.stringify({ files, map: [...images.map.data] }));
  const details = [...expected.sheets].filter(([name]) => isDetail(name)).map(([, bytes]) => bytes);
  for (let round = 0; round < 4; round++) {
    await buildAndKill(list, model, 1, round * 17);
    for (const [name, bytes] of (await read(model)).sheets) {
      if (isDetail(name)) expect(details.includes(bytes), name).toBe(true);
    }
  }
  const asked = collection(files, model);
  const later = { ...asked, model: { images: { ...images, ids: files, paths: files } } };
  const before = (await read(model)).sheets.size;
  expect(before).toBeGreaterThan(0);
  const store = new SheetStore(later);
  await store.buildAll();
  const after = await read(model);
  expect(after.sheets.size).toBe(9);
  for (const [name, bytes] of after.sheets)
    if (isDetail(name)) expect(details.includes(bytes), name).toBe(true);
  expect(after.halves).toBe(0);
  // An overview of sheets that were on disk is drawn from them, after one loss more.
  const overviews = [await store.sheet(0, 0), await new SheetStore(calm).sheet(0, 0)];
  const [found, undisturbed] = await Promise.all(overviews.map((sheet) => sharp(sheet).raw().toBuffer()));
  expect(difference(found!, undisturbed!)).toBeLessThan(3);
  // Of nine, one is the overview; a sheet whose record was not there yet is drawn again.
  expect(asked.opened.length).toBeLessThanOrEqual(files.length - 64 * (before - 2));
});
