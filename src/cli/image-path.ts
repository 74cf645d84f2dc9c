import type { ImageTable } from "../core/model.ts";
import { locate } from "../node/inputs/location.ts";

/** Where an image is: its file, an entry of a file, or its address; its name where it has no file. */
export function imagePath(images: Pick<ImageTable, "paths" | "root">, row: number): string {
  const name = images.paths[row]!;
  return images.root === null ? name : locate(images.root, name);
}
