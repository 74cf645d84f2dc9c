import { ConceptError } from "../../core/errors.ts";
import { type DenseArray, shapeText } from "../../core/format/dense-array.ts";
import { parseNpy } from "../../core/format/npy.ts";
import { type Matrix, matrix } from "../../core/math/matrix.ts";
import type { StateArray } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import type { ModelFiles } from "./model-reader.ts";
import { readTable, type TableColumns, type TableValues } from "./table.ts";

/** Reads a table of the model. @throws FormatError (BAD_MODEL) whatever is wrong with it */
export function tableOf<Columns extends TableColumns>(
  files: ModelFiles,
  file: string,
  columns: Columns,
  rows: number,
): TableValues<Columns> {
  try {
    return readTable(files.contents.get(file)!, columns, rows);
  } catch (error) {
    const found = String((error as Error).message)
      .split("\n")[0]!
      .slice(0, 120);
    throw badModel(file, { expected: `the table that was saved, with ${rows} rows`, found, cause: error });
  }
}

/** Reads a flat array of a stage. @throws FormatError (BAD_MODEL) when it is another type or shape */
export function arrayOf(files: ModelFiles, file: string): StateArray {
  const { data, shape, dtype } = npyOf(files, file);
  const fits = data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array;
  if (fits && dtype !== "float16" && shape.length === 1) return data;
  throw badModel(file, {
    expected: "a flat array of float32, float64 or int32",
    found: `${dtype} ${shapeText(shape)}`,
  });
}

/** Reads finite vectors. @throws FormatError (BAD_MODEL) when they are not float32 rows x cols */
export function readMatrix(files: ModelFiles, file: string, rows: number, cols: number): Matrix {
  const read = readVectors(files, file, rows, cols);
  const at = firstNotFinite(read.data);
  if (at === -1) return read;
  const found = `${read.data[at]} in row ${Math.floor(at / cols)}`;
  throw badModel(file, { expected: "finite numbers", found });
}

/** Reads vectors, whatever numbers they hold. @throws FormatError (BAD_MODEL) when they are not float32 rows x cols */
export function readVectors(files: ModelFiles, file: string, rows: number, cols: number): Matrix {
  const { data, shape, dtype } = npyOf(files, file);
  const [height, width] = shape;
  const fits = shape.length === 2 && height === rows && width === cols;
  if (fits && dtype === "float32" && data instanceof Float32Array) return matrix(data, rows, cols);
  throw badModel(file, { expected: `float32 (${rows}, ${cols})`, found: `${dtype} ${shapeText(shape)}` });
}

/** Place of the first value that is no finite number, -1 for none. */
function firstNotFinite(values: Float32Array): number {
  let sum = 0;
  // Nothing but infinities and NaN gives anything but 0.
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

function npyOf(files: ModelFiles, file: string): DenseArray {
  try {
    return parseNpy(files.contents.get(file)!);
  } catch (error) {
    if (!(error instanceof ConceptError)) throw error;
    throw badModel(file, { expected: "a .npy file", found: error.found ?? error.message, cause: error });
  }
}
