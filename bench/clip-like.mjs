// Seeded vectors like those of CLIP: groups of uneven sizes around random directions, and a background without groups.
import { matrix } from "../dist/core/index.js";

const TABLE_SIZE = 2 ** 16;

/**
 * @param {number} rows
 * @param {number} dimensions
 * @param {import("../dist/core/index.js").Rng} rng
 * @param {object} [options]
 * @param {number} [options.groups] default one for 250 rows, at least 10; the first are the largest
 * @param {number} [options.background] share of rows in no group, default 0.3
 * @param {number} [options.spread] distance of members from their group's direction, 0 to 1, default 0.6: siblings have a
 *   cosine similarity of 1 - spread^2 = 0.64
 * @param {number} [options.kinship] cosine similarity of the directions of ten groups in a row, default 0; 0.7 makes them
 *   hard to tell apart
 * @param {number} [options.cone] cosine similarity of all rows to one common direction, default 0; CLIP's own pictures have
 *   about 0.7
 * @param {number} [options.decay] coordinate j is drawn (j + 1)^-decay as wide as the first, default 0; 0.5 is nearer to
 *   the spectrum of real embeddings
 * @returns {{ vectors: import("../dist/core/index.js").Matrix, labels: Int32Array }} rows x dimensions, of length 1; the
 *   group of each row, -1 for background
 */
export function clipLike(rows, dimensions, rng, options = {}) {
  const { background = 0.3, spread = 0.6, kinship = 0, cone = 0, decay = 0 } = options;
  const groups = options.groups ?? Math.max(10, Math.round(rows / 250));
  const draw = directionDrawer(dimensions, rng, decay);

  const families = new Float32Array(Math.ceil(groups / 10) * dimensions);
  for (let f = 0; f * dimensions < families.length; f++) draw(families, f);
  const centres = new Float32Array(groups * dimensions);
  for (let g = 0; g < groups; g++) {
    draw(centres, g);
    mixRow(centres, g, families, Math.floor(g / 10), Math.sqrt(kinship), dimensions);
  }
  const common = new Float32Array(dimensions);
  draw(common, 0);

  const data = new Float32Array(rows * dimensions);
  const labels = new Int32Array(rows).fill(-1);
  for (let r = 0; r < rows; r++) {
    draw(data, r);
    if (rng.uniform() >= background) {
      labels[r] = Math.floor(rng.uniform() ** 2 * groups);
      mixRow(data, r, centres, labels[r], Math.sqrt(1 - spread ** 2), dimensions);
    }
    mixRow(data, r, common, 0, cone, dimensions);
  }
  return { vectors: matrix(data, rows, dimensions), labels };
}

/** A function that writes a random direction into a row. Gaussians come from a table, for speed: two a random number. */
function directionDrawer(dimensions, rng, decay) {
  const table = gaussianTable(rng);
  const widths = Float32Array.from({ length: dimensions }, (_, j) => (j + 1) ** -decay);
  return (target, row) => {
    const start = row * dimensions;
    for (let j = 0; j < dimensions; j += 2) {
      const bits = rng.nextInt32();
      target[start + j] = table[bits & 0xffff] * widths[j];
      if (j + 1 < dimensions) target[start + j + 1] = table[bits >>> 16] * widths[j + 1];
    }
    scaleRow(target, start, start + dimensions);
  };
}

/** Gaussians of mean 0, each with its negative. */
function gaussianTable(rng) {
  const table = new Float32Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i += 2) {
    table[i] = Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
    table[i + 1] = -table[i];
  }
  return table;
}

/** row = weight * other + sqrt(1 - weight^2) * row, at length 1 */
function mixRow(target, row, others, other, weight, dimensions) {
  if (weight === 0) return;
  const rest = Math.sqrt(1 - weight ** 2);
  const start = row * dimensions;
  const from = other * dimensions;
  for (let j = 0; j < dimensions; j++) {
    target[start + j] = weight * others[from + j] + rest * target[start + j];
  }
  scaleRow(target, start, start + dimensions);
}

function scaleRow(target, start, end) {
  let sum = 0;
  for (let i = start; i < end; i++) sum += target[i] * target[i];
  const scale = 1 / Math.sqrt(sum);
  for (let i = start; i < end; i++) target[i] *= scale;
}
