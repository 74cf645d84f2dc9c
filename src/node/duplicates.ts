import type { DuplicateGroups } from "../core/compare/near-duplicates.ts";
import { dot, row } from "../core/math/matrix.ts";
import type { FittedModel } from "../core/model.ts";
import type { WorkOptions } from "../core/stages.ts";
import { boundedMap } from "./collage/bounded-map.ts";
import { measurePicture } from "./collage/picture-source.ts";
import { thumbnailConcurrency } from "./collage/thumbnail.ts";
import { measureSharpness } from "./images/sharpness.ts";
import { locate } from "./inputs/location.ts";

/** A picture of a group of near-duplicates. */
export interface DuplicatePicture {
  /** Row in the model's image table. */
  readonly row: number;
  /** As the model has it. */
  readonly path: string;
  /** Concept id, -1 for none. */
  readonly concept: number;
  /** Cosine distance to the picture that is kept, 0 to 2. */
  readonly distance: number;
  /** Variance of the Laplacian at a size all pictures of the group have; null where the picture cannot be read. */
  readonly sharpness: number | null;
  /** In pixels, upright; 0 where it cannot be read. */
  readonly width: number;
  readonly height: number;
  /** Of the file, as of the fit; 0 where unknown. */
  readonly bytes: number;
}

/** Near-duplicates with the one to keep first. */
export interface RankedDuplicates {
  /** Largest cosine distance between a picture and the one in the middle of its group. */
  readonly threshold: number;
  /** Largest group first; in each the sharpest first, then more pixels, more bytes, the path. */
  readonly groups: readonly (readonly DuplicatePicture[])[];
  /** Pictures in groups that could not be read; they stand last in theirs. */
  readonly unreadable: readonly string[];
}

/** Pictures are compared at this size at most: enough to tell blur, little to decode. */
const LARGEST_SIDE = 512;
/** A copy loses or gains some sharpness by being encoded again: less than this factor counts as equal. */
const SAME_SHARPNESS = 0.8;

type Measured = DuplicatePicture & { readonly id: string; readonly source: string };

/**
 * Puts the picture worth keeping first in each group. Only pictures in groups are decoded.
 *
 * @param root the folder of the pictures; null: they are not looked at, and stand in the order of their paths
 */
export async function rankDuplicates(
  model: FittedModel,
  found: DuplicateGroups,
  root: string | null,
  work: WorkOptions = {},
): Promise<RankedDuplicates> {
  let done = 0;
  const measureGroup = async (rows: Int32Array): Promise<Measured[]> => {
    work.signal?.throwIfAborted();
    const group = Array.from(rows, (member) => pictureOf(model, member, root));
    const measured = root === null ? group : await measure(group);
    work.onProgress?.(++done / found.groups.length);
    return ranked(measured);
  };
  const options = { concurrency: thumbnailConcurrency, signal: work.signal };
  const groups = await boundedMap(found.groups, measureGroup, options);
  return {
    threshold: found.threshold,
    groups: groups.map((group) => withDistances(model, group)),
    unreadable:
      root === null
        ? []
        : groups.flat().flatMap((picture) => (picture.sharpness === null ? [picture.path] : [])),
  };
}

function pictureOf({ images }: FittedModel, member: number, root: string | null): Measured {
  const name = images.paths[member]!;
  return {
    id: images.ids[member]!,
    row: member,
    path: name,
    concept: images.concepts[member]!,
    distance: 0,
    sharpness: null,
    width: 0,
    height: 0,
    bytes: images.bytes[member]!,
    source: root === null ? name : locate(root, name),
  };
}

/** At the size of the smallest: a small copy of a picture has more contrast from pixel to pixel than the picture itself. */
async function measure(group: readonly Measured[]): Promise<Measured[]> {
  // Of a thousand equal files one is looked at, unless it has vanished.
  const sizeOf = onceReadable(async ({ source }) => {
    const { width, height, isMissing } = await measurePicture({ source });
    return isMissing ? null : { width, height };
  });
  const sized: Measured[] = [];
  for (const picture of group) sized.push({ ...picture, ...(await sizeOf(picture)) });
  const sides = sized.flatMap(({ width, height }) => (width > 0 ? [Math.max(width, height)] : []));
  const side = sides.reduce((least, value) => Math.min(least, value), LARGEST_SIDE);
  const sharpnessOf = onceReadable(({ source }) => measureSharpness(source, side).catch(() => null));
  const measured: Measured[] = [];
  for (const picture of sized) {
    measured.push({ ...picture, sharpness: picture.width === 0 ? null : await sharpnessOf(picture) });
  }
  return measured;
}

/** Asks once for pictures of equal content, and again after a failure. */
function onceReadable<Answer>(
  ask: (picture: Measured) => Promise<Answer | null>,
): (picture: Measured) => Promise<Answer | null> {
  const answers = new Map<string, Answer>();
  return async (picture) => {
    const known = answers.get(picture.id);
    if (known !== undefined) return known;
    const answer = await ask(picture);
    if (answer !== null) answers.set(picture.id, answer);
    return answer;
  };
}

function ranked(group: readonly Measured[]): Measured[] {
  const sharpest = group.reduce((most, { sharpness }) => Math.max(most, sharpness ?? 0), 0);
  // Steps, not differences: so that the order is one, whatever the order of comparisons.
  const step = ({ sharpness }: Measured): number => {
    if (sharpness === null) return Number.POSITIVE_INFINITY;
    if (sharpness >= sharpest * SAME_SHARPNESS) return 0;
    return sharpness === 0
      ? Number.MAX_VALUE
      : Math.floor(Math.log(sharpest / sharpness) / -Math.log(SAME_SHARPNESS));
  };
  const compareSteps = (a: number, b: number): number => (a === b ? 0 : a - b);
  return group.toSorted(
    (a, b) =>
      compareSteps(step(a), step(b)) ||
      b.width * b.height - a.width * a.height ||
      b.bytes - a.bytes ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : a.row - b.row),
  );
}

function withDistances({ imageVectors }: FittedModel, group: readonly Measured[]): DuplicatePicture[] {
  const kept = row(imageVectors, group[0]!.row);
  return group.map(({ source: _source, id: _id, ...picture }) => ({
    ...picture,
    distance: Math.max(0, 1 - dot(kept, row(imageVectors, picture.row))),
  }));
}
