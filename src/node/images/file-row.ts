import path from "node:path";
import type { ImageTable } from "../../core/model.ts";
import { imageRow } from "../../core/search/resolve-terms.ts";

/** Row of a picture by its path in the model, its id, or where its file is; -1 for none. */
export function fileRow(images: Pick<ImageTable, "paths" | "ids" | "root">, image: string): number {
  const row = imageRow(images, image);
  if (row !== -1 || images.root === null) return row;
  const below = path.relative(images.root, path.resolve(image));
  return imageRow(images, below.split(path.sep).join("/"));
}
