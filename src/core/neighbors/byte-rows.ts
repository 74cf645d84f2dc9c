import type { ByteMatrix } from "../math/kernels.ts";

/** A view of consecutive rows. */
export function rowsOf({ data, cols }: ByteMatrix, first: number, end: number): ByteMatrix {
  return { data: data.subarray(first * cols, end * cols), rows: end - first, cols };
}

/** A copy of the given rows, in the given order. */
export function takeByteRows({ data, cols }: ByteMatrix, indices: Int32Array): ByteMatrix {
  const taken = new Uint8Array(indices.length * cols);
  for (let i = 0; i < indices.length; i++) {
    taken.set(data.subarray(indices[i]! * cols, (indices[i]! + 1) * cols), i * cols);
  }
  return { data: taken, rows: indices.length, cols };
}
