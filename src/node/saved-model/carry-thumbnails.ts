import { lstat, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { imageTableFile, thumbnailFolder } from "./model-layout.ts";

/**
 * Moves the thumbnails of a model that was replaced to the one that replaced it, where both have the same table of pictures: then
 * they show the same ones in the same order. A new fit begins without, so that no picture stays that is not in the model.
 * They can be drawn again, so nothing here fails.
 */
export async function carryThumbnails(old: string, fresh: string): Promise<void> {
  try {
    const thumbnails = join(old, thumbnailFolder);
    if (!(await lstat(thumbnails)).isDirectory()) return;
    const [before, after] = [old, fresh].map((folder) => join(folder, imageTableFile));
    if ((await lstat(before!)).size !== (await lstat(after!)).size) return;
    if (!(await readFile(before!)).equals(await readFile(after!))) return;
    await rename(thumbnails, join(fresh, thumbnailFolder));
  } catch {
    // Without them the next explorer draws them again.
  }
}
