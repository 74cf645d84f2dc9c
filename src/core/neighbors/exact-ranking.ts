import { BoundedHeap } from "../math/bounded-heap.ts";
import type { Matrix } from "../math/matrix.ts";
import type { DistinctRows } from "./distinct-rows.ts";
import { ExactDistance } from "./exact-distance.ts";
import type { Metric, Neighbors } from "./neighbors.ts";

/**
 * Ranks candidates of one query at a time by exact distance, ties to the lower index, and writes the k nearest down.
 * Candidates are groups of equal points.
 */
export class ExactRanking {
  readonly result: Neighbors;
  private readonly distinct: DistinctRows;
  private readonly amongThemselves: boolean;
  private readonly distance: ExactDistance;
  private readonly heap: BoundedHeap;

  /**
   * @param representatives one point a group
   * @param queries absent where the groups are searched among themselves: then each of their points gets a row
   */
  constructor(
    representatives: Matrix,
    queries: Matrix | undefined,
    distinct: DistinctRows,
    metric: Metric,
    result: Neighbors,
  ) {
    this.result = result;
    this.distinct = distinct;
    this.amongThemselves = queries === undefined;
    this.distance = new ExactDistance(queries ?? representatives, representatives, metric);
    this.heap = new BoundedHeap(result.k);
  }

  get groupCount(): number {
    return this.distinct.count;
  }

  clear(): void {
    this.heap.clear();
  }

  /** Distance of the k-th nearest so far, Infinity while there are fewer. */
  bound(): number {
    return this.heap.bound();
  }

  offer(query: number, group: number): void {
    const { offsets, members } = this.distinct;
    const distance = this.distance.between(query, group);
    const end = Math.min(offsets[group + 1]!, offsets[group]! + this.result.k);
    for (let i = offsets[group]!; i < end; i++) this.heap.push(distance, members[i]!);
  }

  /** To the rows that asked: the query's own, or those of all points that are equal to it. `clear` next. */
  write(query: number): void {
    this.heap.sort();
    if (!this.amongThemselves) {
      this.writeRow(query, -1);
      return;
    }
    const { offsets, members } = this.distinct;
    for (let i = offsets[query]!; i < offsets[query + 1]!; i++) this.writeRow(members[i]!, members[i]!);
  }

  /** @param self the point that has to come first, -1 for none */
  private writeRow(row: number, self: number): void {
    const { indices, distances, k } = this.result;
    let slot = row * k;
    const end = slot + k;
    if (self >= 0) indices[slot++] = self;
    for (let i = 0; slot < end; i++) {
      if (this.heap.ids[i] === self) continue;
      indices[slot] = this.heap.ids[i]!;
      distances[slot++] = this.heap.keys[i]!;
    }
  }
}
