import { type Matrix, normalizedRows, row, zeros } from "../../src/core/math/matrix.ts";
import { Rng } from "../../src/core/math/rng.ts";

/** Vectors in tight groups around random directions, with the group of each; group centres are returned too. */
export function groupedVectors(options: {
  readonly groups: number;
  readonly perGroup: number;
  readonly dimensions?: number;
  readonly spread?: number;
  readonly seed?: number;
}): { vectors: Matrix; labels: Int32Array; centres: Matrix } {
  const { groups, perGroup, dimensions = 32, spread = 0.25, seed = 7 } = options;
  const rng = new Rng(seed);
  const centres = normalizedRows(gaussian(rng, groups, dimensions));
  const noise = gaussian(rng, groups * perGroup, dimensions);
  const labels = Int32Array.from({ length: groups * perGroup }, (_, i) => i % groups);
  for (let i = 0; i < noise.rows; i++) {
    const centre = row(centres, labels[i]!);
    const point = row(noise, i);
    for (let j = 0; j < dimensions; j++) {
      point[j] = centre[j]! + (spread * point[j]!) / Math.sqrt(dimensions);
    }
  }
  return { vectors: normalizedRows(noise), labels, centres };
}

/** Directions without any groups. */
export function scatteredVectors(rows: number, dimensions: number, seed = 3): Matrix {
  return normalizedRows(gaussian(new Rng(seed), rows, dimensions));
}

function gaussian(rng: Rng, rows: number, cols: number): Matrix {
  const values = zeros(rows, cols);
  for (let i = 0; i < values.data.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - rng.uniform()));
    values.data[i] = radius * Math.cos(2 * Math.PI * rng.uniform());
  }
  return values;
}
