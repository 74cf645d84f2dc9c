import type { Dendrogram } from "../compare/average-linkage.ts";
import { round } from "./chart-paper.ts";

/**
 * The branches of a tree lying on its side, leaves at the right, as SVG path data: one bracket a merge.
 *
 * @param yOf where a leaf is, by its number
 * @param xOf where a height is
 */
export function treePath(
  { leaves, children, heights }: Dendrogram,
  yOf: (leaf: number) => number,
  xOf: (height: number) => number,
): string {
  const y = new Float64Array(leaves + heights.length);
  const x = new Float64Array(leaves + heights.length);
  for (let leaf = 0; leaf < leaves; leaf++) {
    y[leaf] = yOf(leaf);
    x[leaf] = xOf(0);
  }
  const brackets = Array.from(heights, (height, merge) => {
    const [a, b] = [children[2 * merge]!, children[2 * merge + 1]!];
    const node = leaves + merge;
    x[node] = xOf(height);
    y[node] = (y[a]! + y[b]!) / 2;
    return `M${round(x[a]!)} ${round(y[a]!)}H${round(x[node])}V${round(y[b]!)}H${round(x[b]!)}`;
  });
  return brackets.join("");
}
