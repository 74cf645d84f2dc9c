import { portableExp } from "../umap/portable-math.ts";

/** Share of those accepted that may be strangers. */
const FALSE_SHARE = 0.2;
/** However few strangers there would be: nearer than this to the others, in spreads, nothing stands out. */
const LEAST_EXCESS = 2;
/** Pictures are never this near to a seed. */
const NEVER = 2;

/** From which score on pictures belong to a seed. */
export interface CalibratedThreshold {
  /** 2 where none belongs. */
  readonly threshold: number;
  /** Median of the scores, and how far those below it spread. */
  readonly centre: number;
  readonly spread: number;
}

/**
 * The score from which at most 20 % of the pictures are expected to be strangers (Benjamini & Hochberg 1995). Strangers are taken for
 * normal around the median; their spread is read from the lower half of the scores, where no picture belongs to the
 * seed (the distance from the 15.87th percentile to the median is one standard deviation). So it needs no fixed similarity,
 * which differs from model to model and word to word. A seed that holds more than half of the pictures finds too few.
 */
export function calibratedThreshold(scores: Float64Array): CalibratedThreshold {
  const sorted = scores.slice().sort();
  const count = sorted.length;
  const centre = sorted[Math.floor(count / 2)] ?? 0;
  const spread = Math.max(1e-6, centre - (sorted[Math.floor(0.1587 * count)] ?? 0));
  for (let i = 0; i < count; i++) {
    const excess = (sorted[i]! - centre) / spread;
    // Sorted upwards: the first score whose strangers are few enough is the lowest.
    if (excess >= LEAST_EXCESS && count * upperTail(excess) <= FALSE_SHARE * (count - i)) {
      return { threshold: sorted[i]!, centre, spread };
    }
  }
  return { threshold: NEVER, centre, spread };
}

/** Share of a normal distribution above z (Abramowitz & Stegun 26.2.17, error below 1e-7); z at least 0. */
export function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const density = portableExp((-z * z) / 2) * 0.3989422804014327;
  const series = 0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)));
  return density * t * series;
}
