import { availableParallelism } from "node:os";
import type { WorkOptions } from "../../core/stages.ts";
import { skippedFile } from "../images/file-reason.ts";
import type { SkippedFile } from "../images/image-file.ts";
import { orderedMap } from "../images/ordered-map.ts";
import { checkReadable } from "../images/sharp-decoder.ts";
import { viewable } from "../images/viewable.ts";
import type { CollectedImage, Collection } from "./collection.ts";
import { containerKindOf } from "./container-kinds.ts";
import { isAddress } from "./location.ts";
import { type ReadOptions, readPicture } from "./read-picture.ts";
import { isS3 } from "./s3.ts";

export interface KindCount {
  /** `"file"`, `"zip"`, `"tar"`, `"table"`, `"video"`, `"web"`, `"s3"` */
  readonly kind: string;
  readonly pictures: number;
  readonly bytes: number;
}

/** What a fit would do with its inputs. */
export interface InputSurvey {
  /** Pictures that could be read, by where they are. */
  readonly kinds: readonly KindCount[];
  /** Different pictures that would be embedded. */
  readonly fresh: number;
  /** Pictures whose vectors are in the cache. */
  readonly cached: number;
  /** Pictures equal to an earlier one. */
  readonly repeated: number;
  readonly skipped: readonly SkippedFile[];
  readonly ignored: Readonly<Record<string, number>>;
}

/**
 * Reads every picture of a collection and looks at its first bytes, without decoding or embedding any: damage further inside
 * is found by the fit only.
 *
 * @param isCached whether the vector of a picture is known
 */
export async function surveyInputs(
  collection: Collection,
  isCached: (id: string) => Promise<boolean>,
  { signal, onProgress, ...reading }: WorkOptions & ReadOptions,
): Promise<InputSurvey> {
  const { images } = collection;
  const kinds = new Map<string, { pictures: number; bytes: number }>();
  const skipped: SkippedFile[] = [...collection.skipped];
  const seen = new Set<string>();
  const counts = { fresh: 0, cached: 0, repeated: 0 };
  const concurrency = images.some(({ location }) => isAddress(location)) ? 16 : availableParallelism();
  const looked = orderedMap(images, { concurrency, ahead: 2 * concurrency }, (image) =>
    look(image, { ...reading, signal, revalidate: true }),
  );
  let done = 0;
  for await (const found of looked) {
    onProgress?.(++done / images.length);
    if ("code" in found) {
      skipped.push(found);
      continue;
    }
    const count = kinds.get(found.kind) ?? { pictures: 0, bytes: 0 };
    kinds.set(found.kind, { pictures: count.pictures + 1, bytes: count.bytes + found.bytes });
    if (seen.has(found.id)) counts.repeated++;
    else if (await isCached(found.id)) counts.cached++;
    else counts.fresh++;
    seen.add(found.id);
  }
  const list = Array.from(kinds, ([kind, count]) => ({ kind, ...count }));
  return {
    kinds: list.sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    ...counts,
    skipped,
    ignored: collection.ignored,
  };
}

interface Looked {
  readonly kind: string;
  readonly id: string;
  readonly bytes: number;
}

async function look({ path, location }: CollectedImage, reading: ReadOptions): Promise<Looked | SkippedFile> {
  try {
    const { id, bytes } = await readPicture(location, reading);
    checkReadable(await viewable(path, bytes, reading.signal));
    return { kind: kindOf(location), id, bytes: bytes.length };
  } catch (error) {
    reading.signal?.throwIfAborted();
    return skippedFile(path, error);
  }
}

function kindOf(location: string): string {
  if (isAddress(location)) return isS3(location) ? "s3" : "web";
  const container = location.split("!/", 1)[0]!;
  return container === location ? "file" : (containerKindOf(container)?.name ?? "file");
}
