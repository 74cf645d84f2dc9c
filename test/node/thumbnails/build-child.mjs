// Run by kill.test.ts in a process of its own: builds all sheets of a list of files.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [dist, listed, folder] = process.argv.slice(2);
const { SheetStore } = await import(
  pathToFileURL(path.join(dist, "node", "thumbnails", "sheet-store.js")).href
);
const { files, map } = JSON.parse(await readFile(listed, "utf8"));
const images = {
  ids: files,
  paths: files,
  map: { data: Float32Array.from(map), rows: files.length, cols: 2 },
};
const store = new SheetStore({ model: { images }, folder, pathOf: (row) => files[row] });
await store.buildAll({ onProgress: (fraction) => process.stdout.write(`${fraction}\n`) });
