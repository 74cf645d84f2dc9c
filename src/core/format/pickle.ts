import { FormatError } from "../errors.ts";
import { type Matrix, matrix } from "../math/matrix.ts";
import { arrayMatrix, decodeArray, valueCount } from "./dense-array.ts";
import type { NamedVectors } from "./named-vectors.ts";
import { runPickle } from "./pickle-machine.ts";
import { isSequence, type PickledArray, type PickleValue, typeOf } from "./pickle-values.ts";

const nameKeys = ["names", "images", "image_names", "img_names", "paths"];
const vectorKeys = ["embeddings", "image_embeddings", "vectors"];

/**
 * Reads vectors from a pickle without running it, such as `unsplash-25k-photos-embeddings.pkl` of the article on
 * Concept: a tuple (or list) of names and a numpy array, a dict with both, or the array alone. In place of a 2-d
 * array a list of 1-d arrays or of lists of numbers will do. Protocols 2 to 5; see `runPickle` for what is refused.
 *
 * @throws FormatError when it holds something else, asks for code, or is cut short or forged
 */
export function parsePickle(bytes: Uint8Array): NamedVectors {
  const value = runPickle(bytes);
  const { names, vectors } = findParts(value);
  const rows = readVectors(vectors, bytes.length);
  if (names === undefined) return { vectors: rows, names: null };
  return { vectors: rows, names: readNames(names, rows.rows) };
}

function findParts(value: PickleValue): { names: PickleValue | undefined; vectors: PickleValue | undefined } {
  if (typeOf(value) === "array") return { names: undefined, vectors: value };
  if (isSequence(value) && value.items.length === 2 && holdsNames(value.items[0])) {
    return { names: value.items[0], vectors: value.items[1] };
  }
  if (value !== null && typeof value === "object" && "type" in value && value.type === "dict") {
    const find = (keys: readonly string[]) =>
      keys.map((key) => value.entries.get(key)).find((entry) => entry !== undefined);
    return { names: find(nameKeys), vectors: find(vectorKeys) };
  }
  throw unexpected(typeOf(value));
}

function holdsNames(value: PickleValue | undefined): boolean {
  return isSequence(value) && (value.items.length === 0 || typeof value.items[0] === "string");
}

function readNames(value: PickleValue, rows: number): string[] {
  const items = isSequence(value) ? value.items : [];
  if (items.length !== rows) throw unexpected(`${items.length} names for ${rows} vectors`);
  return items.map((item, i) => {
    if (typeof item !== "string") throw unexpected(`${typeOf(item)} as name ${i}`);
    return item;
  });
}

function readVectors(value: PickleValue | undefined, fileSize: number): Matrix {
  if (typeOf(value) === "array") return arrayMatrix(decode(value as PickledArray, fileSize));
  if (!isSequence(value)) throw unexpected(`${typeOf(value)} in place of the vectors`);
  const rows: ArrayLike<number | bigint>[] = [];
  let total = 0;
  for (const item of value.items) {
    // One memo entry can stand for a row many times over, so the sum is checked before a row is decoded.
    total += rowLength(item);
    if (total > fileSize) throw unexpected("more vectors than the file has room for");
    rows.push(readRow(item, fileSize));
  }
  const cols = rows[0]?.length ?? 0;
  rows.forEach((row, i) => {
    if (row.length !== cols) throw unexpected(`${row.length} numbers in vector ${i}, ${cols} in the first`);
  });
  const data = new Float32Array(rows.length * cols);
  rows.forEach((row, i) => {
    for (let j = 0; j < cols; j++) data[i * cols + j] = Number(row[j]!);
  });
  return matrix(data, rows.length, cols);
}

function rowLength(value: PickleValue): number {
  if (isSequence(value)) return value.items.length;
  const layout = typeOf(value) === "array" ? (value as PickledArray).content?.layout : undefined;
  return layout === undefined ? 0 : valueCount(layout.shape);
}

function readRow(value: PickleValue, fileSize: number): ArrayLike<number | bigint> {
  if (typeOf(value) === "array") {
    const { data, shape } = decode(value as PickledArray, fileSize);
    if (shape.length === 1) return data;
  }
  if (isSequence(value) && value.items.every((item) => typeof item === "number"))
    return value.items as number[];
  throw unexpected(`${typeOf(value)} in place of a vector`);
}

function decode(array: PickledArray, fileSize: number): ReturnType<typeof decodeArray> {
  if (array.content === null) throw unexpected("an array without content");
  const { bytes, layout } = array.content;
  if (bytes.length > fileSize) throw unexpected("an array larger than the file");
  return decodeArray(bytes, layout);
}

function unexpected(found: string): FormatError {
  return new FormatError("The pickle holds something else", {
    expected: "a tuple of names and a 2-d numpy array of floats",
    found,
    hint: "Open it in Python and save the vectors with numpy.save.",
  });
}
