import { copyFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { SheetStore } from "../../../src/node/thumbnails/sheet-store.ts";
import { temporaryFolder, writeHugePicture, writeTruncatedPicture } from "../images/pictures.ts";
import { cellOf, collection, deviation, difference, expectedCell, layOutPictures } from "./pictures.ts";

describe("sheets of thumbnails", () => {
  test("show each picture in the cell of its slot: upright, its centre, at both sizes", async () => {
    const files = await layOutPictures(await temporaryFolder(), 67);
    const store = new SheetStore(collection(files, await temporaryFolder()));
    expect(store.levels).toEqual([
      { cell: 32, columns: 32, rows: 32, sheets: 1 },
      { cell: 128, columns: 8, rows: 8, sheets: 2 },
    ]);
    const sheets = [await store.sheet(1, 0), await store.sheet(1, 1), await store.sheet(0, 0)];
    for (const sheet of sheets) {
      expect(await sharp(sheet).metadata()).toMatchObject({ format: "webp", width: 1024, height: 1024 });
    }
    for (const [level, cell] of [32, 128].entries()) {
      const expected = await Promise.all(files.map((file) => expectedCell(file, cell)));
      for (const [row, slot] of store.slots.entries()) {
        const sheet = level === 0 ? sheets[2]! : sheets[Math.floor(slot / 64)]!;
        const found = await cellOf(sheet, level === 0 ? slot : slot % 64, cell);
        // Small cells of hard edges are softer than those shrunk in one step.
        expect(difference(found, expected[row]!), files[row]!).toBeLessThan(level === 0 ? 16 : 5);
        if (level === 1) continue;
        const differences = expected.map((pixels) => difference(found, pixels));
        expect(differences.indexOf(Math.min(...differences)), files[row]!).toBe(row);
      }
    }
    // Cells beyond the last picture.
    expect(deviation((await cellOf(sheets[1]!, 63, 128)).subarray(0, 3))).toBeLessThan(8);
    expect(store.missing).toEqual([]);
    await store.close();
  });

  test("have a quiet cell for a picture that cannot be read, and list it", async () => {
    const folder = await temporaryFolder();
    const files = await layOutPictures(folder, 4);
    await rm(files[0]!);
    await writeTruncatedPicture(files[1]!);
    await writeHugePicture(files[2]!);
    await writeFile(files[3]!, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const store = new SheetStore(collection([...files, folder], await temporaryFolder()));
    for (const level of [0, 1]) {
      const sheet = await store.sheet(level, 0);
      for (const row of [0, 1, 2, 3, 7]) {
        const cell = await cellOf(sheet, store.slots[row]!, level === 0 ? 32 : 128);
        expect(deviation(cell)).toBeLessThan(8);
      }
      expect(deviation(await cellOf(sheet, store.slots[4]!, level === 0 ? 32 : 128))).toBeGreaterThan(20);
    }
    expect(store.missing).toEqual([
      { row: 0, reason: "file not found" },
      { row: 1, reason: "truncated: the JPEG ends too early" },
      { row: 2, reason: "20000 x 20000 pixels exceed the limit of 268 megapixels" },
      { row: 3, reason: "SVG pictures cannot be read" },
      { row: 7, reason: "is a folder" },
    ]);
    await store.close();
  });

  test("are drawn again when a picture comes back, and not before", async () => {
    const files = await layOutPictures(await temporaryFolder(), 5);
    const model = await temporaryFolder();
    await rename(files[2]!, `${files[2]}.away`);
    await new SheetStore(collection(files, model)).buildAll();

    const second = collection(files, model);
    const store = new SheetStore(second);
    const gone = await store.sheet(1, 0);
    expect(store.missing).toEqual([{ row: 2, reason: "file not found" }]);
    expect(new Set(second.opened)).toEqual(new Set([files[2]]));

    await copyFile(`${files[2]}.away`, files[2]!);
    const back = await store.sheet(1, 0);
    expect(store.missing).toEqual([]);
    const expected = await expectedCell(files[2]!, 128);
    expect(difference(await cellOf(gone, store.slots[2]!, 128), expected)).toBeGreaterThan(20);
    expect(difference(await cellOf(back, store.slots[2]!, 128), expected)).toBeLessThan(8);
    const small = await cellOf(await store.sheet(0, 0), store.slots[2]!, 32);
    expect(difference(small, await expectedCell(files[2]!, 32))).toBeLessThan(8);
  });

  test("decode each picture once, whoever asks for what at the same time", async () => {
    const files = await layOutPictures(await temporaryFolder(), 147);
    const asked = collection(files, await temporaryFolder());
    const store = new SheetStore({ ...asked, concurrency: 3 });
    const progress: number[] = [];
    const [, ...sheets] = await Promise.all([
      store.buildAll({ onProgress: (fraction) => progress.push(fraction) }),
      ...[0, 1, 2, 2, 1, 0].map((index) => store.sheet(1, index)),
      ...[0, 0].map((index) => store.sheet(0, index)),
    ]);
    expect([...asked.opened].sort()).toEqual([...files].sort());
    expect(sheets[0]).toEqual(sheets[5]);
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);

    // Everything is there now, for another program too.
    const later = collection(files, asked.folder);
    const other = new SheetStore(later);
    await other.buildAll({ onProgress: (fraction) => progress.push(fraction) });
    expect(await other.sheet(1, 1)).toEqual(sheets[1]);
    expect(progress.at(-1)).toBe(1);
    expect(later.opened).toEqual([]);
  });

  test("of overview are made from details on disk: no picture is opened", async () => {
    const files = await layOutPictures(await temporaryFolder(), 70);
    const model = await temporaryFolder();
    const first = new SheetStore(collection(files, model));
    await first.sheet(1, 0);
    await first.sheet(1, 1);
    const later = collection(files, model);
    const store = new SheetStore(later);
    const sheet = await store.sheet(0, 0);
    expect(later.opened).toEqual([]);
    for (const row of [0, 71]) {
      const found = await cellOf(sheet, store.slots[row]!, 32);
      expect(difference(found, await expectedCell(files[row]!, 32))).toBeLessThan(8);
    }
  });

  test("end with their signals", async () => {
    const files = await layOutPictures(await temporaryFolder(), 60);
    const store = new SheetStore(collection(files, await temporaryFolder()));
    const impatient = new AbortController();
    const left = store.sheet(1, 0, { signal: impatient.signal });
    const stayed = store.sheet(1, 0);
    impatient.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect((await stayed).length).toBeGreaterThan(1000);
    await expect(store.buildAll({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");

    const other = collection(files, await temporaryFolder());
    const closed = new SheetStore(other);
    const [first, second] = [closed.sheet(0, 0), closed.buildAll()];
    const outcomes = Promise.allSettled([first, second]);
    await closed.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
    }
    const opened = other.opened.length;
    await expect(closed.sheet(0, 0)).rejects.toMatchObject({ name: "AbortError" });
    expect(other.opened.length).toBe(opened);
  });

  test("of what is not there", async () => {
    const files = await layOutPictures(await temporaryFolder(), 1);
    const store = new SheetStore(collection(files, await temporaryFolder()));
    for (const [level, index] of [
      [0, 1],
      [1, -1],
      [2, 0],
      [-1, 0],
      [0, 0.5],
      [0, Number.NaN],
    ] as const) {
      await expect(store.sheet(level, index)).rejects.toThrow(InputError);
    }
    const empty = new SheetStore(collection([], path.join(await temporaryFolder(), "none")));
    expect(empty.levels.map(({ sheets }) => sheets)).toEqual([0, 0]);
    await empty.buildAll();
    await empty.close();
  });
});
