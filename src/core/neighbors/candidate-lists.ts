/** Below every score, and far enough from the limits of 32 bits to subtract from. */
const LOWEST_SCORE = -(2 ** 30);

/**
 * For each row the best scores seen and whose they are. Whoever scores above the row's threshold is added to a buffer; a
 * full buffer is cut back to the best, and to those within the margin of the last of them, which raises the threshold.
 */
export class CandidateLists {
  readonly keep: number;
  /** Nobody who was let go scored higher. */
  readonly thresholds: Int32Array;
  readonly sizes: Int32Array;
  readonly capacity: number;
  private readonly margins: Int32Array;
  private readonly scores: Int32Array;
  private readonly ids: Int32Array;

  /**
   * @param margins one a row: candidates that score so much less than the last of the best are kept while there is room
   * @param keep the best to keep for each row, at least 1
   * @param capacity length of a buffer, more than `keep`
   */
  constructor(margins: Int32Array, keep: number, capacity: number) {
    const rows = margins.length;
    this.margins = margins;
    this.keep = keep;
    this.capacity = capacity;
    this.thresholds = new Int32Array(rows).fill(LOWEST_SCORE);
    this.sizes = new Int32Array(rows);
    this.scores = new Int32Array(rows * capacity);
    this.ids = new Int32Array(rows * capacity);
  }

  /** For scores above the row's threshold only. */
  add(row: number, score: number, id: number): void {
    const slot = row * this.capacity + this.sizes[row]!;
    this.scores[slot] = score;
    this.ids[slot] = id;
    if (++this.sizes[row]! === this.capacity) this.cut(row);
  }

  id(row: number, slot: number): number {
    return this.ids[row * this.capacity + slot]!;
  }

  score(row: number, slot: number): number {
    return this.scores[row * this.capacity + slot]!;
  }

  /** Raises the threshold as far as the candidates allow, to at most three quarters of the buffer. */
  private cut(row: number): void {
    const start = row * this.capacity;
    const most = Math.max(this.keep, Math.floor(0.75 * this.capacity));
    this.bringBestForward(row, this.keep);
    const threshold = this.scores[start + this.keep - 1]! - this.margins[row]!;
    this.sizes[row] = this.dropBelow(start, this.keep, this.sizes[row]!, threshold);
    this.thresholds[row] = Math.max(this.thresholds[row]!, threshold);
    if (this.sizes[row]! <= most) return;
    this.bringBestForward(row, most);
    this.sizes[row] = most;
    this.thresholds[row] = this.scores[start + most - 1]!;
  }

  private dropBelow(start: number, from: number, size: number, threshold: number): number {
    let kept = from;
    for (let slot = from; slot < size; slot++) {
      if (this.scores[start + slot]! <= threshold) continue;
      this.scores[start + kept] = this.scores[start + slot]!;
      this.ids[start + kept++] = this.ids[start + slot]!;
    }
    return kept;
  }

  /**
   * Orders a row so that the `count` best come first, the last of them in slot `count - 1` (Hoare 1961, "Algorithm 65:
   * Find"). Nothing happens to shorter rows.
   */
  bringBestForward(row: number, count: number): void {
    const { scores } = this;
    const start = row * this.capacity;
    let first = start;
    let last = start + this.sizes[row]! - 1;
    const wanted = start + count - 1;
    while (first < last && wanted <= last) {
      const pivot = scores[(first + last) >> 1]!;
      let i = first;
      let j = last;
      while (i <= j) {
        while (scores[i]! > pivot) i++;
        while (scores[j]! < pivot) j--;
        if (i <= j) this.swap(i++, j--);
      }
      if (wanted <= j) last = j;
      else if (wanted >= i) first = i;
      else return;
    }
  }

  private swap(a: number, b: number): void {
    const score = this.scores[a]!;
    const id = this.ids[a]!;
    this.scores[a] = this.scores[b]!;
    this.ids[a] = this.ids[b]!;
    this.scores[b] = score;
    this.ids[b] = id;
  }
}
