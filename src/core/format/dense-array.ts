import { FormatError } from "../errors.ts";
import { halvesToFloats } from "../math/half.ts";
import { type Matrix, matrix } from "../math/matrix.ts";

/** Values of a numpy array. float16 is widened to float32. */
export type ArrayData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export type Dtype =
  | "float16"
  | "float32"
  | "float64"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64";

/** A numpy array in C order. */
export interface DenseArray {
  readonly data: ArrayData;
  readonly shape: readonly number[];
  /** What the file held; `data` is float32 for float16. */
  readonly dtype: Dtype;
}

/** How numpy's bytes are to be read. */
export interface ArrayLayout {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly order: "C" | "Fortran";
}

const dtypes: ReadonlyMap<string, Dtype> = new Map([
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
  ["i1", "int8"],
  ["u1", "uint8"],
  ["i2", "int16"],
  ["u2", "uint16"],
  ["i4", "int32"],
  ["u4", "uint32"],
  ["i8", "int64"],
  ["u8", "uint64"],
]);

/**
 * @param code numpy's kind and item size, e.g. `"f4"`
 * @param byteOrder numpy's `<`, `>`, `|` or `=`
 * @throws FormatError for types that are no plain numbers, and for big-endian ones
 */
export function parseDtype(code: string, byteOrder: string): Dtype {
  const dtype = dtypes.get(code);
  if (dtype === undefined || (byteOrder === ">" && itemSize(dtype) > 1)) {
    throw new FormatError("The array has a type that cannot be read", {
      expected: "little-endian floats or integers",
      found: `'${byteOrder}${code}'`.slice(0, 40),
      hint: "Save it again from numpy with .astype('float32').",
    });
  }
  return dtype;
}

/** Bytes per value. */
export function itemSize(dtype: Dtype): number {
  return Number(/\d+$/.exec(dtype)![0]) / 8;
}

/**
 * Number of values of a shape.
 *
 * @throws FormatError when a length is no whole number or the product is past what a file can hold
 */
export function valueCount(shape: readonly number[]): number {
  // An empty array may claim any lengths beside its zero; their product still has to stay a safe integer.
  let claimed = 1;
  for (const length of shape) {
    claimed *= Math.max(length, 1);
    if (!Number.isSafeInteger(length) || length < 0 || !Number.isSafeInteger(claimed)) {
      throw new FormatError("The array claims an impossible shape", { found: shapeText(shape) });
    }
  }
  return shape.includes(0) ? 0 : claimed;
}

/**
 * Reads numpy's raw bytes. The result is a view of `bytes` where their alignment allows it, else a copy.
 *
 * @throws FormatError when the bytes do not match the shape, before anything is allocated
 */
export function decodeArray(bytes: Uint8Array, { dtype, shape, order }: ArrayLayout): DenseArray {
  const expected = valueCount(shape) * itemSize(dtype);
  if (bytes.length !== expected) {
    throw new FormatError("The array is cut short or forged", {
      expected: `${expected} bytes for ${dtype} ${shapeText(shape)}`,
      found: `${bytes.length} bytes`,
      hint: "Write or download the file again.",
    });
  }
  const data = viewValues(bytes, dtype);
  if (order === "C" || shape.filter((length) => length > 1).length < 2) return { data, shape, dtype };
  if (shape.length !== 2) {
    throw new FormatError("Arrays in Fortran order are read up to 2 dimensions", {
      found: shapeText(shape),
      hint: "Save it again from numpy with numpy.ascontiguousarray.",
    });
  }
  return { data: rowMajor(data, shape[0]!, shape[1]!), shape, dtype };
}

/**
 * A 2-d array as a matrix; other types than float32 are converted, float32 is kept without a copy.
 *
 * @throws FormatError when the array is not 2-d, or has rows without columns
 */
export function arrayMatrix({ data, shape }: DenseArray): Matrix {
  // Any number of rows without columns would fit in no bytes at all.
  if (shape.length !== 2 || (shape[1] === 0 && shape[0]! > 0)) {
    throw new FormatError("The array is no table of vectors", {
      expected: "2 dimensions, vectors x dimensions",
      found: `shape ${shapeText(shape)}`,
    });
  }
  return matrix(toFloat32(data), shape[0]!, shape[1]!);
}

/** A shape as numpy writes it. */
export function shapeText(shape: readonly number[]): string {
  const text = shape.length === 1 ? `(${shape[0]},)` : `(${shape.slice(0, 8).join(", ")})`;
  return text.slice(0, 80);
}

function toFloat32(data: ArrayData): Float32Array {
  if (data instanceof Float32Array) return data;
  const floats = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) floats[i] = Number(data[i]!);
  return floats;
}

function viewValues(bytes: Uint8Array, dtype: Dtype): ArrayData {
  const size = itemSize(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const place = [aligned.buffer, aligned.byteOffset, aligned.length / size] as const;
  switch (dtype) {
    case "float16":
      return halvesToFloats(new Uint16Array(...place));
    case "float32":
      return new Float32Array(...place);
    case "float64":
      return new Float64Array(...place);
    case "int8":
      return new Int8Array(...place);
    case "uint8":
      return new Uint8Array(...place);
    case "int16":
      return new Int16Array(...place);
    case "uint16":
      return new Uint16Array(...place);
    case "int32":
      return new Int32Array(...place);
    case "uint32":
      return new Uint32Array(...place);
    case "int64":
      return new BigInt64Array(...place);
    case "uint64":
      return new BigUint64Array(...place);
  }
}

function rowMajor<T extends ArrayData>(data: T, rows: number, cols: number): T {
  const target = data.slice() as T;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) target[i * cols + j] = data[j * rows + i]!;
  }
  return target;
}
