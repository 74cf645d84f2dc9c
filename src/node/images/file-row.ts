import path from "node:path";
import type { ImageTable } from "../../core/model.ts";
import { imageRow } from "../../core/search/resolve-terms.ts";
import { isAddress, nameBelow } from "../inputs/location.ts";

/** Row of a picture by its path in the model, its id, or where its file is; -1 for none. */
export function fileRow(images: Pick<ImageTable, "paths" | "ids" | "root">, image: string): number {
  const row = imageRow(images, image);
  if (row !== -1 || images.root === null || isAddress(image)) return row;
  return imageRow(images, nameBelow(images.root, path.resolve(image)));
}
