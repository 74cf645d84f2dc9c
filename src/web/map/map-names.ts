import type { ApiConcept } from "../../core/explorer/api.ts";
import type { Bounds } from "./camera.ts";
import { densePlaces } from "./dense-places.ts";
import type { MapName } from "./map-labels.ts";

export interface NameSources {
  readonly concepts: readonly Pick<ApiConcept, "id" | "name" | "hidden">[];
  /** x and y of each row. */
  readonly places: Float32Array;
  /** The concept of each row. */
  readonly groups: Int32Array;
  readonly bounds: Bounds;
}

/** The concepts to be named: those that are not hidden, and of a recut that is looked at those that go on. */
export function mapNames({ concepts, places, groups, bounds }: NameSources): MapName[] {
  const sizes = sizesOf(groups);
  const spots = densePlaces(places, groups, bounds);
  const names: MapName[] = [];
  for (const { id, name, hidden } of concepts) {
    const spot = spots.get(id);
    if (!hidden && name !== "" && spot !== undefined)
      names.push({ concept: id, name, size: sizes.get(id)!, ...spot });
  }
  return names;
}

/** Share of its pictures from which on a concept counts as lit: a stray one says nothing of it. */
const LIT_SHARE = 0.02;

/** Which concepts have lit pictures, more than a stray few. */
export function litConcepts(groups: Int32Array, lit: Uint8Array): ReadonlySet<number> {
  const most = groups.reduce((highest, group) => Math.max(highest, group), -1);
  // The first is for pictures in none.
  const counts = new Uint32Array(most + 2);
  const lits = new Uint32Array(most + 2);
  for (let row = 0; row < groups.length; row++) {
    counts[groups[row]! + 1]!++;
    lits[groups[row]! + 1]! += lit[row]!;
  }
  const concepts = new Set<number>();
  for (const [at, count] of lits.entries())
    if (count > 0 && count >= LIT_SHARE * counts[at]!) concepts.add(at - 1);
  return concepts;
}

function sizesOf(groups: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const id of groups) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  return sizes;
}
