import type { ByteBlock, ByteMatrix, DenseKernels } from "../math/kernels.ts";
import { rowsOf, takeByteRows } from "./byte-rows.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import type { CandidateLists } from "./candidate-lists.ts";
import type { Partition } from "./partition.ts";
import { type ScannedPoints, scanForRows } from "./product-scan.ts";

/** Rows, and points of a part, whose products are made at a time. */
const BLOCK_ROWS = 1024;

interface PartBlock {
  readonly points: ScannedPoints;
  readonly columns: ByteBlock;
}

/** Offers the points of single parts to any rows. */
export class PartScanner {
  private readonly parts: readonly (readonly PartBlock[])[];
  private readonly products: Int32Array;

  constructor(vectors: ByteVectors, { order, offsets, count }: Partition, kernels: DenseKernels) {
    const { codes, bias } = vectors;
    this.parts = Array.from({ length: count }, (_, part) => {
      const size = offsets[part + 1]! - offsets[part]!;
      return Array.from({ length: Math.ceil(size / BLOCK_ROWS) }, (_, b) => {
        const first = offsets[part]! + b * BLOCK_ROWS;
        const ids = order.subarray(first, Math.min(first + BLOCK_ROWS, offsets[part + 1]!));
        return { points: { ids, bias }, columns: kernels.byteBlock(takeByteRows(codes, ids)) };
      });
    });
    this.products = new Int32Array(BLOCK_ROWS * Math.min(BLOCK_ROWS, codes.rows));
  }

  /** @param codes of the rows that the points stand for, in their order */
  async offer(part: number, codes: ByteMatrix, points: ScannedPoints, lists: CandidateLists): Promise<void> {
    for (let start = 0; start < codes.rows; start += BLOCK_ROWS) {
      const end = Math.min(start + BLOCK_ROWS, codes.rows);
      const rows = { ids: points.ids.subarray(start, end), bias: points.bias };
      for (const block of this.parts[part]!) {
        await block.columns.productsInto(this.products, rowsOf(codes, start, end));
        scanForRows(this.products, rows, block.points, lists);
      }
    }
  }
}
