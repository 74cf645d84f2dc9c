export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Row `i` is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * All eigenpairs of a small dense symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, "Matrix
 * Computations", 4th edition, section 8.5).
 *
 * @param source size x size, row-major
 */
export function symmetricEigen(source: Float64Array, size: number): SymmetricEigen {
  const a = source.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < a.length; i++) {
      all += a[i]! * a[i]!;
      if (i % (size + 1) !== 0) off += a[i]! * a[i]!;
    }
    if (off <= 1e-30 * all) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
    }
  }
  return sorted(a, v, size);
}

/** Makes `a[p, q]` zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const tau = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const tangent = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  for (let i = 0; i < size; i++) {
    const ip = a[i * size + p]!;
    const iq = a[i * size + q]!;
    a[i * size + p] = cosine * ip - sine * iq;
    a[i * size + q] = sine * ip + cosine * iq;
  }
  rotateRows(a, size, p, q, cosine, sine);
  rotateRows(v, size, p, q, cosine, sine);
}

function rotateRows(a: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < size; i++) {
    const pi = a[p * size + i]!;
    const qi = a[q * size + i]!;
    a[p * size + i] = cosine * pi - sine * qi;
    a[q * size + i] = sine * pi + cosine * qi;
  }
}

function sorted(a: Float64Array, v: Float64Array, size: number): SymmetricEigen {
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]! || i - j,
  );
  const vectors = new Float64Array(size * size);
  order.forEach((source, i) => {
    vectors.set(v.subarray(source * size, (source + 1) * size), i * size);
  });
  return { values: Float64Array.from(order, (i) => a[i * size + i]!), vectors };
}
