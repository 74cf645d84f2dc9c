import type { ImageTable } from "../../core/model.ts";

/** The median place on the map of the pictures of each concept, by its id; places that are no numbers do not count. */
export function middlePlaces({
  concepts,
  map,
}: Pick<ImageTable, "concepts" | "map">): ReadonlyMap<number, readonly [number, number]> {
  const places = new Map<number, { readonly xs: number[]; readonly ys: number[] }>();
  concepts.forEach((id, row) => {
    const [x, y] = [map.data[2 * row]!, map.data[2 * row + 1]!];
    if (id === -1 || !Number.isFinite(x) || !Number.isFinite(y)) return;
    const known = places.get(id);
    if (known === undefined) places.set(id, { xs: [x], ys: [y] });
    else {
      known.xs.push(x);
      known.ys.push(y);
    }
  });
  return new Map([...places].map(([id, { xs, ys }]) => [id, [median(xs), median(ys)]]));
}

function median(values: readonly number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1]!;
}
