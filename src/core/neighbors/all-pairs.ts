import type { DenseKernels } from "../math/kernels.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { takeByteRows } from "./byte-rows.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import type { CandidateLists } from "./candidate-lists.ts";
import { type ScannedPoints, scanForBoth, scanForRows } from "./product-scan.ts";

/** Points of a block: its products with another one (4 MiB) should stay in the cache until they are scanned. */
const BLOCK_ROWS = 1024;

/**
 * Fills the lists with each point's best among all, the point itself included. Each pair of blocks is multiplied once: the
 * product serves its rows and its columns.
 *
 * @param order all points; near ones in a row make for few surprises
 * @param onRowsDone told the points whose lists are complete
 */
export async function searchAllPairs(
  vectors: ByteVectors,
  order: Int32Array,
  lists: CandidateLists,
  kernels: DenseKernels,
  pacer: WorkPacer,
  onRowsDone: (points: Int32Array) => void,
): Promise<void> {
  const { codes, bias } = vectors;
  const blocks = Array.from({ length: Math.ceil(codes.rows / BLOCK_ROWS) }, (_, b) => {
    const ids = order.subarray(b * BLOCK_ROWS, (b + 1) * BLOCK_ROWS);
    const rows = takeByteRows(codes, ids);
    return { rows, points: { ids, bias } satisfies ScannedPoints, columns: kernels.byteBlock(rows) };
  });
  const pairs = blockPairs(blocks.length);
  const targets = [0, 1].map(() => new Int32Array(Math.min(BLOCK_ROWS, codes.rows) ** 2));
  const multiply = (pair: number): Promise<void> => {
    const { row, column } = pairs[pair]!;
    return blocks[column]!.columns.productsInto(targets[pair % 2]!, blocks[row]!.rows);
  };

  let running = multiply(0);
  for (let pair = 0; pair < pairs.length; pair++) {
    await running;
    // The next product is made while this one is scanned.
    if (pair + 1 < pairs.length) running = multiply(pair + 1);
    const { row, column } = pairs[pair]!;
    const rows = blocks[row]!.points;
    const scan = row === column ? scanForRows : scanForBoth;
    scan(targets[pair % 2]!, rows, blocks[column]!.points, lists);
    if (row !== column && column === blocks.length - 1) onRowsDone(rows.ids);
    await pacer.pause(pair / pairs.length);
  }
  onRowsDone(blocks[blocks.length - 1]!.points.ids);
}

/** Each block with itself first: near ones raise the thresholds for all that follows. Then row by row. */
function blockPairs(count: number): { readonly row: number; readonly column: number }[] {
  const pairs = Array.from({ length: count }, (_, b) => ({ row: b, column: b }));
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++) pairs.push({ row, column });
  }
  return pairs;
}
