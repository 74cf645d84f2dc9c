import { writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import { writeFreshFolder } from "./fresh-folder.ts";
import { imageFile, shownConcepts } from "./shown-concepts.ts";

/**
 * Writes a folder that FiftyOne imports as `fo.types.FiftyOneImageClassificationDataset` (its importer of 2022 and
 * later): `data.json` says where each picture is, `labels.json` which class it has. Classes are the concepts that are
 * not hidden; pictures in none are unlabelled. Pictures are named by their place, not copied.
 *
 * @param target a folder that is not there yet, or empty
 * @throws InputError when it is not, or when the pictures of the model are no files
 */
export async function exportFiftyone(model: FittedModel, target: string): Promise<void> {
  const { images } = model;
  if (images.root === null) {
    throw new InputError("FiftyOne wants files of pictures", {
      expected: "a model fitted on pictures",
      found: "one fitted on vectors with names only",
    });
  }
  const shown = shownConcepts(model);
  const classOf = new Map(shown.map(({ concept }, place) => [concept.id, place]));
  // The importer drops what looks like an extension: keys have none.
  const key = (row: number): string => String(row).padStart(8, "0");
  const rows = images.paths.map((_, row) => row);
  const data = Object.fromEntries(rows.map((row) => [key(row), imageFile(images, row)]));
  const labels = Object.fromEntries(
    rows.map((row) => [key(row), classOf.get(images.concepts[row]!) ?? null]),
  );
  await writeFreshFolder(target, async (folder) => {
    await writeFile(path.join(folder, "data.json"), `${JSON.stringify(data)}\n`);
    const classes = shown.map(({ name }) => name);
    await writeFile(path.join(folder, "labels.json"), `${JSON.stringify({ classes, labels })}\n`);
  });
}
