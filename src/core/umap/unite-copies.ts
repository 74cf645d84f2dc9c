import { type Matrix, takeRows } from "../math/matrix.ts";
import { distinctRows } from "../neighbors/distinct-rows.ts";

/**
 * Puts equal points at one place, that of the first of them. The optimiser moves every copy on its own; left
 * apart, two copies of one picture could end in different clusters, and a third one asked for later would
 * contradict one of them. (Deviation from umap-learn, which leaves them apart unless told `unique`.)
 *
 * @param layout points x dimensions; not changed
 * @param points the points laid out, rows x any
 */
export function uniteCopies(layout: Matrix, points: Matrix): Matrix {
  const { count, groups, offsets, members } = distinctRows(points);
  if (count === points.rows) return layout;
  return takeRows(
    layout,
    groups.map((group) => members[offsets[group]!]!),
  );
}
