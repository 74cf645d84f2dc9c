import type { LayoutGradient } from "./layout-gradient.ts";
import { EVERY_EPOCH, type PullSchedule } from "./pull-schedule.ts";

const float: (value: number) => number = Math.fround;

/** What an epoch works on. Rows of places are padded with zeros to `stride` floats, a multiple of four. */
export interface LayoutEpoch {
  /** Places before the epoch, of the rows being moved. */
  readonly heads: Float32Array;
  /** Places after it; written. */
  readonly next: Float32Array;
  /** Places that pull and push: `heads`, or fixed ones. */
  readonly tails: Float32Array;
  readonly stride: number;
  readonly schedule: PullSchedule;
  readonly gradient: LayoutGradient;
  readonly negativeSampleRate: number;
  readonly learningRate: number;
  /** How much farther pulls move a point than pushes. */
  readonly pullFactor: number;
  readonly seed: number;
  /** 1, or 0 where all rows draw the same random numbers. */
  readonly rowStride: number;
  readonly epoch: number;
}

/** No coordinate's gradient exceeds this (umap-learn 0.5.3). */
const GRADIENT_LIMIT = 4;
/** Random points are drawn, and pushed from, four at a time. */
const LANES = 4;
/** Odd numbers far from simple ratios to 2^32 (the golden ratio's; one of MurmurHash3's): spread rows, slots and epochs. */
const ROW_STEP = 0x9e3779b9;
const EPOCH_STEP = 0x85ebca6b;

/**
 * One epoch of stochastic gradient descent for rows `from` to `to` - 1: each is pulled along its due edges, one after the
 * other, then pushed from `negativeSampleRate` random points for each of them, four at a time (McInnes, Healy
 * and Melville 2018, algorithm 5; umap-learn 0.5.3, `optimize_layout_euclidean`).
 *
 * Deviation: a row reads the places that the others had before the epoch, and moves only itself. So rows may be worked on in any
 * order, by any number of threads, and the result is the same. Four pushes that see one place do no harm; all at once, as was
 * tried, throw points too far.
 */
export function optimizeRows(work: LayoutEpoch, from: number, to: number): void {
  const { heads, next, tails, stride, schedule, learningRate, negativeSampleRate } = work;
  const { offsets, columns, rates } = schedule;
  const pullStep = float(learningRate * work.pullFactor);
  const tailCount = tails.length / stride;
  const others = new Int32Array(LANES);
  const gradients = new Float32Array(LANES);
  for (let row = from; row < to; row++) {
    const head = row * stride;
    next.set(heads.subarray(head, head + stride), head);
    const rowSeed = Math.imul(Math.imul(row, work.rowStride), ROW_STEP);
    let pushes = 0;
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++) {
      const phase = rowSeed + Math.imul(edge - offsets[row]!, ROW_STEP);
      if (!isDue(rates[edge]!, phase, work.epoch)) continue;
      pullTo(work, head, columns[edge]! * stride, pullStep);
      pushes += negativeSampleRate;
    }
    const counter = (work.seed + Math.imul(work.epoch, EPOCH_STEP) + rowSeed) | 0;
    for (let push = 0; push < pushes; push += LANES) {
      for (let lane = 0; lane < LANES; lane++) {
        others[lane] = below(hash(counter + push + lane), tailCount) * stride;
      }
      pushFrom(work, head, others, Math.min(pushes - push, LANES), gradients);
    }
  }
}

function isDue(rate: number, phase: number, epoch: number): boolean {
  const before = (Math.imul(epoch, rate) + phase) & 0x7fffffff;
  return before + rate >= EVERY_EPOCH;
}

/** Spreads every bit of a counter over the whole word ("lowbias32" of Chris Wellons). */
function hash(counter: number): number {
  let x = Math.imul(counter ^ (counter >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** An integer below `bound` from 32 random bits: the high word of their product, taken in two halves that float64 holds exactly. */
function below(bits: number, bound: number): number {
  const high = (bits >>> 16) * bound;
  const low = (bits & 0xffff) * bound;
  return Math.floor((high + Math.floor(low / 65536)) / 65536);
}

function pullTo(
  { next, tails, stride, gradient }: LayoutEpoch,
  head: number,
  tail: number,
  step: number,
): void {
  const factor = gradient.attraction(squaredDistance(next, head, tails, tail, stride));
  for (let d = 0; d < stride; d++) {
    const place = next[head + d]!;
    const move = clamp(float(factor * float(place - tails[tail + d]!)));
    next[head + d] = place + float(step * move);
  }
}

function pushFrom(
  { next, tails, stride, gradient, learningRate }: LayoutEpoch,
  head: number,
  others: Int32Array,
  count: number,
  gradients: Float32Array,
): void {
  for (let lane = 0; lane < LANES; lane++) {
    const squared = squaredDistance(next, head, tails, others[lane]!, stride);
    gradients[lane] = lane < count ? gradient.repulsion(squared) : 0;
  }
  const push = (lane: number, d: number, place: number): number =>
    clamp(float(gradients[lane]! * float(place - tails[others[lane]! + d]!)));
  for (let d = 0; d < stride; d++) {
    const place = next[head + d]!;
    const sum = float(
      float(push(0, d, place) + push(1, d, place)) + float(push(2, d, place) + push(3, d, place)),
    );
    next[head + d] = place + float(learningRate * sum);
  }
}

/** Four partial sums, (0 + 2) + (1 + 3): the order in which vector units add. */
function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, stride: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let d = 0; d < stride; d += LANES) {
    s0 = float(s0 + square(float(a[i + d]! - b[j + d]!)));
    s1 = float(s1 + square(float(a[i + d + 1]! - b[j + d + 1]!)));
    s2 = float(s2 + square(float(a[i + d + 2]! - b[j + d + 2]!)));
    s3 = float(s3 + square(float(a[i + d + 3]! - b[j + d + 3]!)));
  }
  return float(float(s0 + s2) + float(s1 + s3));
}

function square(value: number): number {
  return float(value * value);
}

function clamp(value: number): number {
  return Math.min(GRADIENT_LIMIT, Math.max(-GRADIENT_LIMIT, value));
}
