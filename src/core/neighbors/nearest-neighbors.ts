import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { assertFinite, type Matrix, takeRows } from "../math/matrix.ts";
import { referenceKernels } from "../math/reference-kernels.ts";
import { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { WorkOptions } from "../stages.ts";
import { searchParts } from "./approximate-search.ts";
import { searchBytes } from "./byte-search.ts";
import { byteVectors, fitsBytes } from "./byte-vectors.ts";
import { type DistinctRows, distinctRows } from "./distinct-rows.ts";
import { ExactRanking } from "./exact-ranking.ts";
import type { Metric, Neighbors } from "./neighbors.ts";
import { ProductSearch } from "./product-search.ts";
import { searchSpace } from "./search-space.ts";

export type NeighborMethod = "exact" | "approximate" | "auto";

export interface NearestNeighborsOptions extends WorkOptions {
  /** Neighbours per row, at least 1, the point itself included when searching points among themselves; clipped to the number of points. */
  readonly k: number;
  /** Default `"cosine"`, where a vector of zeros is at distance 0 from another one and at 1 from all others. */
  readonly metric?: Metric | undefined;
  /** Default `referenceKernels`. The result does not depend on the choice. */
  readonly kernels?: DenseKernels | undefined;
  /** Search these among the points, instead of the points among themselves: queries x cols. */
  readonly queries?: Matrix | undefined;
  /** `"exact"`, `"approximate"`, or `"auto"`, the default: exact up to 200,000 points. Queries are always searched exactly. */
  readonly method?: NeighborMethod | undefined;
  /** Share of the true neighbours that the approximate method is to find, above 0, at most 1; default 0.98. */
  readonly recall?: number | undefined;
  /** Source of chance of the approximate method; default one of seed 0. It is forked, not advanced. */
  readonly rng?: Rng | undefined;
  /** Queries per matrix product; default such that the scores of a block take 64 MiB at most. */
  readonly blockSize?: number | undefined;
}

/** Scores of one block: 64 MiB of float32. */
const BLOCK_SCORES = 2 ** 24;
const MAX_BLOCK_SIZE = 512;
/** Above, the cost of all pairs is felt: it grows with the square. */
const MAX_EXACT_POINTS = 200_000;
const DEFAULT_RECALL = 0.98;
const METHODS: readonly NeighborMethod[] = ["exact", "approximate", "auto"];

/**
 * Nearest neighbours, exact up to 200,000 points (see `method`). Inner products propose candidates, of bytes where the
 * kernels are fast at those and of float32 otherwise; distances of candidates are then computed in float64 and sorted, ties to
 * the lower index. Where rounding could have hidden a neighbour the row is searched again more exactly, at last exhaustively,
 * so the result depends on the query and the points alone: not on kernels, blocks or companions.
 *
 * The approximate method (`searchParts`) misses about as many neighbours as `recall` lets it, measured on a sample of the
 * points; the distances of those it finds are exact, and the result is the same on all kernels.
 *
 * Searching points among themselves, row `i` starts with point `i` itself at distance 0, even before
 * exact duplicates of lower index.
 *
 * @param points points x cols, finite
 * @returns rows x min(k, points); distances are float32
 * @throws InputError for NaN or infinite values, queries of another width, `k` or `blockSize` below 1, `recall` or `method` out
 * of range
 */
export async function nearestNeighbors(points: Matrix, options: NearestNeighborsOptions): Promise<Neighbors> {
  assertOptions(points, options);
  const { queries, metric = "cosine" } = options;
  const rows = queries?.rows ?? points.rows;
  const k = Math.min(options.k, points.rows);
  const result = { indices: new Int32Array(rows * k), distances: new Float32Array(rows * k), rows, k };
  const pacer = new WorkPacer(options);
  if (rows > 0 && k > 0) {
    const distinct = distinctRows(points);
    const representatives = takeFirstRows(points, distinct);
    const ranking = new ExactRanking(representatives, queries, distinct, metric, result);
    await search(representatives, ranking, options, pacer);
  }
  pacer.finish();
  return result;
}

async function search(
  points: Matrix,
  ranking: ExactRanking,
  options: NearestNeighborsOptions,
  pacer: WorkPacer,
): Promise<void> {
  const { queries, metric = "cosine", kernels = referenceKernels, recall = DEFAULT_RECALL } = options;
  const rng = (options.rng ?? new Rng(0)).fork(0);
  const approximate = isApproximate(points, options);
  let rest: Int32Array = Int32Array.from({ length: queries?.rows ?? points.rows }, (_, i) => i);
  if (approximate || (queries === undefined && kernels.prefersBytes && fitsBytes(points))) {
    const vectors = await byteVectors(points, metric, rng.fork(0), pacer.part(0, 0.1));
    if (approximate) {
      await searchParts(vectors, ranking, kernels, { recall, rng: rng.fork(1), pacer: pacer.part(0.1, 1) });
      return;
    }
    rest = await searchBytes(vectors, ranking, kernels, rng.fork(1), pacer.part(0.1, 0.9));
  }
  if (rest.length === 0) return;
  const space = searchSpace(points, metric);
  const index = await kernels.innerProductIndex(space.vectors, space.bias);
  try {
    const blockSize = options.blockSize ?? defaultBlockSize(points.rows);
    await new ProductSearch(queries ?? points, space, index, ranking, blockSize).run(rest, pacer);
  } finally {
    await index.dispose();
  }
}

function isApproximate(points: Matrix, { queries, method = "auto" }: NearestNeighborsOptions): boolean {
  if (queries !== undefined || method === "exact" || !fitsBytes(points)) return false;
  return method === "approximate" || points.rows > MAX_EXACT_POINTS;
}

function takeFirstRows(points: Matrix, distinct: DistinctRows): Matrix {
  if (distinct.count === points.rows) return points;
  const firstRows = Int32Array.from(
    { length: distinct.count },
    (_, g) => distinct.members[distinct.offsets[g]!]!,
  );
  return takeRows(points, firstRows);
}

function defaultBlockSize(pointCount: number): number {
  return Math.max(1, Math.min(MAX_BLOCK_SIZE, Math.floor(BLOCK_SCORES / pointCount)));
}

function assertOptions(
  points: Matrix,
  { k, metric, method, recall, queries, blockSize }: NearestNeighborsOptions,
): void {
  for (const [name, value] of Object.entries({ k, blockSize: blockSize ?? 1 })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(
        `${name} is out of range`,
        { expected: "an integer from 1", found: `${value}` },
        "BAD_OPTION",
      );
    }
  }
  if (!(recall === undefined || (recall > 0 && recall <= 1))) {
    const details = { expected: "a number above 0, at most 1", found: `${recall}` };
    throw new InputError("recall is out of range", details, "BAD_OPTION");
  }
  if (method !== undefined && !METHODS.includes(method)) {
    const details = { expected: METHODS.join(", "), found: JSON.stringify(method) };
    throw new InputError("The method is unknown", details, "BAD_OPTION");
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
