import type { Rng } from "../math/rng.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import {
  type GradientTable,
  TABLE_BASE,
  TABLE_FRACTION_MASK,
  TABLE_FRACTION_UNIT,
  TABLE_MAX,
  TABLE_MIN,
  TABLE_SHIFT,
} from "./gradient-table.ts";

/** Edges to pull along, and when each is due next. Edge `e` pulls `heads[e]` towards `tails[e]`. */
export interface EdgeSchedule {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** Epochs between two pulls, at least 1. */
  readonly periods: Float64Array;
  readonly nextPull: Float64Array;
  readonly nextPush: Float64Array;
}

/** What one epoch of stochastic gradient descent works on. */
export interface LayoutForces {
  /** Places being optimised, row-major; changed in place. */
  readonly heads: Float32Array;
  /** Places of the tails and of the negative samples: `heads` itself, or a fixed layout. */
  readonly tails: Float32Array;
  readonly dimensions: number;
  readonly schedule: EdgeSchedule;
  readonly negativeSampleRate: number;
  readonly table: GradientTable;
}

/** No coordinate's gradient exceeds this. */
const GRADIENT_LIMIT = 4;

/**
 * Edges of weight below max / epochs are never due and left out; the others are due in proportion to
 * their weight, the strongest once an epoch.
 */
export function edgeSchedule(graph: SparseGraph, epochs: number, negativeSampleRate: number): EdgeSchedule {
  const { size, offsets, columns, weights } = graph;
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  const kept = weights.reduce((count, weight) => count + (weight >= largest / epochs ? 1 : 0), 0);
  const heads = new Int32Array(kept);
  const tails = new Int32Array(kept);
  const periods = new Float64Array(kept);
  let count = 0;
  for (let i = 0; i < size; i++) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) {
      if (weights[e]! < largest / epochs) continue;
      heads[count] = i;
      tails[count] = columns[e]!;
      periods[count++] = largest / weights[e]!;
    }
  }
  const nextPush = periods.map((period) => period / negativeSampleRate);
  return { heads, tails, periods, nextPull: periods.slice(), nextPush };
}

/**
 * One epoch: each due edge pulls its ends together (the head only, against a fixed layout), then pushes
 * its head away from random points (McInnes, Healy and Melville 2018, algorithm 5; umap-learn 0.5.3,
 * `optimize_layout_euclidean`). Gradients come from a table; places are float32.
 */
export function optimizeEpoch(forces: LayoutForces, epoch: number, learningRate: number, rng: Rng): void {
  const { heads, tails, dimensions, schedule, negativeSampleRate, table } = forces;
  const { attraction, repulsion } = table;
  const { periods, nextPull, nextPush } = schedule;
  const moveTails = heads === tails;
  const tailCount = tails.length / dimensions;
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  for (let e = 0; e < periods.length; e++) {
    if (nextPull[e]! > epoch) continue;
    const head = schedule.heads[e]! * dimensions;
    const tail = schedule.tails[e]! * dimensions;
    float[0] = squaredDistance(heads, head, tails, tail, dimensions);
    if (float[0] > 0) {
      const pull = learningRate * lookUp(attraction, float[0], bits[0]!);
      const limit = learningRate * GRADIENT_LIMIT;
      for (let d = 0; d < dimensions; d++) {
        const move = clamp(pull * (heads[head + d]! - tails[tail + d]!), limit);
        heads[head + d]! += move;
        if (moveTails) tails[tail + d]! -= move;
      }
    }
    nextPull[e]! += periods[e]!;

    const pushPeriod = periods[e]! / negativeSampleRate;
    const pushes = Math.floor((epoch - nextPush[e]!) / pushPeriod);
    for (let push = 0; push < pushes; push++) {
      const other = rng.below(tailCount) * dimensions;
      float[0] = squaredDistance(heads, head, tails, other, dimensions);
      if (float[0] > 0) {
        const force = float[0] < TABLE_MAX ? learningRate * lookUp(repulsion, float[0], bits[0]!) : 0;
        const limit = learningRate * GRADIENT_LIMIT;
        for (let d = 0; d < dimensions; d++) {
          heads[head + d]! += clamp(force * (heads[head + d]! - tails[other + d]!), limit);
        }
      } else if (moveTails && other !== head) {
        // Two points in one place have no direction to part in; the reference takes the diagonal.
        for (let d = 0; d < dimensions; d++) heads[head + d]! += learningRate * GRADIENT_LIMIT;
      }
    }
    if (pushes > 0) nextPush[e]! += pushes * pushPeriod;
  }
}

function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = a[i + d]! - b[j + d]!;
    sum += difference * difference;
  }
  return sum;
}

/** Beyond the table's end the attraction falls as 1 / d^2; below its start it stays what it is there. */
function lookUp(values: Float64Array, squared: number, bits: number): number {
  if (squared >= TABLE_MAX) return (values[values.length - 1]! * TABLE_MAX) / squared;
  if (squared < TABLE_MIN) return values[0]!;
  const entry = (bits >> TABLE_SHIFT) - TABLE_BASE;
  const below = values[entry]!;
  return below + (values[entry + 1]! - below) * ((bits & TABLE_FRACTION_MASK) * TABLE_FRACTION_UNIT);
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
