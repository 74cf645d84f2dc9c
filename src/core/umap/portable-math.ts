/**
 * exp and log from +, -, * and / alone. ECMAScript leaves the last bits of `Math.exp` and `Math.log` to the
 * engine; IEEE 754 fixes these four operations, so every engine computes the same layout.
 */

/** ln 2 split so that small multiples of the high part are exact (Cody and Waite 1980). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2 = LN2_HIGH + LN2_LOW;
/** Taylor terms of e^r that |r| <= ln(2) / 2 needs for float64. */
const EXP_TERMS = 14;
/** Terms of the atanh series that log needs for float64. */
const LOG_TERMS = 12;

/** e^x, within 1e-15 relative; 0 below about -745, Infinity above about 709. */
export function portableExp(x: number): number {
  if (x < -746) return 0;
  if (x > 710) return Number.POSITIVE_INFINITY;
  const twos = Math.round(x / LN2);
  const r = x - twos * LN2_HIGH - twos * LN2_LOW;
  let sum = 1;
  for (let i = EXP_TERMS; i > 0; i--) sum = 1 + (r / i) * sum;
  return timesPowerOfTwo(sum, twos);
}

/** ln x for finite x > 0, within 1e-15 of the larger of 1 and the result. */
export function portableLog(x: number): number {
  let mantissa = x;
  let twos = 0;
  for (; mantissa > Math.SQRT2; mantissa /= 2) twos++;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) twos--;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let i = LOG_TERMS; i >= 0; i--) sum = 1 / (2 * i + 1) + square * sum;
  return twos * LN2_HIGH + (2 * s * sum + twos * LN2_LOW);
}

/** Multiplying by powers of two is exact; square and multiply keeps it to a few steps. */
function timesPowerOfTwo(value: number, exponent: number): number {
  let result = value;
  let factor = exponent < 0 ? 0.5 : 2;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}
