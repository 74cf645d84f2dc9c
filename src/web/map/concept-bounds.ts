import type { Bounds } from "./camera.ts";

/** Share of a concept's pictures that may lie outside, on each side: some are always far off. */
const STRAY = 0.03;

/** Where the pictures of a concept lie on the map; null for none. */
export function conceptBounds(places: Float32Array, groups: Int32Array, concept: number): Bounds | null {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let row = 0; row < groups.length; row++) {
    if (groups[row] !== concept || !Number.isFinite(places[2 * row]!)) continue;
    xs.push(places[2 * row]!);
    ys.push(places[2 * row + 1]!);
  }
  if (xs.length === 0) return null;
  const [left, right] = inner(Float32Array.from(xs));
  const [bottom, top] = inner(Float32Array.from(ys));
  return { left, right, bottom, top };
}

function inner(values: Float32Array): [number, number] {
  values.sort();
  const skipped = Math.floor(values.length * STRAY);
  return [values[skipped]!, values[values.length - 1 - skipped]!];
}
