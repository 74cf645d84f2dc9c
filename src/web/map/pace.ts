/** Milliseconds between frames above which moving the map feels slow. */
const SLOW = 45;
/** Milliseconds of slow frames in a row, and how many of them at least, before fewer points are drawn: one alone may be chance. */
const PATIENCE = 4 * SLOW;
const FRAMES = 2;
/** Milliseconds after which all points are tried again. */
const RETRY = 20_000;
/** While the map moves, every so-many-th point is drawn where all are too many for the machine. */
export const COARSE_STEP = 8;
/** Fewer points are never too many. */
const MANY = 150_000;

/**
 * Whether a moving map draws all of its points: a machine that draws a million too slowly shows every eighth of them while the map
 * moves, and all as soon as it rests.
 */
export class Pace {
  private readonly points: number;
  private last = Number.NaN;
  private slowFrames = 0;
  private slowTime = 0;
  private slowUntil = Number.NEGATIVE_INFINITY;

  constructor(points: number) {
    this.points = points;
  }

  /** Every how-many-th point to draw in the frame of a moment. */
  step(now: number, isMoving: boolean): number {
    if (this.points < MANY || !isMoving) {
      this.last = Number.NaN;
      this.count(0);
      return 1;
    }
    // The first frame of a motion has no one before it.
    this.count(now - this.last);
    this.last = now;
    if (this.slowFrames >= FRAMES && this.slowTime >= PATIENCE) this.slowUntil = now + RETRY;
    return now < this.slowUntil ? COARSE_STEP : 1;
  }

  private count(gap: number): void {
    const isSlow = gap > SLOW;
    this.slowFrames = isSlow ? this.slowFrames + 1 : 0;
    this.slowTime = isSlow ? this.slowTime + gap : 0;
  }
}
