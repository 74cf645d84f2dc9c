import { FormatError } from "../errors.ts";
import { type Matrix, matrix, row, zeros } from "../math/matrix.ts";
import type { StateArray } from "../stages.ts";

/**
 * How the images of a grown collection relate to those that were fitted: some were fitted, some came later, and some of
 * the fitted ones have gone.
 */
export interface GrownRows {
  /** For each image of the collection its row among the fitted ones, -1 for one that came later. */
  readonly fittedRow: Int32Array;
  /** Number of images that were fitted. */
  readonly fittedCount: number;
}

/** Fitted rows that are no longer in the collection, ascending. */
export function lostRows({ fittedRow, fittedCount }: GrownRows): Int32Array {
  const kept = new Set(fittedRow);
  return Int32Array.from({ length: fittedCount }, (_, i) => i).filter((i) => !kept.has(i));
}

/** Images of the collection that were not fitted, ascending. */
export function addedRows({ fittedRow }: GrownRows): Int32Array {
  return Int32Array.from(fittedRow.keys()).filter((image) => fittedRow[image] === -1);
}

/** One row a fitted image, from what is known of the collection's images and of the lost ones. */
export function fittedPart(rows: GrownRows, current: Matrix, lost: Matrix): Matrix {
  const fitted = zeros(rows.fittedCount, current.cols);
  rows.fittedRow.forEach((source, image) => {
    if (source !== -1) row(fitted, source).set(row(current, image));
  });
  lostRows(rows).forEach((target, i) => {
    row(fitted, target).set(row(lost, i));
  });
  return fitted;
}

/** One row an image of the collection, from those of the fit and of the added ones. */
export function currentPart(rows: GrownRows, fitted: Matrix, added: Matrix): Matrix {
  const current = zeros(rows.fittedRow.length, fitted.cols);
  let next = 0;
  rows.fittedRow.forEach((source, image) => {
    row(current, image).set(source === -1 ? row(added, next++) : row(fitted, source));
  });
  return current;
}

/** The rows out of a saved state. @throws FormatError when they do not fit the images */
export function readGrownRows(
  fittedRow: StateArray | undefined,
  fittedCount: unknown,
  images: number,
): GrownRows {
  if (fittedRow instanceof Int32Array && fittedRow.length === images && isCount(fittedCount)) {
    const kept = fittedRow.filter((source) => source !== -1);
    const inside = kept.every((source) => source >= 0 && source < fittedCount);
    // Lost rows are stored, so that a count far beyond them is told before anything is allocated for it.
    if (inside && new Set(kept).size === kept.length) return { fittedRow, fittedCount };
  }
  throw grownMisfit("a fitted row for each image, each once");
}

/** A flat array of a saved state as rows. @throws FormatError when it is not `rows` x `cols` */
export function readGrownMatrix(values: StateArray | undefined, rows: number, cols: number): Matrix {
  if (values instanceof Float32Array && values.length === rows * cols && values.every(Number.isFinite)) {
    return matrix(values, rows, cols);
  }
  throw grownMisfit(`${rows} x ${cols} finite numbers`);
}

export function grownMisfit(expected: string): FormatError {
  return new FormatError(
    "The saved growth of the collection does not fit",
    { expected, found: "something else" },
    "BAD_MODEL",
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}
