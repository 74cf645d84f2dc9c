// One step of a Chebyshev recurrence for a sparse matrix and a block of vectors: the fast twin of `sparseStep` in
// src/core/umap/sparse-operator.ts, whose results it must give to the last bit.

/**
 * next = alpha * matrix * current + beta * current + gamma * previous, for rows `from` to `to` - 1. Blocks are row-major,
 * their rows `bytes` long, a multiple of 64: sixteen floats are summed at a time.
 */
export function sparseStep(
  offsets: usize,
  columns: usize,
  weights: usize,
  bytes: usize,
  current: usize,
  previous: usize,
  next: usize,
  alpha: f32,
  beta: f32,
  gamma: f32,
  from: u32,
  to: u32,
): void {
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(beta);
  const c = f32x4.splat(gamma);
  for (let row = from; row < to; row++) {
    const start = load<u32>(offsets + ((<usize>row) << 2));
    const end = load<u32>(offsets + ((<usize>row) << 2), 4);
    for (let part: usize = 0; part < bytes; part += 64) {
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      let sum2 = f32x4.splat(0);
      let sum3 = f32x4.splat(0);
      for (let edge = start; edge < end; edge++) {
        const weight = v128.load32_splat(weights + ((<usize>edge) << 2));
        const other = current + part + <usize>load<u32>(columns + ((<usize>edge) << 2)) * bytes;
        sum0 = f32x4.add(sum0, f32x4.mul(weight, v128.load(other)));
        sum1 = f32x4.add(sum1, f32x4.mul(weight, v128.load(other, 16)));
        sum2 = f32x4.add(sum2, f32x4.mul(weight, v128.load(other, 32)));
        sum3 = f32x4.add(sum3, f32x4.mul(weight, v128.load(other, 48)));
      }
      const at = <usize>row * bytes + part;
      const x = current + at;
      const y = previous + at;
      const z = next + at;
      v128.store(z, combined(a, sum0, b, v128.load(x), c, v128.load(y)));
      v128.store(z, combined(a, sum1, b, v128.load(x, 16), c, v128.load(y, 16)), 16);
      v128.store(z, combined(a, sum2, b, v128.load(x, 32), c, v128.load(y, 32)), 32);
      v128.store(z, combined(a, sum3, b, v128.load(x, 48), c, v128.load(y, 48)), 48);
    }
  }
}

@inline
function combined(a: v128, sum: v128, b: v128, current: v128, c: v128, previous: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(a, sum), f32x4.mul(b, current)), f32x4.mul(c, previous));
}
