import { InputError } from "../errors.ts";
import { portableExp, portableLog } from "./portable-math.ts";

/** Parameters of 1 / (1 + a d^2b), the similarity of two points at distance d in the layout. */
export interface CurveParameters {
  readonly a: number;
  readonly b: number;
}

const SAMPLES = 300;
const MAX_STEPS = 500;

/** Samples of the target curve; distance 0 is left out, for every a and b fit it. */
interface CurveSamples {
  readonly logDistances: Float64Array;
  readonly targets: Float64Array;
}

/** Sum of squared residuals, J^T J and J^T r at one (a, b). */
interface NormalEquations {
  readonly error: number;
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
  readonly ga: number;
  readonly gb: number;
}

/**
 * Fits a and b to the target curve: 1 up to `minDist`, then exp(-(d - minDist) / spread), on 300 distances
 * from 0 to 3 spread (McInnes, Healy and Melville 2018, section 3.2 and definition 11; umap-learn 0.5.3,
 * `find_ab_params`), by Levenberg-Marquardt from (1, 1). The result is rounded to 9 digits.
 *
 * @param minDist distance in the layout that near points may have, 0 to below 3 spread
 * @param spread scale of the layout, above 0
 * @throws InputError when out of range
 */
export function fitCurve(minDist: number, spread: number): CurveParameters {
  if (!(spread > 0 && Number.isFinite(spread) && minDist >= 0 && minDist < 3 * spread)) {
    const details = {
      expected: "spread > 0 and 0 <= minDist < 3 spread",
      found: `minDist ${minDist}, spread ${spread}`,
    };
    throw new InputError("No curve fits these distances", details, "BAD_OPTION");
  }
  const samples = targetCurve(minDist, spread);
  let point: CurveParameters = { a: 1, b: 1 };
  let equations = normalEquations(samples, point);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS && damping < 1e12; step++) {
    const next = dampedStep(point, equations, damping);
    const tried = next.a > 0 && next.b > 0 ? normalEquations(samples, next) : undefined;
    if (tried !== undefined && tried.error <= equations.error) {
      const moved = Math.abs(next.a - point.a) / next.a + Math.abs(next.b - point.b) / next.b;
      point = next;
      equations = tried;
      damping = Math.max(damping / 10, 1e-12);
      if (moved < 1e-12) break;
    } else {
      damping *= 10;
    }
  }
  return { a: Number(point.a.toPrecision(9)), b: Number(point.b.toPrecision(9)) };
}

function targetCurve(minDist: number, spread: number): CurveSamples {
  const logDistances = new Float64Array(SAMPLES - 1);
  const targets = new Float64Array(SAMPLES - 1);
  for (let i = 1; i < SAMPLES; i++) {
    const distance = (3 * spread * i) / (SAMPLES - 1);
    logDistances[i - 1] = portableLog(distance);
    targets[i - 1] = distance < minDist ? 1 : portableExp(-(distance - minDist) / spread);
  }
  return { logDistances, targets };
}

function normalEquations(
  { logDistances, targets }: CurveSamples,
  { a, b }: CurveParameters,
): NormalEquations {
  const sums = { error: 0, aa: 0, ab: 0, bb: 0, ga: 0, gb: 0 };
  for (let i = 0; i < targets.length; i++) {
    const power = portableExp(2 * b * logDistances[i]!);
    const value = 1 / (1 + a * power);
    const residual = value - targets[i]!;
    const byA = -value * value * power;
    const byB = byA * 2 * a * logDistances[i]!;
    sums.error += residual * residual;
    sums.aa += byA * byA;
    sums.ab += byA * byB;
    sums.bb += byB * byB;
    sums.ga += byA * residual;
    sums.gb += byB * residual;
  }
  return sums;
}

/** Solves (J^T J + damping diag(J^T J)) step = -J^T r. */
function dampedStep(point: CurveParameters, sums: NormalEquations, damping: number): CurveParameters {
  const aa = sums.aa * (1 + damping);
  const bb = sums.bb * (1 + damping);
  const determinant = aa * bb - sums.ab * sums.ab;
  return {
    a: point.a - (bb * sums.ga - sums.ab * sums.gb) / determinant,
    b: point.b - (aa * sums.gb - sums.ab * sums.ga) / determinant,
  };
}
