// One epoch of the layout's optimisation for a range of rows: the fast twin of src/core/umap/optimize-rows.ts, which tells
// what is done and why, and whose results it must give to the last bit. Places are padded to whole groups of four floats.

import { attraction, repulsion } from "./gradient";

// The task, as src/core/umap/layout-memory.ts writes it: four copies each of four floats, then 32-bit words.
const HEADS: usize = 64;
const HEADS_NEXT: usize = 68;
/** 0, where the other points are the heads themselves. */
const TAILS: usize = 72;
const OFFSETS: usize = 76;
const COLUMNS: usize = 80;
const PULL_RATES: usize = 84;
const LEARNING_RATES: usize = 88;
const BYTES_PER_ROW: usize = 92;
const TAIL_COUNT: usize = 96;
const NEGATIVE_SAMPLE_RATE: usize = 100;
const SEED: usize = 104;
const ROW_STRIDE: usize = 108;
const PULL: usize = 112;

const LIMIT: usize = memory.data<f32>([4, 4, 4, 4], 16);
const NEGATIVE_LIMIT: usize = memory.data<f32>([-4, -4, -4, -4], 16);
const LANES: usize = memory.data<i32>([0, 1, 2, 3], 16);
const HASH_1: usize = memory.data<i32>([0x7feb352d, 0x7feb352d, 0x7feb352d, 0x7feb352d], 16);
const HASH_2: usize = memory.data<u32>([0x846ca68b, 0x846ca68b, 0x846ca68b, 0x846ca68b], 16);

const ROW_STEP: u32 = 0x9e3779b9;
const EPOCH_STEP: u32 = 0x85ebca6b;
const CERTAIN: u32 = 0x80000000;

@inline
function clamp(x: v128): v128 {
  return f32x4.pmax(v128.load(NEGATIVE_LIMIT), f32x4.pmin(v128.load(LIMIT), x));
}

/** Spreads every bit of four counters over the whole words ("lowbias32" of Chris Wellons). */
@inline
function hash(counters: v128): v128 {
  let x = i32x4.mul(v128.xor(counters, i32x4.shr_u(counters, 16)), v128.load(HASH_1));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), v128.load(HASH_2));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** Four integers below `bound` from 32 random bits each. */
@inline
function below(bits: v128, bound: v128): v128 {
  return v128.shuffle<i32>(
    i64x2.extmul_low_i32x4_u(bits, bound),
    i64x2.extmul_high_i32x4_u(bits, bound),
    1,
    3,
    5,
    7,
  );
}

/** The sums of the lanes of each of four vectors: (0 + 2) + (1 + 3). */
@inline
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** Pulls the place at `head` towards the one at `tail`. */
@inline
function pullTo(task: usize, head: usize, tail: usize, bytes: usize, step: v128): void {
  let sum = square(f32x4.sub(v128.load(head), v128.load(tail)));
  for (let c: usize = 16; c < bytes; c += 16) {
    sum = f32x4.add(sum, square(f32x4.sub(v128.load(head + c), v128.load(tail + c))));
  }
  sum = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
  const gradient = attraction(task, f32x4.add(sum, v128.shuffle<f32>(sum, sum, 1, 0, 3, 2)));
  for (let c: usize = 0; c < bytes; c += 16) {
    const place = v128.load(head + c);
    const move = clamp(f32x4.mul(gradient, f32x4.sub(place, v128.load(tail + c))));
    v128.store(head + c, f32x4.add(place, f32x4.mul(step, move)));
  }
}

/** Pushes the place at `head` from four others, of which the first `count` are in earnest. */
@inline
function pushFrom(
  task: usize,
  head: usize,
  tails: usize,
  others: v128,
  count: i32,
  bytes: usize,
  step: v128,
): void {
  const a = tails + <usize>i32x4.extract_lane(others, 0) * bytes;
  const b = tails + <usize>i32x4.extract_lane(others, 1) * bytes;
  const c = tails + <usize>i32x4.extract_lane(others, 2) * bytes;
  const d = tails + <usize>i32x4.extract_lane(others, 3) * bytes;
  let place = v128.load(head);
  let sumA = square(f32x4.sub(place, v128.load(a)));
  let sumB = square(f32x4.sub(place, v128.load(b)));
  let sumC = square(f32x4.sub(place, v128.load(c)));
  let sumD = square(f32x4.sub(place, v128.load(d)));
  for (let i: usize = 16; i < bytes; i += 16) {
    place = v128.load(head + i);
    sumA = f32x4.add(sumA, square(f32x4.sub(place, v128.load(a + i))));
    sumB = f32x4.add(sumB, square(f32x4.sub(place, v128.load(b + i))));
    sumC = f32x4.add(sumC, square(f32x4.sub(place, v128.load(c + i))));
    sumD = f32x4.add(sumD, square(f32x4.sub(place, v128.load(d + i))));
  }
  let gradients = repulsion(task, laneSums(sumA, sumB, sumC, sumD));
  if (count < 4) gradients = v128.and(gradients, i32x4.lt_s(v128.load(LANES), i32x4.splat(count)));
  const byA = v128.shuffle<f32>(gradients, gradients, 0, 0, 0, 0);
  const byB = v128.shuffle<f32>(gradients, gradients, 1, 1, 1, 1);
  const byC = v128.shuffle<f32>(gradients, gradients, 2, 2, 2, 2);
  const byD = v128.shuffle<f32>(gradients, gradients, 3, 3, 3, 3);
  for (let i: usize = 0; i < bytes; i += 16) {
    place = v128.load(head + i);
    const ab = f32x4.add(
      clamp(f32x4.mul(byA, f32x4.sub(place, v128.load(a + i)))),
      clamp(f32x4.mul(byB, f32x4.sub(place, v128.load(b + i)))),
    );
    const cd = f32x4.add(
      clamp(f32x4.mul(byC, f32x4.sub(place, v128.load(c + i)))),
      clamp(f32x4.mul(byD, f32x4.sub(place, v128.load(d + i)))),
    );
    v128.store(head + i, f32x4.add(place, f32x4.mul(step, f32x4.add(ab, cd))));
  }
}

/** The first edge from `edge` on that is due in the epoch; `end`, where there is none. */
@inline
function nextDue(rates: usize, edge: u32, start: u32, end: u32, epoch: u32, seed: u32): u32 {
  while (edge < end) {
    const rate = load<u32>(rates + ((<usize>edge) << 2));
    const phase = seed + (edge - start) * ROW_STEP;
    if (((epoch * rate + phase) & 0x7fffffff) + rate >= CERTAIN) break;
    edge++;
  }
  return edge;
}

@inline
function entry(array: usize, index: u32): u32 {
  return load<u32>(array + ((<usize>index) << 2));
}

/**
 * Optimises rows `from` to `to` - 1, four in turn: what is done to one row waits for the step before, and the processor works
 * on the others meanwhile. Reads the places of even epochs from HEADS, of odd ones from HEADS_NEXT, and writes the
 * other.
 */
export function optimizeRows(task: usize, from: u32, to: u32, epoch: u32): void {
  const odd = (epoch & 1) << 2;
  const heads = load<usize>(task + odd, HEADS);
  const next = load<usize>(task - odd, HEADS_NEXT);
  const bytes = load<usize>(task, BYTES_PER_ROW);
  memory.copy(next + <usize>from * bytes, heads + <usize>from * bytes, <usize>(to - from) * bytes);
  const fixed = load<usize>(task, TAILS);
  const tails = fixed == 0 ? heads : fixed;
  const offsets = load<usize>(task, OFFSETS);
  const columns = load<usize>(task, COLUMNS);
  const rates = load<usize>(task, PULL_RATES);
  const tailCount = i32x4.splat(load<i32>(task, TAIL_COUNT));
  const pushesPerPull = load<i32>(task, NEGATIVE_SAMPLE_RATE);
  const seedStep = load<u32>(task, ROW_STRIDE) * ROW_STEP;
  const learningRate = load<f32>(load<usize>(task, LEARNING_RATES) + ((<usize>epoch) << 2));
  const pullStep = f32x4.splat(learningRate * load<f32>(task, PULL));
  const pushStep = f32x4.splat(learningRate);
  const epochSeed = load<u32>(task, SEED) + epoch * EPOCH_STEP;
  for (let row = from; row < to; row += 4) {
    const startA = entry(offsets, row);
    const startB = entry(offsets, min(row + 1, to));
    const startC = entry(offsets, min(row + 2, to));
    const startD = entry(offsets, min(row + 3, to));
    const endD = entry(offsets, min(row + 4, to));
    const seedA = row * seedStep;
    const seedB = seedA + seedStep;
    const seedC = seedB + seedStep;
    const seedD = seedC + seedStep;
    const headA = next + <usize>row * bytes;
    const headB = headA + bytes;
    const headC = headB + bytes;
    const headD = headC + bytes;
    let a = startA;
    let b = startB;
    let c = startC;
    let d = startD;
    let pushesA = 0;
    let pushesB = 0;
    let pushesC = 0;
    let pushesD = 0;
    while (a < startB || b < startC || c < startD || d < endD) {
      a = nextDue(rates, a, startA, startB, epoch, seedA);
      b = nextDue(rates, b, startB, startC, epoch, seedB);
      c = nextDue(rates, c, startC, startD, epoch, seedC);
      d = nextDue(rates, d, startD, endD, epoch, seedD);
      if (a < startB) {
        pullTo(task, headA, tails + <usize>entry(columns, a++) * bytes, bytes, pullStep);
        pushesA += pushesPerPull;
      }
      if (b < startC) {
        pullTo(task, headB, tails + <usize>entry(columns, b++) * bytes, bytes, pullStep);
        pushesB += pushesPerPull;
      }
      if (c < startD) {
        pullTo(task, headC, tails + <usize>entry(columns, c++) * bytes, bytes, pullStep);
        pushesC += pushesPerPull;
      }
      if (d < endD) {
        pullTo(task, headD, tails + <usize>entry(columns, d++) * bytes, bytes, pullStep);
        pushesD += pushesPerPull;
      }
    }
    const counters = i32x4.add(v128.load(LANES), i32x4.splat(epochSeed));
    const most = max(max(pushesA, pushesB), max(pushesC, pushesD));
    for (let push = 0; push < most; push += 4) {
      const count = i32x4.add(counters, i32x4.splat(push));
      if (push < pushesA) {
        const others = below(hash(i32x4.add(count, i32x4.splat(seedA))), tailCount);
        pushFrom(task, headA, tails, others, pushesA - push, bytes, pushStep);
      }
      if (push < pushesB) {
        const others = below(hash(i32x4.add(count, i32x4.splat(seedB))), tailCount);
        pushFrom(task, headB, tails, others, pushesB - push, bytes, pushStep);
      }
      if (push < pushesC) {
        const others = below(hash(i32x4.add(count, i32x4.splat(seedC))), tailCount);
        pushFrom(task, headC, tails, others, pushesC - push, bytes, pushStep);
      }
      if (push < pushesD) {
        const others = below(hash(i32x4.add(count, i32x4.splat(seedD))), tailCount);
        pushFrom(task, headD, tails, others, pushesD - push, bytes, pushStep);
      }
    }
  }
}
