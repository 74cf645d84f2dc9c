/** Steps of a slider whose values grow by equal factors: small sizes differ more than large ones. */
export const SLIDER_STEPS = 200;

/** The whole number at a step of a slider from `least` to `most`. */
export function valueAtStep(step: number, least: number, most: number): number {
  const share = Math.min(1, Math.max(0, step / SLIDER_STEPS));
  return Math.min(most, Math.max(least, Math.round(least * (most / least) ** share)));
}

/** The step of a slider that is nearest to a value. */
export function stepAtValue(value: number, least: number, most: number): number {
  if (most <= least) return 0;
  const share = Math.log(Math.max(least, value) / least) / Math.log(most / least);
  return Math.round(SLIDER_STEPS * Math.min(1, share));
}

/** Largest minimum size that the slider offers: beyond, hardly two concepts are left. */
export const largestSize = (images: number): number => Math.max(10, Math.floor(images / 10));

/** Most concepts that the slider offers; the server says when there are fewer. */
export const mostConcepts = (images: number, now: number): number =>
  Math.max(8, Math.min(Math.floor(images / 4), Math.max(60, 5 * now)));
