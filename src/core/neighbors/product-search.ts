import type { InnerProductIndex } from "../math/kernels.ts";
import { type Matrix, matrix, takeRows } from "../math/matrix.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { ExactRanking } from "./exact-ranking.ts";
import type { SearchSpace } from "./search-space.ts";

/** Candidates beyond k, so that float32 rounding seldom decides who is among them. */
const SPARE_CANDIDATES = 8;

/**
 * Exact search of some rows by blocked float32 products. Where rounding could have hidden a neighbour, a row is searched
 * again with more candidates, at last exhaustively.
 */
export class ProductSearch {
  private readonly queries: Matrix;
  private readonly space: SearchSpace;
  private readonly index: InnerProductIndex;
  private readonly ranking: ExactRanking;
  private readonly blockSize: number;

  constructor(
    queries: Matrix,
    space: SearchSpace,
    index: InnerProductIndex,
    ranking: ExactRanking,
    blockSize: number,
  ) {
    this.queries = queries;
    this.space = space;
    this.index = index;
    this.ranking = ranking;
    this.blockSize = blockSize;
  }

  /** @param rows of the queries, ascending */
  async run(rows: Int32Array, pacer: WorkPacer): Promise<void> {
    const candidates = this.ranking.result.k + SPARE_CANDIDATES;
    const doubtful = await this.searchRows(rows, candidates, pacer.part(0, 0.9));
    const rest = await this.searchRows(doubtful, 4 * candidates, pacer.part(0.9, 0.95));
    const lastPart = pacer.part(0.95, 1);
    for (let i = 0; i < rest.length; i++) {
      await lastPart.pause(i / rest.length);
      this.ranking.clear();
      for (let group = 0; group < this.ranking.groupCount; group++) this.ranking.offer(rest[i]!, group);
      this.ranking.write(rest[i]!);
    }
  }

  /** @returns the queries whose neighbours are not certain with so many candidates */
  private async searchRows(rows: Int32Array, candidateCount: number, pacer: WorkPacer): Promise<Int32Array> {
    const count = Math.min(candidateCount, this.ranking.groupCount);
    const doubtful: number[] = [];
    for (let start = 0; start < rows.length; start += this.blockSize) {
      await pacer.pause(start / rows.length);
      const block = rows.subarray(start, start + this.blockSize);
      const prepared = this.space.prepare(takeBlock(this.queries, block));
      const { indices, scores } = await this.index.search(prepared.vectors, count);
      for (let i = 0; i < block.length; i++) {
        this.ranking.clear();
        for (let c = i * count; c < (i + 1) * count; c++) this.ranking.offer(block[i]!, indices[c]!);
        if (this.isCertain(prepared.squaredNorms[i]!, scores[(i + 1) * count - 1]!, count)) {
          this.ranking.write(block[i]!);
        } else {
          doubtful.push(block[i]!);
        }
      }
    }
    return Int32Array.from(doubtful);
  }

  /** No point outside the candidates can be as near as the last neighbour found. */
  private isCertain(squaredNorm: number, lowestScore: number, count: number): boolean {
    if (count === this.ranking.groupCount) return true;
    const lastScore = this.space.scoreOf(this.ranking.bound(), squaredNorm);
    return lastScore > lowestScore + this.space.scoreError(squaredNorm);
  }
}

/** Consecutive rows without a copy where possible. */
function takeBlock(points: Matrix, rows: Int32Array): Matrix {
  const first = rows[0]!;
  if (rows[rows.length - 1]! - first !== rows.length - 1) return takeRows(points, rows);
  const end = first + rows.length;
  return matrix(points.data.subarray(first * points.cols, end * points.cols), rows.length, points.cols);
}
