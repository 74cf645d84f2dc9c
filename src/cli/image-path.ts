import path from "node:path";
import type { ImageTable } from "../core/model.ts";

/** Where an image's file is, absolute; its name where it has no file. */
export function imagePath(images: Pick<ImageTable, "paths" | "root">, row: number): string {
  const name = images.paths[row]!;
  return images.root === null ? name : path.join(images.root, name);
}
