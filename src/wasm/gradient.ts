// Gradients of the layout's cross entropy for four squared distances at once; see src/core/umap/layout-gradient.ts, the
// TypeScript reference, for the formulas. Constants lie in memory, four copies each: engines load them faster than they make them.

const LEAST: usize = memory.data<f32>([1e-12, 1e-12, 1e-12, 1e-12], 16);
const SOFTENING: usize = memory.data<f32>([0.001, 0.001, 0.001, 0.001], 16);
const ONE: usize = memory.data<f32>([1, 1, 1, 1], 16);
const MANTISSA: usize = memory.data<i32>([0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff], 16);
const EXPONENT_BIAS: usize = memory.data<i32>([127, 127, 127, 127], 16);

const LOG2_0: usize = memory.data<f32>(
  [1.4426259994506836, 1.4426259994506836, 1.4426259994506836, 1.4426259994506836],
  16,
);
const LOG2_1: usize = memory.data<f32>(
  [-0.717392086982727, -0.717392086982727, -0.717392086982727, -0.717392086982727],
  16,
);
const LOG2_2: usize = memory.data<f32>(
  [0.4439137279987335, 0.4439137279987335, 0.4439137279987335, 0.4439137279987335],
  16,
);
const LOG2_3: usize = memory.data<f32>(
  [-0.2303345650434494, -0.2303345650434494, -0.2303345650434494, -0.2303345650434494],
  16,
);
const LOG2_4: usize = memory.data<f32>(
  [0.06125607341527939, 0.06125607341527939, 0.06125607341527939, 0.06125607341527939],
  16,
);

const EXP2_0: usize = memory.data<f32>(
  [0.9998929500579834, 0.9998929500579834, 0.9998929500579834, 0.9998929500579834],
  16,
);
const EXP2_1: usize = memory.data<f32>(
  [0.6964573860168457, 0.6964573860168457, 0.6964573860168457, 0.6964573860168457],
  16,
);
const EXP2_2: usize = memory.data<f32>(
  [0.2243383675813675, 0.2243383675813675, 0.2243383675813675, 0.2243383675813675],
  16,
);
const EXP2_3: usize = memory.data<f32>(
  [0.07920423895120621, 0.07920423895120621, 0.07920423895120621, 0.07920423895120621],
  16,
);

/** Where the four copies of each curve parameter lie, from the start of the task. */
const A: usize = 0;
const B: usize = 16;
const ATTRACTION: usize = 32;
const REPULSION: usize = 48;

/** x^b for x of at least 1e-12. */
@inline
function power(task: usize, x: v128): v128 {
  const one = v128.load(ONE);
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.sub(x, one), 23));
  const t = f32x4.sub(v128.or(v128.and(x, v128.load(MANTISSA)), one), one);
  let log = f32x4.add(f32x4.mul(v128.load(LOG2_4), t), v128.load(LOG2_3));
  log = f32x4.add(f32x4.mul(log, t), v128.load(LOG2_2));
  log = f32x4.add(f32x4.mul(log, t), v128.load(LOG2_1));
  log = f32x4.add(f32x4.mul(log, t), v128.load(LOG2_0));
  const scaled = f32x4.mul(v128.load(task, B), f32x4.add(exponent, f32x4.mul(log, t)));
  const whole = f32x4.floor(scaled);
  const rest = f32x4.sub(scaled, whole);
  let exp = f32x4.add(f32x4.mul(v128.load(EXP2_3), rest), v128.load(EXP2_2));
  exp = f32x4.add(f32x4.mul(exp, rest), v128.load(EXP2_1));
  exp = f32x4.add(f32x4.mul(exp, rest), v128.load(EXP2_0));
  return f32x4.mul(exp, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), v128.load(EXPONENT_BIAS)), 23));
}

/** Coefficients that pull ends of an edge together; negative. */
@inline
export function attraction(task: usize, squared: v128): v128 {
  const x = f32x4.pmax(squared, v128.load(LEAST));
  const p = power(task, x);
  const denominator = f32x4.mul(x, f32x4.add(v128.load(ONE), f32x4.mul(v128.load(task, A), p)));
  return f32x4.div(f32x4.mul(v128.load(task, ATTRACTION), p), denominator);
}

/** Coefficients that push a point from others; positive. */
@inline
export function repulsion(task: usize, squared: v128): v128 {
  const p = power(task, f32x4.pmax(squared, v128.load(LEAST)));
  const tail = f32x4.add(v128.load(ONE), f32x4.mul(v128.load(task, A), p));
  return f32x4.div(v128.load(task, REPULSION), f32x4.mul(f32x4.add(squared, v128.load(SOFTENING)), tail));
}
