import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { assertReplaceable, saveModel } from "../../../src/node/saved-model/save-model.ts";
import { SheetStore } from "../../../src/node/thumbnails/sheet-store.ts";
import { temporaryFolder } from "../images/pictures.ts";
import { layOutPictures } from "../thumbnails/pictures.ts";
import { registered, sampleModel } from "./sample-model.ts";

async function savedWithThumbnails() {
  const files = await layOutPictures(await temporaryFolder(), 57);
  const folder = path.join(await temporaryFolder(), "photos.concept");
  const model = await sampleModel(1);
  await saveModel(model, folder);
  const opened: number[] = [];
  const pathOf = (row: number): string => {
    opened.push(row);
    return files[row]!;
  };
  await new SheetStore({ model, folder, pathOf }).buildAll();
  expect(opened.splice(0).length).toBe(60);
  return { folder, model, opened, pathOf, thumbnails: path.join(folder, "thumbnails") };
}

test("a saved model with thumbnails is the same model: it loads, is copied, and may be replaced", async () => {
  const { folder, model, opened, pathOf, thumbnails } = await savedWithThumbnails();
  const manifest = await readFile(path.join(folder, "model.json"), "utf8");
  expect(manifest).not.toContain("thumbnails");
  expect((await loadModel(folder, registered)).images).toEqual(model.images);
  await assertReplaceable(folder);

  const copy = path.join(path.dirname(folder), "copy.concept");
  await cp(folder, copy, { recursive: true });
  const copied = await loadModel(copy, registered);
  await new SheetStore({ model: copied, folder: copy, pathOf }).sheet(0, 0);
  expect(opened).toEqual([]);

  // Sheets are nobody's work: without them, or with broken ones, it is the same model still.
  const [key] = await readdir(thumbnails);
  await writeFile(path.join(thumbnails, key!, "0", "0.webp"), "broken");
  expect((await loadModel(folder, registered)).images).toEqual(model.images);
  await rm(thumbnails, { recursive: true });
  expect((await loadModel(folder, registered)).images).toEqual(model.images);
});

test("saving a model again keeps its thumbnails, saving another one drops them", async () => {
  const { folder, model, opened, pathOf, thumbnails } = await savedWithThumbnails();
  await saveModel({ ...model, vocabulary: null }, folder);
  const saved = await loadModel(folder, registered);
  expect(saved.vocabulary).toBe(null);
  await new SheetStore({ model: saved, folder, pathOf }).buildAll();
  expect(opened).toEqual([]);

  await saveModel(await sampleModel(2), folder);
  expect(await readdir(folder)).not.toContain("thumbnails");
  expect((await readdir(path.dirname(folder))).filter((name) => name.startsWith("."))).toEqual([]);

  // A link is not carried over, nor is what it leads to touched.
  const outside = await temporaryFolder();
  await writeFile(path.join(outside, "kept.txt"), "kept");
  await symlink(outside, thumbnails);
  await saveModel(await sampleModel(2), folder);
  expect(await readdir(folder)).not.toContain("thumbnails");
  expect(await readdir(outside)).toEqual(["kept.txt"]);
});

test("a file of the user's among the thumbnails is not overwritten", async () => {
  const { folder, model, thumbnails } = await savedWithThumbnails();
  await writeFile(path.join(thumbnails, "notes.txt"), "mine");
  await expect(saveModel(model, folder)).rejects.toThrow("thumbnails/notes.txt");
  await rm(path.join(thumbnails, "notes.txt"));
  await mkdir(path.join(thumbnails, "mine"));
  await expect(saveModel(model, folder)).rejects.toThrow("thumbnails/mine/");
});
