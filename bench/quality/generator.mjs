// Seeded collections of CLIP-like unit vectors with known groups.
import { Rng } from "../../dist/core/index.js";

/**
 * Unit vectors in a cone, as CLIP gives them: groups around centres, related groups in families, background between.
 * Defaults resemble what is reported of CLIP: background at a cosine of about 0.55 to each other, members of a group
 * at 0.79, of sibling groups at 0.75.
 *
 * @param spec.rows, spec.dimensions, spec.seed
 * @param spec.groups number of true groups
 * @param spec.sizes "equal", "zipf" (1 / rank) or "lognormal"; every group has at least `spec.least` points (10)
 * @param spec.background share of points in no group, 0 to 1
 * @param spec.family groups in a family, 1 for none (then nothing overlaps)
 * @param spec.siblings cosine of sibling centres
 * @param spec.tightness cosine of a member to its centre, on average; varies by 0.02 among groups, 0.03 among members
 * @param spec.stretch share of a member's deviation that lies in 3 directions of its group's own: 0 round, 1 flat
 * @param spec.decay how fast the spread of centres and background falls from direction to direction: direction i has
 *   (i + 1) ^ -decay (0.3); members of a group spread with 0.6 of that
 * @param spec.leaning how far background leans towards a family, 0 not at all (then it is a group of its own) to 0.3
 * @returns {{ data: Float32Array, rows: number, cols: number, truth: Int32Array }}
 */
export function clipLike(spec) {
  const { rows, dimensions, groups, seed } = spec;
  const {
    family = 4,
    siblings = 0.955,
    tightness = 0.89,
    stretch = 0,
    decay = 0.3,
    cone = 0.745,
    leaning = 0.2,
  } = spec;
  const random = new Gaussian(seed);
  const directions = (fall) => {
    const scales = Float64Array.from({ length: dimensions }, (_, i) => (i + 1) ** -fall);
    return () => unit(scales.map((scale) => scale * random.next()));
  };
  const direction = directions(decay);
  const memberDirection = directions(0.6 * decay);
  const around = (centre, cosine) => mix(centre, cosine, perpendicular(direction(), centre));

  const axis = direction();
  const familyCentres = Array.from({ length: Math.ceil(groups / family) }, () => around(axis, cone * 1.1));
  const centres = Array.from({ length: groups }, (_, g) => {
    const parent = familyCentres[Math.floor(g / family)];
    return family === 1 ? parent : around(parent, Math.sqrt(siblings));
  });
  const ownTightness = centres.map(() => tightness + 0.02 * random.next());
  const ownDirections = centres.map((centre) =>
    [0, 1, 2].map(() => perpendicular(memberDirection(), centre)),
  );

  const truth = shuffled(memberships(spec, random), random);
  const data = new Float32Array(rows * dimensions);
  for (let i = 0; i < rows; i++) {
    const group = truth[i];
    let vector;
    if (group === -1) {
      const lean = familyCentres[random.below(familyCentres.length)];
      const base = mix(axis, 1 - leaning * random.uniform(), perpendicular(lean, axis));
      vector = around(base, clamp(cone + 0.05 * random.next(), 0.4, 0.95));
    } else {
      const cosine = clamp(ownTightness[group] + 0.03 * random.next(), 0.6, 0.99);
      const away = perpendicular(memberDirection(), centres[group]);
      const flat = ownDirections[group].reduce((sum, own) => {
        const step = random.next();
        return sum.map((value, c) => value + step * own[c]);
      }, new Float64Array(dimensions));
      const deviation = stretch === 0 ? away : mix(unit(flat), Math.sqrt(stretch), away);
      vector = mix(centres[group], cosine, deviation);
    }
    data.set(unit(vector), i * dimensions);
  }
  return { data, rows, cols: dimensions, truth };
}

/** The group of each point, in order of groups; -1 last. */
function memberships({ rows, groups, background, sizes = "zipf", least = 10 }, random) {
  const members = Math.round(rows * (1 - background));
  const weights = Array.from({ length: groups }, (_, g) => {
    if (sizes === "equal") return 1;
    return sizes === "zipf" ? 1 / (g + 1) : Math.exp(0.9 * random.next());
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  const spare = members - groups * least;
  const truth = new Int32Array(rows).fill(-1);
  let passed = 0;
  weights.reduce((start, weight, g) => {
    passed += weight;
    const end = Math.round((g + 1) * least + (spare * passed) / sum);
    truth.fill(g, start, end);
    return end;
  }, 0);
  return truth;
}

function shuffled(values, random) {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

function unit(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** The part of a unit vector that stands upright on another, as a unit vector. */
function perpendicular(vector, on) {
  const along = vector.reduce((sum, value, c) => sum + value * on[c], 0);
  return unit(vector.map((value, c) => value - along * on[c]));
}

/** The unit vector at `cosine` to `to`, in the plane of `to` and `away`. */
function mix(to, cosine, away) {
  const sine = Math.sqrt(1 - cosine * cosine);
  return to.map((value, c) => cosine * value + sine * away[c]);
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

class Gaussian {
  constructor(seed) {
    this.rng = new Rng(seed);
  }

  next() {
    return Math.sqrt(-2 * Math.log(1 - this.rng.uniform())) * Math.cos(2 * Math.PI * this.rng.uniform());
  }

  uniform() {
    return this.rng.uniform();
  }

  below(count) {
    return Math.floor(this.rng.uniform() * count);
  }
}
