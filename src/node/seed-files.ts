import { InputError } from "../core/errors.ts";
import type { WorkOptions } from "../core/stages.ts";
import type { Seed } from "../core/zero-shot/seed.ts";
import type { FileEmbedder } from "./file-embedder.ts";
import { findCollection } from "./inputs/collection.ts";

/** A concept that is known before the fit, also by the files of example pictures. */
export interface FileSeed extends Seed {
  /** Example pictures, or folders of them. */
  readonly images?: readonly string[] | undefined;
}

/** Seeds with their example pictures as vectors. @throws InputError when none of the pictures of a seed can be read */
export async function embedSeeds(
  seeds: readonly FileSeed[],
  embedder: FileEmbedder,
  work: WorkOptions,
): Promise<Seed[]> {
  const embedded: Seed[] = [];
  for (const { images, ...seed } of seeds) {
    if (images === undefined || images.length === 0) {
      embedded.push(seed);
      continue;
    }
    const collection = await findCollection(images, work);
    const { vectors, skipped } = await embedder.embedFiles(collection.images, { signal: work.signal });
    if (vectors.rows === 0) {
      throw new InputError(`The example pictures of "${seed.name}" cannot be used`, {
        expected: "at least one readable picture",
        found: [...collection.skipped, ...skipped][0]?.reason ?? "none",
      });
    }
    embedded.push({ ...seed, vectors });
  }
  return embedded;
}
