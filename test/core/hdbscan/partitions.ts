import type { SingleLinkageTree } from "../../../src/core/hdbscan/single-linkage.ts";

/** For each point the lowest index of those it is joined with at distances up to `height`. */
export function partitionAtHeight(tree: SingleLinkageTree, points: number, height: number): number[] {
  const lowest = Array.from({ length: 2 * points - 1 }, (_, i) => i);
  const top = lowest.slice();
  for (let row = 0; row < tree.left.length && tree.distance[row]! <= height; row++) {
    const node = points + row;
    lowest[node] = Math.min(lowest[tree.left[row]!]!, lowest[tree.right[row]!]!);
    top[tree.left[row]!] = node;
    top[tree.right[row]!] = node;
  }
  for (let node = top.length - 1; node >= 0; node--) top[node] = top[top[node]!]!;
  return Array.from({ length: points }, (_, i) => lowest[top[i]!]!);
}

/** Labels renumbered in the order of their first point. */
export function canonicalLabels(labels: ArrayLike<number>): number[] {
  const numbers = new Map([[-1, -1]]);
  return Array.from(labels, (label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size - 1);
    return numbers.get(label)!;
  });
}

/** How many points do not get the same label when those of `found` are renamed to the ones they meet most often. */
export function disagreements(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const meetings = new Map<string, number>();
  for (let i = 0; i < expected.length; i++) {
    const pair = `${found[i]} ${expected[i]}`;
    meetings.set(pair, (meetings.get(pair) ?? 0) + 1);
  }
  const renamed = new Map([[-1, -1]]);
  const taken = new Set([-1]);
  for (const [pair] of [...meetings].sort((a, b) => b[1] - a[1])) {
    const [from, to] = pair.split(" ").map(Number) as [number, number];
    if (renamed.has(from) || taken.has(to)) continue;
    renamed.set(from, to);
    taken.add(to);
  }
  return Array.from(expected).filter((label, i) => renamed.get(found[i]!) !== label).length;
}
