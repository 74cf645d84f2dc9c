import type { FittedModel } from "../model.ts";
import type { WorkOptions } from "../stages.ts";
import { groupingAfter } from "./apply-edits.ts";

/** Concepts kept for a picture: beyond these, strengths are crumbs. */
const CONCEPTS_PER_PICTURE = 5;

/** How much pictures belong to concepts: strongest concepts first, those of strength 0 left out. */
export interface Memberships {
  /** pictures + 1 offsets into `concepts` and `strengths` */
  readonly offsets: Int32Array;
  /** Concept ids, at most `perPicture` a picture. */
  readonly concepts: Int32Array;
  /** 0 to 1; those of a picture add up to 1 at most. */
  readonly strengths: Float32Array;
}

export interface MembershipOptions extends WorkOptions {
  /** Concepts kept for a picture at most; default 5. */
  readonly perPicture?: number | undefined;
}

/** Soft membership of every picture of a model; see `softMemberships`. */
export async function membershipsOf(
  model: FittedModel,
  options: MembershipOptions = {},
): Promise<Memberships> {
  const { shaping } = model;
  const byHand = shaping === undefined ? null : groupingAfter(shaping.base, shaping.edits).byHand;
  return softMemberships(model, byHand, options);
}

/**
 * Soft membership of every picture. Degrees are the clusterer's, from labels to concepts: a concept that was merged has the sum of
 * its labels; where a label's pictures are in several concepts, a picture with that label counts it for its own concept, any
 * other for each in proportion to the label's pictures there. Pictures moved by hand into a concept belong to it alone.
 *
 * @returns no strengths where the clusterer knows no degrees
 */
export async function softMemberships(
  model: FittedModel,
  byHand: Uint8Array | null,
  options: MembershipOptions = {},
): Promise<Memberships> {
  const { concepts } = model.images;
  const offsets = new Int32Array(concepts.length + 1);
  const ids: number[] = [];
  const strengths: number[] = [];
  const all = Int32Array.from({ length: concepts.length }, (_, row) => row);
  const perPicture = options.perPicture ?? CONCEPTS_PER_PICTURE;
  await visitConceptStrengths(model, all, options, (row, found) => {
    const own = concepts[row]!;
    const ranked =
      byHand?.[row] === 1 ? (own === -1 ? [] : [[own, 1] as const]) : strongest(found, perPicture);
    for (const [concept, strength] of ranked) {
      // Exemplars leave less to other concepts than float32 can hold.
      if (Math.fround(strength) === 0) continue;
      ids.push(concept);
      strengths.push(Math.min(1, strength));
    }
    offsets[row + 1] = ids.length;
  });
  return { offsets, concepts: Int32Array.from(ids), strengths: Float32Array.from(strengths) };
}

/** Strongest first, of equals the lower id; far cheaper than sorting all of them for every picture. */
function strongest(found: ReadonlyMap<number, number>, count: number): (readonly [number, number])[] {
  const best: (readonly [number, number])[] = [];
  const precedes = ([a, x]: readonly [number, number], [b, y]: readonly [number, number]): boolean =>
    x > y || (x === y && a < b);
  for (const entry of found) {
    if (best.length === count && !precedes(entry, best[count - 1]!)) continue;
    let place = best.length === count ? count - 1 : best.length;
    while (place > 0 && precedes(entry, best[place - 1]!)) {
      best[place] = best[place - 1]!;
      place--;
    }
    best[place] = entry;
  }
  return best;
}

/** Tells for each of some pictures its positive strengths by concept id, in a map that is used again for the next. */
export async function visitConceptStrengths(
  model: FittedModel,
  rows: Int32Array,
  work: WorkOptions,
  visit: (row: number, strengths: ReadonlyMap<number, number>) => void,
): Promise<void> {
  const { clusterer } = model;
  const shares = labelShares(model);
  const found = new Map<number, number>();
  const add = (concept: number, strength: number): void => {
    if (strength > 0) found.set(concept, (found.get(concept) ?? 0) + strength);
  };
  if (clusterer.visitMemberships === undefined || clusterer.clusterCount === 0) {
    for (const row of rows) visit(row, found);
    return;
  }
  await clusterer.visitMemberships(
    rows,
    (row, strengths) => {
      found.clear();
      const own = model.images.concepts[row]!;
      for (let label = 0; label < strengths.length; label++) {
        const strength = strengths[label]!;
        // Where a point is close to nothing, shares are 0 / 0.
        if (!(strength > 0)) continue;
        if (clusterer.labels[row] === label && own !== -1) add(own, strength);
        else for (const [concept, share] of shares[label]!) add(concept, strength * share);
      }
      visit(row, found);
    },
    work,
  );
}

/** For each label the concepts of its pictures, with the part of them that is in each; pictures in none do not count. */
function labelShares({ clusterer, images }: FittedModel): (readonly [concept: number, share: number])[][] {
  const counts = Array.from({ length: clusterer.clusterCount }, () => new Map<number, number>());
  clusterer.labels.forEach((label, row) => {
    const concept = images.concepts[row]!;
    if (label === -1 || concept === -1) return;
    counts[label]!.set(concept, (counts[label]!.get(concept) ?? 0) + 1);
  });
  return counts.map((map) => {
    const sum = [...map.values()].reduce((total, count) => total + count, 0);
    return [...map].map(([concept, count]) => [concept, count / sum] as const);
  });
}
