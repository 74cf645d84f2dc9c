import type { SparseGraph } from "./fuzzy-graph.ts";

/**
 * How often each edge pulls: the strongest in every epoch, the others in proportion to their weight. Nothing is
 * kept between epochs, so that rows can be worked on in any order: edge `e`, the `s`-th of row `r`, is due in epoch
 * `t` where t * rate + phase(r, s) passes a multiple of 2^31 (see `optimizeRows`).
 */
export interface PullSchedule {
  readonly rows: number;
  /** Row `i` owns entries `offsets[i]` to `offsets[i + 1] - 1`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  /** Pulls per epoch in units of 2^-31: `EVERY_EPOCH` is one. */
  readonly rates: Uint32Array;
}

/** The rate of an edge that pulls in every epoch. */
export const EVERY_EPOCH: number = 2 ** 31;

export interface PullScheduleOptions {
  readonly epochs: number;
  /** What counts as the strongest edge: that of the whole graph, or of the row, so that rows do not depend on one another. */
  readonly relativeTo: "graph" | "row";
}

/** Leaves out edges that would not be due once in all epochs (umap-learn 0.5.3, `make_epochs_per_sample`). */
export function pullSchedule(
  { size, offsets, columns, weights }: SparseGraph,
  { epochs, relativeTo }: PullScheduleOptions,
): PullSchedule {
  const schedule = {
    rows: size,
    offsets: new Int32Array(size + 1),
    columns: new Int32Array(columns.length),
    rates: new Uint32Array(columns.length),
  };
  const strongest = largest(weights, 0, weights.length);
  let count = 0;
  for (let i = 0; i < size; i++) {
    const top = relativeTo === "graph" ? strongest : largest(weights, offsets[i]!, offsets[i + 1]!);
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) {
      if (!(weights[e]! > 0) || weights[e]! < top / epochs) continue;
      schedule.columns[count] = columns[e]!;
      schedule.rates[count++] = Math.round((weights[e]! / top) * EVERY_EPOCH);
    }
    schedule.offsets[i + 1] = count;
  }
  return {
    ...schedule,
    columns: schedule.columns.subarray(0, count),
    rates: schedule.rates.subarray(0, count),
  };
}

function largest(values: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, values[i]!);
  return most;
}
