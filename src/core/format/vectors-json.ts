import { FormatError } from "../errors.ts";
import { matrix } from "../math/matrix.ts";
import type { NamedVectors } from "./named-vectors.ts";

/**
 * Reads vectors from JSON: `[[0.1, ...], ...]`, or `{ "vectors": [[...]], "names": ["...", ...] }`, where
 * `embeddings` will do for `vectors` and the names may be left out.
 *
 * @throws FormatError naming the first row that is no list of numbers or of another length than the first
 */
export function parseVectorsJson(text: string): NamedVectors {
  const value = parseJson(text);
  if (Array.isArray(value)) return { vectors: readRows(value), names: null };
  if (typeof value !== "object" || value === null) throw unexpected(typeof value);
  const { names, vectors, embeddings } = value as { readonly [key: string]: unknown };
  const rows = vectors ?? embeddings;
  if (!Array.isArray(rows)) throw unexpected("an object without a list of vectors");
  const read = readRows(rows);
  return { vectors: read, names: names === undefined || names === null ? null : readNames(names, read.rows) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError("The file is no JSON", {
      expected: "[[...], ...] or { names, vectors }",
      found: firstLine(error),
      cause: error,
    });
  }
}

function readRows(rows: readonly unknown[]): NamedVectors["vectors"] {
  const cols = Array.isArray(rows[0]) ? rows[0].length : 0;
  // Ragged rows are found before the matrix is made: a long first row must not decide its size alone.
  rows.forEach((row, i) => {
    if (!Array.isArray(row) || !row.every((value) => typeof value === "number")) {
      throw unexpected(`something else in row ${i}`);
    }
    if (row.length !== cols) throw unexpected(`${row.length} numbers in row ${i}, ${cols} in row 0`);
  });
  const data = new Float32Array(rows.length * cols);
  rows.forEach((row, i) => {
    data.set(row as number[], i * cols);
  });
  return matrix(data, rows.length, cols);
}

function readNames(names: unknown, rows: number): string[] {
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw unexpected("names that are no list of texts");
  }
  if (names.length !== rows) throw unexpected(`${names.length} names for ${rows} vectors`);
  return names;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split("\n")[0]!
    .slice(0, 100);
}

function unexpected(found: string): FormatError {
  return new FormatError("The JSON holds no table of vectors", {
    expected: "lists of numbers, one a vector, all of one length",
    found,
  });
}
