import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Matrix, matrix } from "../../src/core/math/matrix.ts";

const folder = new URL("../golden/", import.meta.url);

/** Reads `test/golden/NAME.json.gz` or `NAME.json`. "Infinity" stays a string: see the folder's README. */
// biome-ignore lint/suspicious/noExplicitAny: golden files are checked by the tests that read them
export function goldenJson(name: string): any {
  const bytes = readFileSync(new URL(name, folder));
  return JSON.parse((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

/** Reads a golden `.npy` of float32, float16 or integers as a float32 matrix (one column for vectors). */
export function goldenMatrix(name: string): Matrix {
  const bytes = readFileSync(new URL(name, folder));
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + headerLength);
  const dtype = /'descr': '([^']+)'/.exec(header)![1]!;
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]!
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const rows = shape[0]!;
  const cols = shape[1] ?? 1;
  const body = bytes.subarray(10 + headerLength);
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < data.length; i++) data[i] = readValue(body, dtype, i);
  return matrix(data, rows, cols);
}

function readValue(body: Buffer, dtype: string, index: number): number {
  if (dtype === "<f4") return body.readFloatLE(index * 4);
  if (dtype === "<f8") return body.readDoubleLE(index * 8);
  if (dtype === "<i8") return Number(body.readBigInt64LE(index * 8));
  if (dtype === "<i4") return body.readInt32LE(index * 4);
  if (dtype === "<i2") return body.readInt16LE(index * 2);
  if (dtype === "|i1") return body.readInt8(index);
  if (dtype === "<f2") return halfToFloat(body.readUInt16LE(index * 2));
  throw new Error(`golden file with dtype ${dtype}`);
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
