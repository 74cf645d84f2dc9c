/**
 * exp and log from +, -, * and / alone. ECMAScript leaves the last bits of `Math.exp` and `Math.log` to the
 * engine; IEEE 754 fixes these four operations, so every engine computes the same layout.
 */

/** ln 2 split so that small multiples of the high part are exact (Cody and Waite 1980). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2 = LN2_HIGH + LN2_LOW;
/** Half the exponents of the least and the largest results. */
const LEAST_EXPONENT = -540;
const LARGEST_EXPONENT = 520;
const POWERS_OF_TWO: Float64Array = powersOfTwo();
/** Terms of the atanh series that log needs for float64. */
const LOG_TERMS = 12;

/** e^x, within 1e-15 relative; 0 below about -745, Infinity above about 709. */
export function portableExp(x: number): number {
  if (x < -746) return 0;
  if (x > 710) return Number.POSITIVE_INFINITY;
  const twos = Math.round(x / LN2);
  const r = x - twos * LN2_HIGH - twos * LN2_LOW;
  const square = r * r;
  // The Taylor series to r^15 / 15!, which |r| <= ln(2) / 2 needs, as cosh r + sinh r: two sums that do not wait for each other.
  let even = 1 / 479001600 + square / 87178291200;
  even = 1 / 3628800 + square * even;
  even = 1 / 40320 + square * even;
  even = 1 / 720 + square * even;
  even = 1 / 24 + square * even;
  even = 1 / 2 + square * even;
  let odd = 1 / 6227020800 + square / 1307674368000;
  odd = 1 / 39916800 + square * odd;
  odd = 1 / 362880 + square * odd;
  odd = 1 / 5040 + square * odd;
  odd = 1 / 120 + square * odd;
  odd = 1 / 6 + square * odd;
  const power = 1 + (r + (square * even + r * square * odd));
  // In two steps: 2^n alone may be infinite, or lose bits, where the product is not and does not.
  const half = twos >> 1;
  return power * powerOfTwo(half) * powerOfTwo(twos - half);
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

function powerOfTwo(exponent: number): number {
  return POWERS_OF_TWO[exponent - LEAST_EXPONENT]!;
}

/** `Math.pow` may be off by a bit; doubling and halving are exact. */
function powersOfTwo(): Float64Array {
  const powers = new Float64Array(LARGEST_EXPONENT - LEAST_EXPONENT + 1);
  powers[-LEAST_EXPONENT] = 1;
  for (let i = -LEAST_EXPONENT; i + 1 < powers.length; i++) powers[i + 1] = 2 * powers[i]!;
  for (let i = -LEAST_EXPONENT; i > 0; i--) powers[i - 1] = powers[i]! / 2;
  return powers;
}
