import sharp from "sharp";
import { InputError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { skippedFile } from "../images/file-reason.ts";
import type { SkippedFile } from "../images/image-file.ts";
import { orderedMap } from "../images/ordered-map.ts";
import { type Location, locate } from "../inputs/location.ts";
import { pictureSource } from "../inputs/read-picture.ts";
import { writeWholeFile } from "./fresh-folder.ts";
import { shownConcepts } from "./shown-concepts.ts";

const AT_ONCE = 8;

/**
 * Writes the pictures and concepts as one JSON file in the format of COCO's object detection (cocodataset.org,
 * "Data format"): a concept is a category, with its id + 1, and each of its pictures has one annotation whose box is the
 * whole picture. Our addition is `score`, the strength of membership. Sizes are those of the upright picture.
 *
 * @param file written whole or not at all; an earlier file of the name is replaced
 * @returns pictures that could not be opened, and are left out
 * @throws InputError when the pictures of the model are no files
 */
export async function exportCoco(
  model: FittedModel,
  file: string,
  work: WorkOptions = {},
): Promise<{ readonly skipped: readonly SkippedFile[] }> {
  const { images } = model;
  const { root } = images;
  if (root === null) {
    throw new InputError("COCO wants the sizes of pictures", {
      expected: "a model fitted on pictures",
      found: "one fitted on vectors with names only",
    });
  }
  const shown = shownConcepts(model);
  const categoryOf = new Map(shown.map(({ concept }) => [concept.id, concept.id + 1]));
  const pictures: object[] = [];
  const annotations: object[] = [];
  const skipped: SkippedFile[] = [];
  const rows = images.paths.map((_, row) => row);
  const sizes = orderedMap(rows, { concurrency: AT_ONCE, ahead: 8 * AT_ONCE }, (at) =>
    sizeOf(locate(root, images.paths[at]!), at),
  );
  for await (const { row, size, failure } of sizes) {
    work.signal?.throwIfAborted();
    work.onProgress?.((row + 1) / rows.length);
    if (size === null) {
      skipped.push(failure!);
      continue;
    }
    const { width, height } = size;
    pictures.push({ id: row + 1, file_name: images.paths[row]!, width, height });
    const category = categoryOf.get(images.concepts[row]!);
    if (category === undefined) continue;
    annotations.push({
      id: annotations.length + 1,
      image_id: row + 1,
      category_id: category,
      bbox: [0, 0, width, height],
      area: width * height,
      segmentation: [],
      iscrowd: 0,
      score: images.probabilities[row]!,
    });
  }
  const categories = shown.map(({ concept, name }) => ({
    id: concept.id + 1,
    name,
    supercategory: "concept",
  }));
  const info = { description: "Concepts of a collection of pictures", version: "1.0" };
  await writeWholeFile(file, [
    `${JSON.stringify({ info, licenses: [], images: pictures, annotations, categories })}\n`,
  ]);
  return { skipped };
}

interface Sized {
  readonly row: number;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly failure: SkippedFile | null;
}

async function sizeOf(location: Location, row: number): Promise<Sized> {
  try {
    const { autoOrient } = await sharp(await pictureSource(location), { limitInputPixels: false }).metadata();
    return { row, size: autoOrient, failure: null };
  } catch (error) {
    return { row, size: null, failure: skippedFile(location, error) };
  }
}
