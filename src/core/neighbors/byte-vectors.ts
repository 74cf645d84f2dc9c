import type { ByteMatrix } from "../math/kernels.ts";
import type { Matrix } from "../math/matrix.ts";
import type { Rng } from "../math/rng.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import { squaredNorms } from "./exact-distance.ts";
import type { Metric } from "./neighbors.ts";
import { Rotation } from "./rotation.ts";

/** Largest code: bytes hold -128 to 127, and rounding may go either way. */
const LARGEST_CODE = 127;
/** Products of bytes must stay far from the limits of 32 bits. */
const MAX_COLS = 2 ** 14;
/** Errors of scores beyond so many of their deviations are taken to be impossible: a chance below 2 exp(-5^2 / 2) each. */
const DEVIATIONS = 5;

/**
 * Points as vectors of bytes, of which integer products tell who is near: `score(i, j) = codes i . codes j + bias[i] +
 * bias[j]` stands for -|x_i - x_j|^2 / 2, in units of one squared step of the codes.
 */
export interface ByteVectors {
  readonly codes: ByteMatrix;
  readonly bias: Int32Array;
  /** Length of each vector, in steps. */
  readonly lengths: Float64Array;
  /** The score that an exact distance stands for. */
  scoreOf(distance: number): number;
  /** How far scores of point `i` may lie from the true ones; Infinity where scores say nothing. */
  scoreError(i: number): number;
}

export function fitsBytes(points: Matrix): boolean {
  return points.cols <= MAX_COLS;
}

/**
 * The mean moves to the origin, a rotation makes all coordinates equally wide, and coordinates are rounded up or down by
 * chance, on average to themselves: errors are then independent of the data, which makes the bound on their sum
 * Hoeffding's (1963, theorem 2). Under cosine the vectors get length 1 first:
 * half their squared distance is the cosine distance.
 *
 * @param points points x cols, finite, `cols` from 1 to 2^14
 */
export async function byteVectors(
  points: Matrix,
  metric: Metric,
  rng: Rng,
  pacer: WorkPacer,
): Promise<ByteVectors> {
  const { rows, cols } = points;
  const scales = metric === "cosine" ? inverseLengths(points) : new Float64Array(rows).fill(1);
  const space = new CentredSpace(points, scales, rng.fork(0));
  const step = (await space.largestCoordinate(pacer.part(0, 0.4))) / LARGEST_CODE || 1;

  const codes = { data: new Uint8Array(rows * cols), rows, cols };
  const bias = new Int32Array(rows);
  const lengths = new Float64Array(rows);
  const dither = rng.fork(1);
  const encoding = pacer.part(0.4, 1);
  for (let i = 0; i < rows; i++) {
    if (i % 256 === 0) await encoding.pause(i / rows);
    const vector = space.vector(i);
    const squared = roundInto(codes.data, i * cols, vector, step, dither);
    lengths[i] = Math.sqrt(squared);
    bias[i] = Math.round(-squared / 2);
  }

  const longest = lengths.reduce((max, length) => Math.max(max, length), 0);
  return {
    codes,
    bias,
    lengths,
    scoreOf: (distance) => -(metric === "cosine" ? distance : (distance * distance) / 2) / step / step,
    scoreError: (i) => {
      // A vector of zeros has no direction; its distances are a convention that no product knows.
      if (metric === "cosine" && scales[i] === 0) return Number.POSITIVE_INFINITY;
      // Each code is wrong by at most 1; the products of two errors and the rounding of the biases come on top.
      const spread = Math.sqrt(lengths[i]! ** 2 + longest ** 2 + cols);
      return (DEVIATIONS / 2) * spread + 2;
    },
  };
}

/** Zero for vectors of zeros. */
function inverseLengths(points: Matrix): Float64Array {
  return squaredNorms(points).map((norm) => (norm > 0 ? 1 / Math.sqrt(norm) : 0));
}

/** The points scaled, moved and turned, one at a time. */
class CentredSpace {
  private readonly points: Matrix;
  private readonly scales: Float64Array;
  private readonly mean: Float64Array;
  private readonly rotation: Rotation;
  private readonly buffer: Float64Array;

  constructor(points: Matrix, scales: Float64Array, rng: Rng) {
    this.points = points;
    this.scales = scales;
    this.mean = scaledMean(points, scales);
    this.rotation = new Rotation(points.cols, rng);
    this.buffer = new Float64Array(points.cols);
  }

  /** The vector of point `i`; the next call overwrites it. */
  vector(i: number): Float64Array {
    const { points, mean, buffer } = this;
    const scale = this.scales[i]!;
    const start = i * points.cols;
    for (let j = 0; j < mean.length; j++) buffer[j] = points.data[start + j]! * scale - mean[j]!;
    this.rotation.applyInPlace(buffer);
    return buffer;
  }

  async largestCoordinate(pacer: WorkPacer): Promise<number> {
    let largest = 0;
    for (let i = 0; i < this.points.rows; i++) {
      if (i % 256 === 0) await pacer.pause(i / this.points.rows);
      const vector = this.vector(i);
      for (let j = 0; j < vector.length; j++) {
        const size = Math.abs(vector[j]!);
        if (size > largest) largest = size;
      }
    }
    return largest;
  }
}

function scaledMean(points: Matrix, scales: Float64Array): Float64Array {
  const { data, rows, cols } = points;
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const weight = scales[i]! / rows;
    for (let j = 0; j < cols; j++) mean[j] = mean[j]! + data[i * cols + j]! * weight;
  }
  return mean;
}

/**
 * Rounds up with the chance of the fraction, to 8 bits of it: four coordinates share a random number.
 *
 * @returns the squared length of the vector, in steps, before rounding
 */
function roundInto(
  codes: Uint8Array,
  start: number,
  vector: Float64Array,
  step: number,
  dither: Rng,
): number {
  const scale = 1 / step;
  let squared = 0;
  let bits = 0;
  for (let j = 0; j < vector.length; j++) {
    bits = j % 4 === 0 ? dither.nextInt32() : bits >>> 8;
    const value = vector[j]! * scale;
    squared += value * value;
    // Truncation rounds down: what it cuts is positive.
    codes[start + j] = (value + 128 + ((bits & 255) + 0.5) / 256) | 0;
  }
  return squared;
}
