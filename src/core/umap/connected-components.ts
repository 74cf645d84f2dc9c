import type { SparseGraph } from "./fuzzy-graph.ts";

export interface ConnectedComponents {
  readonly count: number;
  /** The component of each vertex; components are numbered by their first vertex. */
  readonly labels: Int32Array;
}

/** @param graph symmetric */
export function connectedComponents({ size, offsets, columns }: SparseGraph): ConnectedComponents {
  const labels = new Int32Array(size).fill(-1);
  const queue = new Int32Array(size);
  let count = 0;
  for (let start = 0; start < size; start++) {
    if (labels[start] !== -1) continue;
    labels[start] = count;
    queue[0] = start;
    let tail = 1;
    for (let head = 0; head < tail; head++) {
      const vertex = queue[head]!;
      for (let e = offsets[vertex]!; e < offsets[vertex + 1]!; e++) {
        const other = columns[e]!;
        if (labels[other] !== -1) continue;
        labels[other] = count;
        queue[tail++] = other;
      }
    }
    count++;
  }
  return { count, labels };
}
