const float: (value: number) => number = Math.fround;

/** Below this the squared distance counts as this: powers of 0 have no logarithm. */
const LEAST = float(1e-12);
/** Keeps the push from a point very near finite (umap-learn 0.5.3). */
const SOFTENING = float(0.001);

/** log2(1 + t) / t and 2^t for t from 0 to 1, by polynomials that err by 7e-5 and 1e-4 at most (our own minimax fits). */
const LOG2: readonly number[] = [
  1.4426259994506836, -0.717392086982727, 0.4439137279987335, -0.2303345650434494, 0.06125607341527939,
].map(float);
const EXP2: readonly number[] = [
  0.9998929500579834, 0.6964573860168457, 0.2243383675813675, 0.07920423895120621,
].map(float);

/**
 * Gradients of the layout's cross entropy by squared distance (umap-learn 0.5.3,
 * `_optimize_layout_euclidean_single_epoch`): attraction -2ab d^(2b-2) / (1 + a d^2b), repulsion
 * 2 gamma b / ((0.001 + d^2) (1 + a d^2b)).
 *
 * Every operation is one of float32, in the order of the compiled code in src/wasm, so that both agree to the last bit,
 * on every engine and processor.
 */
export class LayoutGradient {
  private readonly a: number;
  private readonly b: number;
  private readonly attractionNumerator: number;
  private readonly repulsionNumerator: number;
  private readonly floats: Float32Array = new Float32Array(1);
  private readonly bits: Int32Array = new Int32Array(this.floats.buffer);

  /** @param constants as `curveConstants` gives them */
  constructor(constants: readonly number[]) {
    [this.a, this.b, this.attractionNumerator, this.repulsionNumerator] = constants.map(float) as [
      number,
      number,
      number,
      number,
    ];
  }

  /** Negative: towards the other end of the edge. */
  attraction(squared: number): number {
    const x = Math.max(squared, LEAST);
    const power = this.power(x);
    const denominator = float(x * float(1 + float(this.a * power)));
    return float(float(this.attractionNumerator * power) / denominator);
  }

  /** Positive: away from the other point. */
  repulsion(squared: number): number {
    const tail = float(1 + float(this.a * this.power(Math.max(squared, LEAST))));
    return float(this.repulsionNumerator / float(float(squared + SOFTENING) * tail));
  }

  /** x^b by exponent and mantissa. */
  private power(x: number): number {
    this.floats[0] = x;
    const exponent = (this.bits[0]! - 0x3f800000) >> 23;
    this.bits[0] = (this.bits[0]! & 0x007fffff) | 0x3f800000;
    const t = float(this.floats[0] - 1);
    const scaled = float(this.b * float(exponent + float(polynomial(LOG2, t) * t)));
    const whole = Math.floor(scaled);
    this.bits[0] = (whole + 127) << 23;
    return float(polynomial(EXP2, float(scaled - whole)) * this.floats[0]);
  }
}

function polynomial(coefficients: readonly number[], t: number): number {
  let value = coefficients[coefficients.length - 1]!;
  for (let i = coefficients.length - 2; i >= 0; i--) value = float(float(value * t) + coefficients[i]!);
  return value;
}
