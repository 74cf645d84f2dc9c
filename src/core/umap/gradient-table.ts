import type { CurveParameters } from "./curve-fit.ts";
import { portableExp, portableLog } from "./portable-math.ts";

/** Table entries per factor of two in the squared distance; linear interpolation errs by less than 1e-4 relative. */
const STEPS_PER_OCTAVE = 64;
const MANTISSA_SHIFT = 23 - 6;
/** Squared distances covered; float32 exponents. */
const MIN_EXPONENT = -40;
const MAX_EXPONENT = 20;

/**
 * Gradient coefficients of the layout's cross entropy by squared distance, tabulated so that the inner loop needs no
 * power: attraction -2ab d^(2b-2) / (1 + a d^2b), repulsion 2 gamma b / ((0.001 + d^2) (1 + a d^2b))
 * (umap-learn 0.5.3, `_optimize_layout_euclidean_single_epoch`). Look-up goes by the bits of the float32
 * squared distance: exponent and leading mantissa bits pick the entry, the rest interpolates.
 */
export interface GradientTable {
  readonly attraction: Float64Array;
  readonly repulsion: Float64Array;
}

/** What look-ups need besides the table. */
export const TABLE_MIN: number = 2 ** MIN_EXPONENT;
export const TABLE_MAX: number = 2 ** MAX_EXPONENT;
/** `(bits >> TABLE_SHIFT) - TABLE_BASE` is the entry at or below a float32 with these bits. */
export const TABLE_SHIFT: number = MANTISSA_SHIFT;
export const TABLE_BASE: number = (MIN_EXPONENT + 127) * STEPS_PER_OCTAVE;
/** The bits below the entry, and what they count. */
export const TABLE_FRACTION_MASK: number = 2 ** MANTISSA_SHIFT - 1;
export const TABLE_FRACTION_UNIT: number = 2 ** -MANTISSA_SHIFT;

export function gradientTable({ a, b }: CurveParameters, repulsionStrength: number): GradientTable {
  const entries = (MAX_EXPONENT - MIN_EXPONENT) * STEPS_PER_OCTAVE + 1;
  const attraction = new Float64Array(entries);
  const repulsion = new Float64Array(entries);
  for (let i = 0; i < entries; i++) {
    const octave = MIN_EXPONENT + Math.floor(i / STEPS_PER_OCTAVE);
    const squared = 2 ** octave * (1 + (i % STEPS_PER_OCTAVE) / STEPS_PER_OCTAVE);
    const power = portableExp(b * portableLog(squared));
    attraction[i] = (-2 * a * b * (power / squared)) / (1 + a * power);
    repulsion[i] = (2 * repulsionStrength * b) / ((0.001 + squared) * (1 + a * power));
  }
  return { attraction, repulsion };
}
