import type { Bounds } from "./camera.ts";

/** Quartile ranges beyond the quartiles at which a picture counts as a stray (Tukey, "Exploratory Data Analysis", 1977). */
const FENCE = 1.5;

/**
 * Where the pictures of a concept lie on the map, without its strays; null for none.
 *
 * The fences stand upon quartiles: a fixed share that is left out on each side is the whole bounds again as soon as a concept has more
 * strays than that, and cuts into concepts that have none. Two heaps of like size lie within the fences, both.
 */
export function conceptBounds(places: Float32Array, groups: Int32Array, concept: number): Bounds | null {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let row = 0; row < groups.length; row++) {
    if (groups[row] !== concept || !Number.isFinite(places[2 * row]!)) continue;
    xs.push(places[2 * row]!);
    ys.push(places[2 * row + 1]!);
  }
  if (xs.length === 0) return null;
  const [left, right] = fences(xs);
  const [bottom, top] = fences(ys);
  // Far off to one side is far off, whatever the other coordinate says.
  const near = xs.flatMap((x, i) => {
    const y = ys[i]!;
    return x >= left && x <= right && y >= bottom && y <= top ? [i] : [];
  });
  return boundsOf(near.length > 0 ? near : [...xs.keys()], xs, ys);
}

/** Between them lies what is no stray, along one axis. */
function fences(values: readonly number[]): [number, number] {
  const sorted = Float32Array.from(values).sort();
  const last = sorted.length - 1;
  const [low, high] = [sorted[Math.floor(last / 4)]!, sorted[Math.ceil((3 * last) / 4)]!];
  const reach = FENCE * (high - low);
  return [low - reach, high + reach];
}

function boundsOf(places: readonly number[], xs: readonly number[], ys: readonly number[]): Bounds {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [bottom, top] = [left, right];
  for (const i of places) {
    left = Math.min(left, xs[i]!);
    right = Math.max(right, xs[i]!);
    bottom = Math.min(bottom, ys[i]!);
    top = Math.max(top, ys[i]!);
  }
  return { left, right, bottom, top };
}
