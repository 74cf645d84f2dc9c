import { toConcepts } from "../../core/concepts/order.ts";
import { dot, type Matrix, row } from "../../core/math/matrix.ts";
import type { FittedModel } from "../../core/model.ts";
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

/**
 * Two parts of a model that tell the same thing must agree: the table of images and the fitted stages, the
 * vectors and their lengths. A forged model could else answer one way in a table and another when asked.
 *
 * @throws FormatError (BAD_MODEL) naming the file that differs
 */
export function checkAgreement(model: FittedModel): void {
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
  checkImageLengths(model.imageVectors);
  checkNamingLengths(model);
}

/** @param start row of the first of the vectors in their file @throws FormatError (BAD_MODEL) for one of another length than 1 or 0 */
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
  vectors: Matrix,
  file: string,
  expected: string,
  holds: (length: number) => boolean,
  start = 0,
): void {
  for (let i = 0; i < vectors.rows; i++) {
    const vector = row(vectors, i);
    const length = Math.sqrt(dot(vector, vector));
    if (!holds(length))
      throw badModel(file, { expected: `vectors of ${expected}`, found: `${length} in row ${start + i}` });
  }
}
