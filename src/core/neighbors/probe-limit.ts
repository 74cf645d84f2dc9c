import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { takeByteRows } from "./byte-rows.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import { CandidateLists } from "./candidate-lists.ts";
import type { PartScanner } from "./part-scanner.ts";
import type { Partition } from "./partition.ts";
import type { ProbeRule } from "./probe-rule.ts";

const SAMPLE_SIZE = 1000;

/**
 * The largest shortfall of parts that are worth a look: a sample of points is searched in all parts, and the limit is such
 * that the share `recall` of their neighbours lies in the point's own part or in one within the limit.
 *
 * @param parts the part of each point
 * @param needed score of each point's k-th neighbour in its own part
 */
export async function findProbeLimit(
  vectors: ByteVectors,
  partition: Partition,
  parts: Int32Array,
  needed: Float64Array,
  scanner: PartScanner,
  rule: ProbeRule,
  options: { readonly k: number; readonly recall: number; readonly rng: Rng; readonly pacer: WorkPacer },
): Promise<number> {
  const { k, recall, rng, pacer } = options;
  const size = Math.min(SAMPLE_SIZE, vectors.codes.rows);
  const sample = Int32Array.from({ length: size }, () => rng.below(vectors.codes.rows)).sort();
  const codes = takeByteRows(vectors.codes, sample);
  const lists = new CandidateLists(new Int32Array(size), k, 2 * k + 1);
  const rows = {
    ids: Int32Array.from(sample, (_, s) => s),
    bias: Int32Array.from(sample, (i) => vectors.bias[i]!),
  };
  for (let part = 0; part < partition.count; part++) {
    await pacer.pause(part / partition.count);
    await scanner.offer(part, codes, rows, lists);
  }
  const shortfalls = new Float32Array(size * partition.count);
  const neededBySample = Float64Array.from(sample, (i) => needed[i]!);
  await rule.shortfallsInto(shortfalls, codes, sample, neededBySample);

  const found: number[] = [];
  sample.forEach((point, s) => {
    const best = Math.min(k, lists.sizes[s]!);
    lists.bringBestForward(s, best);
    for (let slot = 0; slot < best; slot++) {
      const neighbor = lists.id(s, slot);
      if (neighbor === point) continue;
      const part = parts[neighbor]!;
      found.push(part === parts[point] ? Number.NEGATIVE_INFINITY : shortfalls[s * partition.count + part]!);
    }
  });
  found.sort((a, b) => a - b);
  return found[Math.ceil(recall * found.length) - 1] ?? Number.NEGATIVE_INFINITY;
}
