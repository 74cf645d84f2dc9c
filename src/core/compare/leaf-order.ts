/**
 * An order of the leaves of a binary tree in which no branches cross and, at every merge, the two leaves that meet are the
 * nearest of the four that could (Gruvaeus and Wainer 1972). The first leaf is the lower one of the two ends.
 *
 * @param children merges x 2, as in `Dendrogram`
 * @param n number of leaves
 * @param distances n x n, row-major, symmetric
 */
export function leafOrder(children: Int32Array, n: number, distances: Float64Array): Int32Array {
  const runs = new Map<number, number[]>();
  const takeRun = (node: number): number[] => {
    const run = node < n ? [node] : runs.get(node)!;
    runs.delete(node);
    return run;
  };
  for (let merge = 0; merge < n - 1; merge++) {
    const left = takeRun(children[2 * merge]!);
    const right = takeRun(children[2 * merge + 1]!);
    runs.set(
      n + merge,
      joinRuns(left, right, (a, b) => distances[a * n + b]!),
    );
  }
  const order = n === 0 ? [] : takeRun(n === 1 ? 0 : 2 * n - 2);
  return Int32Array.from(order.length > 0 && order.at(-1)! < order[0]! ? order.reverse() : order);
}

function joinRuns(left: number[], right: number[], distance: (a: number, b: number) => number): number[] {
  let best = { gap: Number.POSITIVE_INFINITY, left, right };
  for (const l of [left, left.toReversed()]) {
    for (const r of [right, right.toReversed()]) {
      const gap = distance(l.at(-1)!, r[0]!);
      if (gap < best.gap) best = { gap, left: l, right: r };
    }
  }
  return [...best.left, ...best.right];
}
