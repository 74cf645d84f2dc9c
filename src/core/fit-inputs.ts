import type { FitInputs } from "./concept-model-options.ts";
import { InputError } from "./errors.ts";
import { checkColumns } from "./image-columns.ts";
import { assertFinite, type Matrix, row, unitRows } from "./math/matrix.ts";
import type { ImageList } from "./pipeline.ts";

/**
 * Images without content hashes: an image is called by its name, or else by its row.
 *
 * @param root the folder that the names are paths from; default null: they are no paths
 */
export function namedImages(
  count: number,
  names: readonly string[] | undefined,
  root: string | null = null,
): ImageList {
  const rows = Array.from({ length: count }, (_, i) => `row ${i}`);
  return { ids: rows, paths: names ?? rows, root, bytes: new Float64Array(count) };
}

/** Images with what the caller says of them. @throws InputError when it does not fit the images */
export function describedImages(images: ImageList, { captions, columns }: FitInputs): ImageList {
  const texts = captions?.map((given) => (typeof given === "string" ? [given] : given));
  const described = {
    columns: columns ?? images.columns ?? [],
    captions: texts?.map((given) => given.filter((text) => text.trim() !== "")) ?? images.captions ?? null,
  };
  checkColumns(described, images.paths.length);
  return { ...images, ...described };
}

/** Unit rows. @throws InputError for values that are not finite, and rows of zeros */
export function checkedVectors(vectors: Matrix): Matrix {
  assertFinite(vectors, "Image vectors");
  const unit = unitRows(vectors);
  for (let i = 0; i < unit.rows; i++) {
    if (row(unit, i).every((value) => value === 0)) {
      throw new InputError("Image vectors must point somewhere", {
        expected: "a value other than zero in every row",
        found: `only zeros in row ${i}`,
        hint: "Remove that row, then try again.",
      });
    }
  }
  return unit;
}
