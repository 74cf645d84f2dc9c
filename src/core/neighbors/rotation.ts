import type { Rng } from "../math/rng.ts";

/**
 * A random orthogonal map: random signs, then Walsh-Hadamard transforms of the first and of the last coordinates, as many
 * as the largest power of two that fits (Ailon and Chazelle 2009, "The fast Johnson-Lindenstrauss transform", section 2,
 * without the sampling). It spreads single large coordinates over all others, so that one scale suits every coordinate.
 */
export class Rotation {
  private readonly signs: Float64Array;
  private readonly span: number;

  /** @param cols length of the vectors, at least 1 */
  constructor(cols: number, rng: Rng) {
    this.span = 2 ** (31 - Math.clz32(cols));
    this.signs = Float64Array.from({ length: cols }, () => (rng.below(2) === 0 ? -1 : 1));
  }

  applyInPlace(vector: Float64Array): void {
    const { signs, span } = this;
    for (let j = 0; j < signs.length; j++) vector[j] = vector[j]! * signs[j]!;
    transformInPlace(vector, 0, span);
    if (span < signs.length) transformInPlace(vector, signs.length - span, span);
  }
}

/** The Walsh-Hadamard transform of `span` coordinates from `start` on, of the same length as before. */
function transformInPlace(vector: Float64Array, start: number, span: number): void {
  const end = start + span;
  const scale = 1 / Math.sqrt(span);
  for (let j = start; j < end; j++) vector[j] = vector[j]! * scale;
  let half = 1;
  // Two rounds in one: half the loads and stores.
  for (; 4 * half <= span; half *= 4) {
    for (let first = start; first < end; first += 4 * half) {
      for (let j = first; j < first + half; j++) {
        const sum0 = vector[j]! + vector[j + half]!;
        const difference0 = vector[j]! - vector[j + half]!;
        const sum1 = vector[j + 2 * half]! + vector[j + 3 * half]!;
        const difference1 = vector[j + 2 * half]! - vector[j + 3 * half]!;
        vector[j] = sum0 + sum1;
        vector[j + half] = difference0 + difference1;
        vector[j + 2 * half] = sum0 - sum1;
        vector[j + 3 * half] = difference0 - difference1;
      }
    }
  }
  if (half === span) return;
  for (let j = start; j < start + half; j++) {
    const a = vector[j]!;
    const b = vector[j + half]!;
    vector[j] = a + b;
    vector[j + half] = a - b;
  }
}
