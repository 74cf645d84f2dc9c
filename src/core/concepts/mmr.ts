import { dot, type Matrix, row, rowProducts, unitRows } from "../math/matrix.ts";

export interface MmrOptions {
  /** How many candidates to pick at most. */
  readonly count: number;
  /** 0 (only closeness to the target) to 1 (only difference from what is picked). */
  readonly diversity: number;
}

/**
 * Maximal marginal relevance: picks candidates close to the target but unlike each other.
 *
 * Carbonell & Goldstein 1998, with cosine similarity and `(1 - diversity) * relevance - diversity *
 * redundancy` as in Concept 0.2.1. Deviation: asking for more than there is gives all of them. Needs
 * O(candidates) memory: the redundancy of each is kept and updated with every pick, and rows of length 1 are not copied.
 *
 * @param target one vector, `candidates.cols` long
 * @param candidates rows x cols
 * @returns rows of `candidates`, in the order picked; ties go to the lower row
 */
export function maximalMarginalRelevance(
  target: Float32Array,
  candidates: Matrix,
  options: MmrOptions,
): Int32Array {
  const unit = unitRows(candidates);
  const relevance = cosinesToTarget(target, unit);
  const redundancy = new Float64Array(unit.rows).fill(-Infinity);
  const taken = new Uint8Array(unit.rows);
  const picks = new Int32Array(Math.min(options.count, unit.rows));
  for (let step = 0; step < picks.length; step++) {
    const diversity = step === 0 ? 0 : options.diversity;
    const pick = bestCandidate(relevance, redundancy, taken, diversity);
    picks[step] = pick;
    taken[pick] = 1;
    if (step + 1 < picks.length) updateRedundancyInPlace(redundancy, unit, pick);
  }
  return picks;
}

function cosinesToTarget(target: Float32Array, unit: Matrix): Float64Array {
  const norm = Math.sqrt(dot(target, target));
  return norm > 0 ? rowProducts(unit, target).map((product) => product / norm) : new Float64Array(unit.rows);
}

function bestCandidate(
  relevance: Float64Array,
  redundancy: Float64Array,
  taken: Uint8Array,
  diversity: number,
): number {
  let best = -1;
  let bestScore = -Infinity;
  for (let i = 0; i < relevance.length; i++) {
    if (taken[i] === 1) continue;
    const penalty = diversity === 0 ? 0 : diversity * redundancy[i]!;
    const score = (1 - diversity) * relevance[i]! - penalty;
    if (best === -1 || score > bestScore) {
      best = i;
      bestScore = score;
    }
  }
  return best;
}

function updateRedundancyInPlace(redundancy: Float64Array, unit: Matrix, pick: number): void {
  const similarities = rowProducts(unit, row(unit, pick));
  for (let i = 0; i < unit.rows; i++) {
    if (similarities[i]! > redundancy[i]!) redundancy[i] = similarities[i]!;
  }
}
