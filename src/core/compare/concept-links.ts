import type { Concept, ImageTable } from "../model.ts";
import type { PicturePairs } from "./picture-pairs.ts";

/** Two concepts of which one went on as the other, wholly or in part. Places count in the models' lists of concepts. */
export interface ConceptLink {
  readonly before: number;
  readonly after: number;
  /** Pictures in both. */
  readonly shared: number;
}

/** How many pictures two groupings share, concept by concept. */
export interface Overlaps {
  /** Pairs of concepts that share pictures, by `before`, then `after`. */
  readonly pairs: readonly ConceptLink[];
  /** For each earlier concept, how many of its pictures are in the later collection. */
  readonly keptBefore: Int32Array;
  /** For each later concept, how many of its pictures were in the earlier collection. */
  readonly keptAfter: Int32Array;
}

interface Grouping {
  readonly images: Pick<ImageTable, "concepts">;
  readonly concepts: readonly Concept[];
}

/** Above this share of what is left of a concept it has gone on in one place: at most one can hold more than half. */
const MAJORITY = 0.5;
/** A link needs this share of one of its concepts: two pictures left of a hundred tell nothing of the hundred. */
const LEAST_PRESENCE = 0.2;

/** For each picture the place of its concept in the model's list, -1 for none. */
export function conceptPlaces({ images, concepts }: Grouping): Int32Array {
  const places = new Map(concepts.map(({ id }, place) => [id, place]));
  return images.concepts.map((id) => places.get(id) ?? -1);
}

/** Counts the pictures that pairs of concepts share. Takes memory for the pairs there are, not for all there could be. */
export function countOverlaps(before: Grouping, after: Grouping, pictures: PicturePairs): Overlaps {
  const placeBefore = conceptPlaces(before);
  const placeAfter = conceptPlaces(after);
  const keptBefore = new Int32Array(before.concepts.length);
  const keptAfter = new Int32Array(after.concepts.length);
  const counts = new Map<number, number>();
  pictures.laterOf.forEach((later, earlier) => {
    if (later === -1) return;
    const [a, b] = [placeBefore[earlier]!, placeAfter[later]!];
    if (a !== -1) keptBefore[a] = keptBefore[a]! + 1;
    if (b !== -1) keptAfter[b] = keptAfter[b]! + 1;
    if (a === -1 || b === -1) return;
    const key = a * after.concepts.length + b;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const pairs = [...counts.entries()]
    .sort(([a], [b]) => a - b)
    .map(([key, shared]) => ({
      before: Math.floor(key / after.concepts.length),
      after: key % after.concepts.length,
      shared,
    }));
  return { pairs, keptBefore, keptAfter };
}

/**
 * Links concepts that went on: most of the pictures left of the one are in the other, or most of the earlier pictures of the
 * other came from the one. Concepts with one link on each side continued; with several, they split or merged; with none, they
 * died or were born. The idea of overlaps in both directions is MONIC's (Spiliopoulou et al. 2006, section 3); deviations: the
 * threshold is a majority, so that an heir is always one, and what counts is the pictures that both collections have, so that
 * a collection that grew does not look as if all its concepts had changed.
 */
export function linkConcepts(before: Grouping, after: Grouping, overlaps: Overlaps): ConceptLink[] {
  const { pairs, keptBefore, keptAfter } = overlaps;
  return pairs.filter(({ before: a, after: b, shared }) => {
    const isHeir = shared > MAJORITY * keptBefore[a]! && shared >= LEAST_PRESENCE * before.concepts[a]!.size;
    const isOrigin = shared > MAJORITY * keptAfter[b]! && shared >= LEAST_PRESENCE * after.concepts[b]!.size;
    return isHeir || isOrigin;
  });
}
