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

/** Which concepts have a lit picture. */
export function litConcepts(groups: Int32Array, lit: Uint8Array): ReadonlySet<number> {
  const concepts = new Set<number>();
  let last = Number.NaN;
  for (let row = 0; row < groups.length; row++) {
    // Rows of one concept mostly come in runs: fewer look-ups.
    if (lit[row] === 0 || groups[row] === last) continue;
    last = groups[row]!;
    concepts.add(last);
  }
  return concepts;
}

function sizesOf(groups: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const id of groups) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  return sizes;
}
