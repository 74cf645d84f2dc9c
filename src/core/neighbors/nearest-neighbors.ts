import { InputError } from "../errors.ts";
import { BoundedHeap } from "../math/bounded-heap.ts";
import type { DenseKernels, InnerProductIndex } from "../math/kernels.ts";
import { assertFinite, type Matrix, matrix, takeRows } from "../math/matrix.ts";
import { referenceKernels } from "../math/reference-kernels.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { type DistinctRows, distinctRows } from "./distinct-rows.ts";
import { ExactDistance } from "./exact-distance.ts";
import type { Metric, Neighbors } from "./neighbors.ts";
import { type SearchSpace, searchSpace } from "./search-space.ts";

export interface NearestNeighborsOptions extends WorkOptions {
  /** Neighbours per row, at least 1, the point itself included when searching points among themselves; clipped to the number of points. */
  readonly k: number;
  /** Default `"cosine"`, where a vector of zeros is at distance 0 from another one and at 1 from all others. */
  readonly metric?: Metric | undefined;
  /** Default `referenceKernels`. The result does not depend on the choice. */
  readonly kernels?: DenseKernels | undefined;
  /** Search these among the points, instead of the points among themselves: queries x cols. */
  readonly queries?: Matrix | undefined;
  /** Queries per matrix product; default such that the scores of a block take 64 MiB at most. */
  readonly blockSize?: number | undefined;
}

/** Candidates beyond k, so that float32 rounding seldom decides who is among them. */
const SPARE_CANDIDATES = 8;
/** Scores of one block: 64 MiB of float32. */
const BLOCK_SCORES = 2 ** 24;
const MAX_BLOCK_SIZE = 512;

/**
 * Exact nearest neighbours. Blocked float32 inner products propose candidates; their distances are then
 * computed in float64 and sorted, ties to the lower index. Where rounding could have hidden a neighbour
 * the row is searched again with more candidates, at last exhaustively, so the result depends on the
 * query and the points alone: not on kernels, blocks or companions.
 *
 * Searching points among themselves, row `i` starts with point `i` itself at distance 0, even before
 * exact duplicates of lower index.
 *
 * @param points points x cols, finite
 * @returns rows x min(k, points); distances are float32
 * @throws InputError for NaN or infinite values, queries of another width, `k` or `blockSize` below 1
 */
export async function nearestNeighbors(points: Matrix, options: NearestNeighborsOptions): Promise<Neighbors> {
  assertOptions(points, options);
  const { queries, metric = "cosine", kernels = referenceKernels } = options;
  const rows = queries?.rows ?? points.rows;
  const k = Math.min(options.k, points.rows);
  const result = { indices: new Int32Array(rows * k), distances: new Float32Array(rows * k), rows, k };
  const pacer = new WorkPacer(options);
  if (rows > 0 && k > 0) {
    const distinct = distinctRows(points);
    const representatives = takeFirstRows(points, distinct);
    const space = searchSpace(representatives, metric);
    const index = await kernels.innerProductIndex(space.vectors, space.bias);
    try {
      const search = new NeighborSearch(representatives, queries, distinct, space, index, metric, k);
      const blockSize = options.blockSize ?? defaultBlockSize(distinct.count);
      await search.run(result, blockSize, pacer);
    } finally {
      await index.dispose();
    }
  }
  pacer.finish();
  return result;
}

class NeighborSearch {
  private readonly distinct: DistinctRows;
  private readonly queries: Matrix;
  private readonly amongThemselves: boolean;
  private readonly space: SearchSpace;
  private readonly index: InnerProductIndex;
  private readonly distance: ExactDistance;
  private readonly heap: BoundedHeap;

  constructor(
    representatives: Matrix,
    queries: Matrix | undefined,
    distinct: DistinctRows,
    space: SearchSpace,
    index: InnerProductIndex,
    metric: Metric,
    k: number,
  ) {
    this.distinct = distinct;
    this.amongThemselves = queries === undefined;
    this.queries = queries ?? representatives;
    this.space = space;
    this.index = index;
    this.distance = new ExactDistance(this.queries, representatives, metric);
    this.heap = new BoundedHeap(k);
  }

  async run(result: Neighbors, blockSize: number, pacer: WorkPacer): Promise<void> {
    const candidates = result.k + SPARE_CANDIDATES;
    const all = Int32Array.from({ length: this.queries.rows }, (_, i) => i);
    const doubtful = await this.searchRows(all, candidates, blockSize, result, pacer.part(0, 0.9));
    const rest = await this.searchRows(doubtful, 4 * candidates, blockSize, result, pacer.part(0.9, 0.95));
    const lastPart = pacer.part(0.95, 1);
    for (let i = 0; i < rest.length; i++) {
      await lastPart.pause(i / rest.length);
      this.searchExhaustively(rest[i]!);
      this.write(rest[i]!, result);
    }
  }

  /** @returns the queries whose neighbours are not certain with so many candidates */
  private async searchRows(
    rows: Int32Array,
    candidateCount: number,
    blockSize: number,
    result: Neighbors,
    pacer: WorkPacer,
  ): Promise<Int32Array> {
    const count = Math.min(candidateCount, this.distinct.count);
    const doubtful: number[] = [];
    for (let start = 0; start < rows.length; start += blockSize) {
      await pacer.pause(start / rows.length);
      const block = rows.subarray(start, start + blockSize);
      const prepared = this.space.prepare(takeBlock(this.queries, block));
      const { indices, scores } = await this.index.search(prepared.vectors, count);
      for (let i = 0; i < block.length; i++) {
        this.rescore(block[i]!, indices.subarray(i * count, (i + 1) * count));
        if (this.isCertain(prepared.squaredNorms[i]!, scores[(i + 1) * count - 1]!, count)) {
          this.write(block[i]!, result);
        } else {
          doubtful.push(block[i]!);
        }
      }
    }
    return Int32Array.from(doubtful);
  }

  /** Fills the heap with the points behind the candidates, by exact distance. */
  private rescore(query: number, candidates: Int32Array): void {
    this.heap.clear();
    for (let i = 0; i < candidates.length; i++) this.pushGroup(query, candidates[i]!);
  }

  private searchExhaustively(query: number): void {
    this.heap.clear();
    for (let group = 0; group < this.distinct.count; group++) this.pushGroup(query, group);
  }

  private pushGroup(query: number, group: number): void {
    const { offsets, members } = this.distinct;
    const distance = this.distance.between(query, group);
    const end = Math.min(offsets[group + 1]!, offsets[group]! + this.heap.keys.length);
    for (let i = offsets[group]!; i < end; i++) this.heap.push(distance, members[i]!);
  }

  /** No point outside the candidates can be as near as the last neighbour found. */
  private isCertain(squaredNorm: number, lowestScore: number, count: number): boolean {
    if (count === this.distinct.count) return true;
    const lastScore = this.space.scoreOf(this.heap.bound(), squaredNorm);
    return lastScore > lowestScore + this.space.scoreError(squaredNorm);
  }

  /** Copies the heap to the rows that asked: the query's own, or all points that are equal to it. */
  private write(query: number, result: Neighbors): void {
    this.heap.sort();
    if (!this.amongThemselves) {
      this.writeRow(query, -1, result);
      return;
    }
    const { offsets, members } = this.distinct;
    for (let i = offsets[query]!; i < offsets[query + 1]!; i++)
      this.writeRow(members[i]!, members[i]!, result);
  }

  /** @param self the point that has to come first, -1 for none */
  private writeRow(row: number, self: number, { indices, distances, k }: Neighbors): void {
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

function takeFirstRows(points: Matrix, distinct: DistinctRows): Matrix {
  if (distinct.count === points.rows) return points;
  const firstRows = Int32Array.from(
    { length: distinct.count },
    (_, g) => distinct.members[distinct.offsets[g]!]!,
  );
  return takeRows(points, firstRows);
}

/** Consecutive rows without a copy where possible. */
function takeBlock(points: Matrix, rows: Int32Array): Matrix {
  const first = rows[0]!;
  if (rows[rows.length - 1]! - first !== rows.length - 1) return takeRows(points, rows);
  const end = first + rows.length;
  return matrix(points.data.subarray(first * points.cols, end * points.cols), rows.length, points.cols);
}

function defaultBlockSize(pointCount: number): number {
  return Math.max(1, Math.min(MAX_BLOCK_SIZE, Math.floor(BLOCK_SCORES / pointCount)));
}

function assertOptions(points: Matrix, { k, metric, queries, blockSize }: NearestNeighborsOptions): void {
  for (const [name, value] of Object.entries({ k, blockSize: blockSize ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(
        `${name} is out of range`,
        { expected: "an integer from 1", found: `${value}` },
        "BAD_OPTION",
      );
    }
  }
  if (metric !== undefined && metric !== "cosine" && metric !== "euclidean") {
    const details = { expected: '"cosine" or "euclidean"', found: JSON.stringify(metric) };
    throw new InputError("The metric is unknown", details, "BAD_OPTION");
  }
  if (points.cols === 0 && points.rows > 0) {
    throw new InputError("Points need coordinates", { expected: "at least 1 column", found: "0 columns" });
  }
  assertFinite(points, "The points");
  if (queries === undefined) return;
  if (points.rows > 0 && queries.cols !== points.cols) {
    const details = { expected: `${points.cols} columns`, found: `${queries.cols} columns` };
    throw new InputError("Queries and points differ in width", details);
  }
  assertFinite(queries, "The queries");
}
