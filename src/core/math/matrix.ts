import { InputError } from "../errors.ts";

/** A dense row-major matrix: row `i` is `data.subarray(i * cols, (i + 1) * cols)`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/**
 * The one factory for matrices.
 *
 * @param data row-major values, `rows * cols` of them; kept, not copied
 * @throws InputError when the length does not match the shape
 */
export function matrix(data: Float32Array, rows: number, cols: number): Matrix {
  if (
    !Number.isInteger(rows) ||
    !Number.isInteger(cols) ||
    rows < 0 ||
    cols < 0 ||
    data.length !== rows * cols
  ) {
    throw new InputError("The matrix data does not match its shape", {
      expected: `${rows} x ${cols} = ${rows * cols} values`,
      found: `${data.length} values`,
    });
  }
  return { data, rows, cols };
}

/** A matrix of zeros. */
export function zeros(rows: number, cols: number): Matrix {
  return matrix(new Float32Array(rows * cols), rows, cols);
}

/** A view (no copy) of row `index`. */
export function row(points: Matrix, index: number): Float32Array {
  return points.data.subarray(index * points.cols, (index + 1) * points.cols);
}

/** A copy of the given rows, in the given order. */
export function takeRows(points: Matrix, indices: ArrayLike<number>): Matrix {
  const taken = zeros(indices.length, points.cols);
  for (let i = 0; i < indices.length; i++) {
    taken.data.set(row(points, indices[i]!), i * points.cols);
  }
  return taken;
}

/** Matrices of equal `cols` stacked on each other, copied. */
export function stackRows(parts: readonly Matrix[], cols: number): Matrix {
  const stacked = zeros(
    parts.reduce((sum, part) => sum + part.rows, 0),
    cols,
  );
  let offset = 0;
  for (const part of parts) {
    stacked.data.set(part.data, offset);
    offset += part.data.length;
  }
  return stacked;
}

/** Inner product of two equally long vectors, accumulated in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** `dot` of each row with a vector, to the last bit: four rows at a time, whose sums do not wait for each other. */
export function rowProducts({ data, rows, cols }: Matrix, vector: Float32Array): Float64Array {
  const products = new Float64Array(rows);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const at = i * cols;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let j = 0; j < cols; j++) {
      const value = vector[j]!;
      a += data[at + j]! * value;
      b += data[at + cols + j]! * value;
      c += data[at + 2 * cols + j]! * value;
      d += data[at + 3 * cols + j]! * value;
    }
    products[i] = a;
    products[i + 1] = b;
    products[i + 2] = c;
    products[i + 3] = d;
  }
  for (; i < rows; i++) products[i] = dot(data.subarray(i * cols, (i + 1) * cols), vector);
  return products;
}

/** A copy whose rows have Euclidean length 1; a row of zeros stays zero. */
export function normalizedRows(points: Matrix): Matrix {
  const unit = zeros(points.rows, points.cols);
  for (let i = 0; i < points.rows; i++) {
    const source = row(points, i);
    const norm = Math.sqrt(dot(source, source));
    const scale = norm > 0 ? 1 / norm : 0;
    const target = row(unit, i);
    for (let j = 0; j < source.length; j++) target[j] = source[j]! * scale;
  }
  return unit;
}

/** How far squared lengths of rows that were normalised in float32 may be from 1. */
const UNIT_TOLERANCE = 1e-6;

/** The points themselves where every row has length 1, as embedders leave them; `normalizedRows` of them otherwise. */
export function unitRows(points: Matrix): Matrix {
  for (let i = 0; i < points.rows; i++) {
    const source = row(points, i);
    if (!(Math.abs(dot(source, source) - 1) <= UNIT_TOLERANCE)) return normalizedRows(points);
  }
  return points;
}

/**
 * @throws InputError naming the first row that has a NaN or an infinity
 */
export function assertFinite(points: Matrix, what: string): void {
  for (let i = 0; i < points.data.length; i++) {
    if (!Number.isFinite(points.data[i]!)) {
      throw new InputError(`${what} must hold finite numbers only`, {
        found: `${points.data[i]} in row ${Math.floor(i / points.cols)}, column ${i % points.cols}`,
        hint: "Remove or repair that row, then try again.",
      });
    }
  }
}
