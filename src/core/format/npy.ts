import { FormatError } from "../errors.ts";
import type { Matrix } from "../math/matrix.ts";
import {
  type ArrayLayout,
  arrayMatrix,
  type DenseArray,
  type Dtype,
  decodeArray,
  parseDtype,
} from "./dense-array.ts";

// The format is NEP 1, "A Simple File Format for NumPy Arrays", versions 1.0, 2.0 and 3.0.
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
// numpy itself refuses longer headers by default (max_header_size).
const maximalHeader = 10_000;

/** Of the start of a `.npy` file, whatever its size, so many bytes hold the header. */
export const npyHeaderBytes: number = 12 + maximalHeader;
const supportedDtypes = { float32: "<f4", float64: "<f8", int32: "<i4" } as const;

/** Types that `writeNpy` writes. */
export type WritableDtype = keyof typeof supportedDtypes;

/**
 * Reads a `.npy` file: little-endian floats (16, 32, 64 bits) and integers, any number of dimensions in C
 * order, up to 2 in Fortran order. float16 is widened to float32, 64-bit integers stay bigints. Nothing is
 * allocated before the header's claims are checked against the length of the file.
 *
 * @returns values in C order; a view of `bytes` where alignment allows it
 * @throws FormatError when the file is none, is cut short, forged or of another type (also object arrays,
 * which are pickles)
 */
export function parseNpy(bytes: Uint8Array): DenseArray {
  const { layout, end } = npyLayout(bytes);
  return decodeArray(bytes.subarray(end), layout);
}

/**
 * What a `.npy` file says of its values, and where they begin. How many there are in the file is not looked at.
 *
 * @param bytes at least the first `npyHeaderBytes`, or all where there are fewer
 * @throws FormatError as `parseNpy`
 */
export function npyLayout(bytes: Uint8Array): { readonly layout: ArrayLayout; readonly end: number } {
  if (!isNpy(bytes)) {
    throw new FormatError("This is no .npy file", {
      expected: "the bytes \\x93NUMPY at its start",
      found: bytes.length === 0 ? "an empty file" : "something else",
    });
  }
  const { header, end } = readHeader(bytes);
  return { layout: parseHeader(header), end };
}

/** Whether a file starts like a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads a 2-d `.npy` file as float32.
 *
 * @returns rows x columns; a view of `bytes` where type and alignment allow it
 * @throws FormatError as `parseNpy`, and when the array is not 2-d
 */
export function npyMatrix(bytes: Uint8Array): Matrix {
  return arrayMatrix(parseNpy(bytes));
}

/**
 * The bytes of a `.npy` file, version 1.0: 2-d float32 for a matrix, 1-d for an array.
 */
export function writeNpy(values: Matrix | Float32Array | Float64Array | Int32Array): Uint8Array<ArrayBuffer> {
  const { header, body } = encodeNpy(values);
  const file = new Uint8Array(header.length + body.length);
  file.set(header);
  file.set(body, header.length);
  return file;
}

/** The two parts of a `.npy` file, the second a view of the values: what `writeNpy` joins, without the copy. */
export function encodeNpy(values: Matrix | Float32Array | Float64Array | Int32Array): {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly body: Uint8Array;
} {
  const data = ArrayBuffer.isView(values) ? values : values.data;
  const shape = ArrayBuffer.isView(values) ? [values.length] : [values.rows, values.cols];
  return {
    header: writeHeader(dtypeOf(data), shape),
    body: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function dtypeOf(data: Float32Array | Float64Array | Int32Array): WritableDtype {
  if (data instanceof Float64Array) return "float64";
  return data instanceof Int32Array ? "int32" : "float32";
}

function writeHeader(dtype: WritableDtype, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${supportedDtypes[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Padding puts the values at a multiple of 64, so that the file can be memory-mapped.
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set([...magic, 1, 0, (length - 10) & 0xff, (length - 10) >> 8]);
  header.set(new TextEncoder().encode(dict), 10);
  header[length - 1] = 0x0a;
  return header;
}

function readHeader(bytes: Uint8Array): { header: string; end: number } {
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new FormatError("The .npy file has an unknown version", {
      expected: "1, 2 or 3",
      found: `${version}`,
    });
  }
  const start = version === 1 ? 10 : 12;
  let length = 0;
  for (let i = start - 1; i >= 8; i--) length = length * 256 + (bytes[i] ?? 0);
  if (length > maximalHeader || start + length > bytes.length) {
    throw new FormatError("The .npy header is cut short or forged", {
      expected: `at most ${Math.min(maximalHeader, Math.max(0, bytes.length - start))} bytes`,
      found: `a header of ${length} bytes`,
    });
  }
  const end = start + length;
  return { header: new TextDecoder().decode(bytes.subarray(start, end)), end };
}

/** Reads the one form that numpy writes: a dict literal with three keys. */
function parseHeader(header: string): ArrayLayout {
  const dict = /^\{(.*)\}[ \n]*$/s.exec(header.replace(/\0+$/, ""))?.[1];
  const order = dict === undefined ? null : /'fortran_order': *(True|False)/.exec(dict);
  const shape = dict === undefined ? null : /'shape': *\(([\d, L]*)\)/.exec(dict);
  const descr = dict === undefined ? null : /'descr': *('[^']*'|\[)/.exec(dict);
  if (order === null || shape === null || descr === null) {
    throw new FormatError("The .npy header cannot be read", {
      expected: "descr, fortran_order and shape",
      found: JSON.stringify(header.slice(0, 60)),
    });
  }
  return {
    dtype: parseDescription(descr[1]!),
    shape: parseShape(shape[1]!),
    order: order[1] === "True" ? "Fortran" : "C",
  };
}

function parseDescription(descr: string): Dtype {
  const match = /^'([<>|=])([a-zA-Z]\d*)'$/.exec(descr);
  if (match !== null) return parseDtype(match[2]!, match[1]!);
  throw new FormatError("The .npy file holds no plain numbers", {
    expected: "a type such as '<f4'",
    found: descr === "[" ? "a structured array" : descr.slice(0, 40),
  });
}

function parseShape(tuple: string): number[] {
  const parts = tuple
    .split(",")
    .map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "");
  if (parts.length > 32) throw new FormatError("The .npy file claims more than 32 dimensions");
  return parts.map(Number);
}
