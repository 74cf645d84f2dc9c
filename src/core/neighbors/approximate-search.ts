import type { DenseKernels } from "../math/kernels.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { takeByteRows } from "./byte-rows.ts";
import { rankCandidates } from "./byte-search.ts";
import type { ByteVectors } from "./byte-vectors.ts";
import { CandidateLists } from "./candidate-lists.ts";
import type { ExactRanking } from "./exact-ranking.ts";
import { PartScanner } from "./part-scanner.ts";
import { type Partition, partition } from "./partition.ts";
import { findProbeLimit } from "./probe-limit.ts";
import { ProbeRule } from "./probe-rule.ts";

const POINTS_PER_PART = 500;
/** Candidates beyond k, so that the rounding to bytes seldom decides who is among them. */
const SPARE_CANDIDATES = 24;
/** Points that look for parts to probe together: enough that most parts are asked by several. */
const BLOCK_POINTS = 8192;

/**
 * Approximate search of all points among themselves: an inverted file (Jegou, Douze and Schmid 2011, "Product quantization
 * for nearest neighbor search", section IV) whose parts are probed as promise and recall demand. Each point looks for
 * neighbours in its own part, then in all parts whose shortfall is within a limit that a sample of exactly searched
 * points sets. The candidates' distances are exact.
 *
 * @param recall share of true neighbours to find, as measured on the sample
 */
export async function searchParts(
  vectors: ByteVectors,
  ranking: ExactRanking,
  kernels: DenseKernels,
  options: { readonly recall: number; readonly rng: Rng; readonly pacer: WorkPacer },
): Promise<void> {
  const { recall, rng, pacer } = options;
  const { k } = ranking.result;
  const points = vectors.codes.rows;
  const partCount = Math.max(1, Math.round(points / POINTS_PER_PART));
  const parts = await partition(vectors, partCount, kernels, rng.fork(0), pacer.part(0, 0.15));
  const partOf = partOfEach(parts);
  const keep = k + SPARE_CANDIDATES;
  const lists = new CandidateLists(new Int32Array(points), keep, 2 * keep);
  const scanner = new PartScanner(vectors, parts, kernels);
  const rule = new ProbeRule(vectors, parts, kernels);

  await searchOwnParts(vectors, parts, scanner, lists, pacer.part(0.15, 0.2));
  const needed = scoresOfKth(lists, Math.min(k, points));
  const limit = await findProbeLimit(vectors, parts, partOf, needed, scanner, rule, {
    k,
    recall,
    rng: rng.fork(1),
    pacer: pacer.part(0.2, 0.25),
  });
  const probing = pacer.part(0.25, 0.8);
  for (let start = 0; start < points; start += BLOCK_POINTS) {
    const block = parts.order.subarray(start, start + BLOCK_POINTS);
    const part = probing.part(start / points, (start + block.length) / points);
    await probeParts(block, limit, { vectors, parts, partOf, needed, scanner, rule, lists, pacer: part });
  }
  const rankingPart = pacer.part(0.8, 1);
  for (let i = 0; i < points; i++) {
    if (i % 64 === 0) await rankingPart.pause(i / points);
    // Neighbours lie together in the order of the parts: less memory to fetch.
    const point = parts.order[i]!;
    rankCandidates(point, lists, ranking, vectors, 0);
    ranking.write(point);
  }
}

function partOfEach({ order, offsets, count }: Partition): Int32Array {
  const partOf = new Int32Array(order.length);
  for (let part = 0; part < count; part++) {
    for (let i = offsets[part]!; i < offsets[part + 1]!; i++) partOf[order[i]!] = part;
  }
  return partOf;
}

async function searchOwnParts(
  { codes, bias }: ByteVectors,
  { order, offsets, count }: Partition,
  scanner: PartScanner,
  lists: CandidateLists,
  pacer: WorkPacer,
): Promise<void> {
  for (let part = 0; part < count; part++) {
    await pacer.pause(part / count);
    const ids = order.subarray(offsets[part], offsets[part + 1]);
    await scanner.offer(part, takeByteRows(codes, ids), { ids, bias }, lists);
  }
}

/** -Infinity where a list is shorter. */
function scoresOfKth(lists: CandidateLists, k: number): Float64Array {
  return Float64Array.from(lists.sizes, (size, i) => {
    if (size < k) return Number.NEGATIVE_INFINITY;
    lists.bringBestForward(i, k);
    return lists.score(i, k - 1);
  });
}

interface Probing {
  readonly vectors: ByteVectors;
  readonly parts: Partition;
  readonly partOf: Int32Array;
  readonly needed: Float64Array;
  readonly scanner: PartScanner;
  readonly rule: ProbeRule;
  readonly lists: CandidateLists;
  readonly pacer: WorkPacer;
}

/** Offers to each point of the block the parts within the limit, but its own. */
async function probeParts(block: Int32Array, limit: number, probing: Probing): Promise<void> {
  const { vectors, parts, scanner, lists, pacer } = probing;
  const worthwhile = await worthwhileParts(block, limit, probing);
  const asking = new Int32Array(block.length);
  for (let part = 0; part < parts.count; part++) {
    let count = 0;
    for (let i = 0; i < block.length; i++) {
      if (worthwhile[part * block.length + i] === 1) asking[count++] = block[i]!;
    }
    if (count === 0) continue;
    await pacer.pause(part / parts.count);
    const ids = asking.subarray(0, count);
    await scanner.offer(part, takeByteRows(vectors.codes, ids), { ids, bias: vectors.bias }, lists);
  }
}

/** @returns parts x points: 1 where the point should probe the part */
async function worthwhileParts(
  block: Int32Array,
  limit: number,
  { vectors, parts, partOf, needed, rule }: Probing,
): Promise<Uint8Array> {
  const side = 1024;
  const worthwhile = new Uint8Array(parts.count * block.length);
  const shortfalls = new Float32Array(Math.min(side, block.length) * parts.count);
  for (let start = 0; start < block.length; start += side) {
    const ids = block.subarray(start, start + side);
    const codes = takeByteRows(vectors.codes, ids);
    await rule.shortfallsInto(
      shortfalls,
      codes,
      ids,
      Float64Array.from(ids, (i) => needed[i]!),
    );
    for (let i = 0; i < ids.length; i++) {
      for (let part = 0; part < parts.count; part++) {
        if (shortfalls[i * parts.count + part]! <= limit && part !== partOf[ids[i]!]) {
          worthwhile[part * block.length + start + i] = 1;
        }
      }
    }
  }
  return worthwhile;
}
