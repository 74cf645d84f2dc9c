import { centredRows, meanVector } from "../captions/centred-vectors.ts";
import { InputError } from "../errors.ts";
import { dot, type Matrix, row, zeros } from "../math/matrix.ts";
import { calibratedThreshold } from "./calibrated-threshold.ts";

/** A concept that is known before pictures are grouped. */
export interface Seed {
  readonly name: string;
  /** Texts that say what belongs to it; default its name, unless there are vectors. */
  readonly texts?: readonly string[] | undefined;
  /** Vectors of pictures that belong to it, of any length. */
  readonly vectors?: Matrix | undefined;
}

/** Most seeds, and longest name. */
const MOST_SEEDS = 1000;
const LONGEST_NAME = 100;

/** Seeds as they judge pictures: a direction, and how near is near enough. */
export interface SeedSpace {
  /** Mean of the images of the fit, taken off before a picture is judged. */
  readonly imageMean: Float32Array;
  /** seeds x dimensions, rows of length 1 */
  readonly directions: Matrix;
  /** Cosine from which a picture belongs to the seed; above 1 where none does. */
  readonly thresholds: Float32Array;
  /** For each seed the centre and the spread of the scores of pictures that do not belong to it. */
  readonly centres: Float32Array;
  readonly spreads: Float32Array;
}

/** @throws InputError for seeds without a name of their own, or without anything that tells what belongs to them */
export function checkSeeds(seeds: readonly Seed[]): void {
  const names = new Set<string>();
  const fault = (expected: string, found: string): InputError =>
    new InputError("The seeded concepts cannot be used", { expected, found }, "BAD_OPTION");
  if (seeds.length > MOST_SEEDS) throw fault(`at most ${MOST_SEEDS}`, `${seeds.length}`);
  for (const { name, texts, vectors } of seeds) {
    const isLine = name.trim() !== "" && name.length <= LONGEST_NAME && !/\p{Cc}|\p{Surrogate}/u.test(name);
    if (!isLine) throw fault(`names of 1 to ${LONGEST_NAME} characters`, JSON.stringify(name.slice(0, 40)));
    if (names.has(name.toLowerCase())) throw fault("a name of its own for each", `"${name}" twice`);
    if (texts?.length === 0 && (vectors?.rows ?? 0) === 0)
      throw fault("texts or pictures", `none for "${name}"`);
    names.add(name.toLowerCase());
  }
}

/** The texts of each seed. */
export function seedTexts({ name, texts, vectors }: Seed): readonly string[] {
  return texts ?? ((vectors?.rows ?? 0) > 0 ? [] : [name]);
}

/**
 * Works out where seeds lie among the images of a collection and how near is near enough, from the collection itself.
 *
 * @param imageVectors images x dimensions, rows of length 1
 * @param textVectors for each seed those of its texts
 * @param textMean the mean of texts that speak of everything, such as a vocabulary; null where there are none
 */
export function placeSeeds(
  seeds: readonly Seed[],
  imageVectors: Matrix,
  textVectors: readonly Matrix[],
  textMean: Float32Array | null,
): SeedSpace {
  const imageMean = meanVector(imageVectors);
  const centred = centredRows(imageVectors, imageMean);
  const directions = zeros(seeds.length, imageVectors.cols);
  const thresholds = new Float32Array(seeds.length);
  const centres = new Float32Array(seeds.length);
  const spreads = new Float32Array(seeds.length);
  seeds.forEach(({ vectors }, seed) => {
    const texts = centredRows(textVectors[seed]!, textMean ?? new Float32Array(imageVectors.cols));
    const sides = [texts, ...(vectors === undefined ? [] : [centredRows(vectors, imageMean)])];
    // Texts and pictures speak with one voice each, however many there are of either.
    const means = sides.filter((side) => side.rows > 0).map((side) => unit(meanVector(side)));
    const direction = row(directions, seed);
    for (const mean of means) for (let j = 0; j < direction.length; j++) direction[j]! += mean[j]!;
    direction.set(unit(direction));
    const scores = Float64Array.from({ length: centred.rows }, (_, i) => dot(row(centred, i), direction));
    const found = calibratedThreshold(scores);
    thresholds[seed] = found.threshold;
    centres[seed] = found.centre;
    spreads[seed] = found.spread;
  });
  return { imageMean, directions, thresholds, centres, spreads };
}

/**
 * The seed that each picture belongs to, -1 for none, and how surely: of several that are near enough the one that it stands
 * out for most, in spreads of those that do not belong.
 *
 * @param vectors pictures x dimensions, rows of length 1
 */
export function judgeBySeeds(
  { imageMean, directions, thresholds, centres, spreads }: SeedSpace,
  vectors: Matrix,
): { readonly seeds: Int32Array; readonly strengths: Float32Array } {
  const centred = centredRows(vectors, imageMean);
  const seeds = new Int32Array(vectors.rows).fill(-1);
  const strengths = new Float32Array(vectors.rows);
  for (let i = 0; i < vectors.rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let seed = 0; seed < directions.rows; seed++) {
      const score = dot(row(centred, i), row(directions, seed));
      const excess = (score - centres[seed]!) / spreads[seed]!;
      if (score < thresholds[seed]! || excess <= most) continue;
      most = excess;
      seeds[i] = seed;
      strengths[i] = Math.min(1, Math.max(0, score));
    }
  }
  return { seeds, strengths };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
