import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { type Matrix, takeRows } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import type { FittedModel } from "../model.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { Neighbors } from "../neighbors/neighbors.ts";
import type { Clusterer, Reducer, StageContext, WorkOptions } from "../stages.ts";
import type { LayoutOptimizer } from "../umap/layout-task.ts";
import { FittedCollapsedReducer } from "./collapsed-reducer.ts";
import { conceptPlaces } from "./concept-links.ts";
import { sampleNeighbors } from "./sample-neighbors.ts";

/** How well concepts are found again in parts of the collection. */
export interface Stability {
  /** Refits. */
  readonly runs: number;
  /** Share of the pictures in each refit, above 0, below 1. */
  readonly share: number;
  readonly seed: number;
  /** For each concept of the fit, in its order, the mean over the refits of its best Jaccard index, 0 to 1. */
  readonly jaccards: Float64Array;
}

export interface StabilityOptions extends WorkOptions {
  /** Refits, at least 1; default 10. */
  readonly runs?: number | undefined;
  /** Share of the pictures in each, above 0, below 1; default 0.8. */
  readonly share?: number | undefined;
  /** Any integer; default 42. */
  readonly seed?: number | undefined;
}

/** What the refits are done by; the sizes that the clusterer counts should be scaled by the share. */
export interface RefitStages {
  readonly reducer: Reducer;
  readonly clusterer: Clusterer;
}

export interface StabilityContext {
  readonly kernels: DenseKernels;
  readonly optimizer?: LayoutOptimizer | undefined;
}

const DEFAULTS = { runs: 10, share: 0.8, seed: 42 };

/** The options with every default filled in. @throws InputError (BAD_OPTION) for what is out of range */
export function stabilityOptions(options: StabilityOptions): Pick<Stability, "runs" | "share" | "seed"> {
  const { runs = DEFAULTS.runs, share = DEFAULTS.share, seed = DEFAULTS.seed } = options;
  const wrong = (name: string, expected: string, found: number): InputError =>
    new InputError(`${name} is out of range`, { expected, found: String(found) }, "BAD_OPTION");
  if (!(Number.isInteger(runs) && runs >= 1)) throw wrong("runs", "a whole number from 1", runs);
  if (!(share > 0 && share < 1)) throw wrong("share", "a number above 0, below 1", share);
  return { runs, share, seed };
}

/**
 * Clusterwise stability (Hennig 2007, section 3, by subsetting): parts of the collection are fitted anew, each with chance of its
 * own; of each concept those of its pictures that are in the part are compared with every cluster of the refit, and the best
 * Jaccard index counts. About 0.85 and more is a concept that the collection has; below 0.6 it should not be trusted.
 *
 * Deviations: pictures are drawn without replacement, so that there are no copies; each refit has another seed, so that the
 * chance of the layout counts too; pictures in no cluster are no cluster. The nearest neighbours are searched once and
 * filtered for each part. Where near-duplicates were collapsed, groups are drawn and counted, not pictures.
 *
 * @param model as it came from a fit, without edits
 */
export async function conceptStability(
  model: FittedModel,
  stages: RefitStages,
  context: StabilityContext,
  options: StabilityOptions = {},
): Promise<Stability> {
  const { runs, share, seed } = stabilityOptions(options);
  const { signal, onProgress } = options;
  const rows = countedRows(model);
  const points =
    rows.length === model.imageVectors.rows ? model.imageVectors : takeRows(model.imageVectors, rows);
  const places = conceptPlaces(model);
  const conceptOf = rows.map((row) => places[row]!);
  const rng = new Rng(seed);
  const stage = (run: number, from: number, to: number): StageContext => ({
    ...context,
    rng: rng.fork(run),
    signal,
    onProgress: (fraction) => onProgress?.((run + from + fraction * (to - from)) / (runs + 1)),
  });
  const all = await allNeighbors(points, stages.reducer.neighborCount, share, stage(0, 0, 1));
  const sums = new Float64Array(model.concepts.length);
  const seen = new Int32Array(model.concepts.length);
  for (let run = 1; run <= runs; run++) {
    const sample = drawSample(rows.length, share, rng.fork(-run));
    const labels = await refit(sample, points, all, stages, [stage(run, 0, 0.8), stage(run, 0.8, 1)]);
    const best = bestJaccards(
      sample.map((row) => conceptOf[row]!),
      labels,
      model.concepts.length,
    );
    best.forEach((jaccard, concept) => {
      if (Number.isNaN(jaccard)) return;
      sums[concept] = sums[concept]! + jaccard;
      seen[concept] = seen[concept]! + 1;
    });
  }
  onProgress?.(1);
  return {
    runs,
    share,
    seed,
    jaccards: sums.map((sum, concept) => (seen[concept] === 0 ? 0 : sum / seen[concept]!)),
  };
}

/** The pictures that were clustered: all, or one of each group of near-duplicates. */
function countedRows({ reducer, imageVectors }: FittedModel): Int32Array {
  const all = Int32Array.from({ length: imageVectors.rows }, (_, i) => i);
  return reducer instanceof FittedCollapsedReducer ? reducer.standingRows : all;
}

/** Lists long enough that the neighbours wanted are nearly always among their sampled part. */
async function allNeighbors(
  points: Matrix,
  wanted: number,
  share: number,
  context: StageContext,
): Promise<Neighbors | undefined> {
  if (wanted === 0) return undefined;
  return nearestNeighbors(points, { ...context, k: Math.ceil((1.25 * wanted) / share) + 4 });
}

/** Rows drawn without replacement, ascending. */
function drawSample(count: number, share: number, rng: Rng): Int32Array {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const size = Math.max(1, Math.round(share * count));
  for (let i = 0; i < size; i++) {
    const other = i + rng.below(count - i);
    [rows[i], rows[other]] = [rows[other]!, rows[i]!];
  }
  return rows.slice(0, size).sort();
}

async function refit(
  sample: Int32Array,
  points: Matrix,
  all: Neighbors | undefined,
  { reducer, clusterer }: RefitStages,
  [reducing, clustering]: readonly [StageContext, StageContext],
): Promise<Int32Array> {
  const sampled = takeRows(points, sample);
  const k = Math.min(reducer.neighborCount, sample.length);
  const neighbors = all === undefined ? undefined : await sampleNeighbors(all, sample, sampled, k, reducing);
  const { layout } = await reducer.fit({ points: sampled, neighbors }, reducing);
  return (await clusterer.fit(layout, clustering)).labels;
}

/**
 * For each group the largest Jaccard index with a cluster: shared / (in either). NaN for groups without a member.
 *
 * @param groups one a point, -1 for none
 * @param labels one a point, -1 for none
 */
export function bestJaccards(groups: Int32Array, labels: Int32Array, groupCount: number): Float64Array {
  const groupSizes = new Int32Array(groupCount);
  const labelSizes = new Map<number, number>();
  const shared = new Map<number, Map<number, number>>();
  groups.forEach((group, point) => {
    const label = labels[point]!;
    if (label !== -1) labelSizes.set(label, (labelSizes.get(label) ?? 0) + 1);
    if (group === -1) return;
    groupSizes[group] = groupSizes[group]! + 1;
    if (label === -1) return;
    const counts = shared.get(group) ?? new Map<number, number>();
    counts.set(label, (counts.get(label) ?? 0) + 1);
    shared.set(group, counts);
  });
  return Float64Array.from(groupSizes, (size, group) => {
    if (size === 0) return Number.NaN;
    const indices = Array.from(shared.get(group) ?? [], ([label, count]) => {
      return count / (size + labelSizes.get(label)! - count);
    });
    return Math.max(0, ...indices);
  });
}
