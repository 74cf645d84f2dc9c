import type { ApiConcept } from "../../core/explorer/api.ts";
import type { MapName } from "./map-labels.ts";

/** The concepts to be named: those that are not hidden, and of a recut that is looked at those that go on. */
export function mapNames(concepts: readonly ApiConcept[], preview: Int32Array | null): MapName[] {
  const sizes = preview === null ? null : sizesOf(preview);
  return concepts
    .filter(({ hidden, x, y }) => !hidden && Number.isFinite(x) && Number.isFinite(y))
    .map(({ id, name, x, y, size }) => ({
      concept: id,
      name,
      x,
      y,
      size: sizes === null ? size : (sizes.get(id) ?? 0),
    }))
    .filter(({ size, name }) => size > 0 && name !== "");
}

/** Whether each concept has a lit picture. */
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
