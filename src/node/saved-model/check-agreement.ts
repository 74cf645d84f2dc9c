import { toConcepts } from "../../core/concepts/order.ts";
import type { Matrix } from "../../core/math/matrix.ts";
import { WorkPacer } from "../../core/math/work-pacer.ts";
import type { FittedModel } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import {
  conceptVectorFile,
  imageTableFile,
  imageVectorFile,
  manifestFile,
  wordVectorFile,
} from "./model-layout.ts";

/** Float32 rounding of a length of 1. */
const TOLERANCE = 1e-3;
/** Vectors looked at between two chances for others to be answered. */
const STEP = 4096;

/**
 * Two parts of a model that tell the same thing must agree: the table of images and the fitted stages, the
 * vectors and their lengths. A forged model could else answer one way in a table and another when asked.
 *
 * @throws FormatError (BAD_MODEL) naming the file that differs
 */
export async function checkAgreement(model: FittedModel, work: WorkOptions = {}): Promise<void> {
  const { images, clusterer, conceptOfLabel, mapReducer } = model;
  if (!sameValues(toConcepts(clusterer.labels, conceptOfLabel), images.concepts)) {
    throw badModel(manifestFile, { expected: "the concepts of images.parquet", found: "other labels" });
  }
  if (!sameValues(clusterer.probabilities, images.probabilities)) {
    throw badModel(imageTableFile, { expected: "the clusterer's probabilities", found: "others" });
  }
  if (!sameValues(mapReducer.layout.data, images.map.data)) {
    throw badModel(imageTableFile, { expected: "the places of the map's layout", found: "others" });
  }
  await checkImageVectors(model.imageVectors, work);
  checkNamingLengths(model);
}

async function checkImageVectors(vectors: Matrix, work: WorkOptions): Promise<void> {
  const { data, rows, cols } = vectors;
  const pacer = new WorkPacer(work);
  for (let start = 0; start < rows; start += STEP) {
    const end = Math.min(rows, start + STEP);
    const part = { data: data.subarray(start * cols, end * cols), rows: end - start, cols };
    checkImageLengths(part, start);
    await pacer.pause(end / rows);
  }
}

/**
 * @param start row of the first of the vectors in their file
 * @throws FormatError (BAD_MODEL) for one of another length than 1 or 0, which one with an infinity or NaN has
 */
export function checkImageLengths(vectors: Matrix, start = 0): void {
  checkLengths(vectors, imageVectorFile, "length 1 or 0", isUnit, start);
}

/** @throws FormatError (BAD_MODEL) for vectors of words or concepts that are too long or too short */
export function checkNamingLengths({
  vocabulary,
  conceptVectors,
}: Pick<FittedModel, "vocabulary" | "conceptVectors">): void {
  if (vocabulary !== null) checkLengths(vocabulary.vectors, wordVectorFile, "length 1 or 0", isUnit);
  checkLengths(conceptVectors, conceptVectorFile, "length 1 at most", (length) => length <= 1 + TOLERANCE);
}

function isUnit(length: number): boolean {
  return length === 0 || Math.abs(length - 1) <= TOLERANCE;
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function checkLengths(
  { data, rows, cols }: Matrix,
  file: string,
  expected: string,
  holds: (length: number) => boolean,
  start = 0,
): void {
  for (let i = 0; i < rows; i++) {
    const length = lengthOf(data, i * cols, (i + 1) * cols);
    if (!holds(length))
      throw badModel(file, { expected: `vectors of ${expected}`, found: `${length} in row ${start + i}` });
  }
}

/** Four sums at a time, which need not wait for each other. */
function lengthOf(data: Float32Array, from: number, to: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = from;
  for (; i + 3 < to; i += 4) {
    a += data[i]! ** 2;
    b += data[i + 1]! ** 2;
    c += data[i + 2]! ** 2;
    d += data[i + 3]! ** 2;
  }
  for (; i < to; i++) a += data[i]! ** 2;
  return Math.sqrt(a + b + c + d);
}
