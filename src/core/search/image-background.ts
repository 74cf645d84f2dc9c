import type { DenseKernels } from "../math/kernels.ts";
import type { VectorSource } from "../math/vector-source.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";

const MOST_PICTURES = 256;
const FEWEST_PICTURES = 64;
/** Multiplications that the sample may cost: a second on two processor cores. */
const WORK_LIMIT = 3e10;

/**
 * How near a picture of the collection has its nearest other: cosines of at most 256 pictures, evenly out of all of
 * them, ascending. Empty for a single picture.
 *
 * @param vectors images x dimensions, rows of length 1
 */
export async function nearestOtherCosines(
  vectors: VectorSource,
  options: WorkOptions & { readonly kernels: DenseKernels },
): Promise<Float32Array> {
  const { rows, cols } = vectors;
  if (rows < 2) return new Float32Array(0);
  const affordable = Math.floor(WORK_LIMIT / (rows * cols));
  const count = Math.min(rows, MOST_PICTURES, Math.max(FEWEST_PICTURES, affordable));
  const sample = Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
  const queries = await vectors.takeRows(sample);
  const nearest = new Float32Array(count).fill(-1);
  const pacer = new WorkPacer(options);
  for await (const { start, points } of vectors.blocks()) {
    const size = points.rows;
    const index = await options.kernels.innerProductIndex(points);
    const found = await index.search(queries, Math.min(2, size));
    await index.dispose();
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < found.k; j++) {
        const at = i * found.k + j;
        const isItself = start + found.indices[at]! === sample[i];
        if (!isItself && found.scores[at]! > nearest[i]!) nearest[i] = found.scores[at]!;
      }
    }
    await pacer.pause((start + size) / rows);
  }
  return nearest.sort();
}
