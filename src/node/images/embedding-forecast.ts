import type { EmbedProgress } from "./embed-images.ts";

/** What a run will need, judged by its first seconds. */
export interface EmbeddingForecast {
  readonly pictures: number;
  /** Size of the files. */
  readonly bytes: number;
  /** Seconds that embedding still takes. */
  readonly seconds: number;
  /** Peak of memory, fitting included. */
  readonly memoryBytes: number;
  /** What the cache will grow by. */
  readonly diskBytes: number;
}

/** Milliseconds and pictures before anything can be said. */
const WATCHED = 4000;
const LEAST = 48;
/** What fitting takes a picture beside its vector: `bench/fit.mjs`, 6.2 GB for a million vectors of 2 KB. */
const FITTING_BYTES = 4200;
/** A record of the cache beside its vector. */
const RECORD_BYTES = 36;

/** Watches a run and tells once what it will need, if there is enough left of it to be worth telling. */
export class ForecastOnce {
  private readonly dimensions: number;
  private readonly tell: (forecast: EmbeddingForecast) => void;
  private start: { readonly time: number; readonly embedded: number } | undefined;
  private told = false;

  constructor(dimensions: number, tell: (forecast: EmbeddingForecast) => void) {
    this.dimensions = dimensions;
    this.tell = tell;
  }

  /** @param now milliseconds; @param residentBytes memory in use */
  update(progress: EmbedProgress, now: number, residentBytes: number): void {
    // What is known from the cache goes by in no time and says nothing of what is new.
    if (this.told || progress.embedded === 0) return;
    this.start ??= { time: now, embedded: progress.embedded };
    const elapsed = now - this.start.time;
    const watched = progress.embedded - this.start.embedded;
    if (elapsed < WATCHED || watched < LEAST) return;
    this.told = true;
    const left = progress.total - progress.done;
    if (left > watched) this.tell(this.judge(progress, elapsed / 1000 / watched, residentBytes));
  }

  private judge(progress: EmbedProgress, secondsEach: number, residentBytes: number): EmbeddingForecast {
    const { total, done, bytes } = progress;
    const left = total - done;
    const vector = 4 * this.dimensions;
    return {
      pictures: total,
      bytes: (bytes / Math.max(1, done)) * total,
      seconds: secondsEach * left,
      memoryBytes: residentBytes + total * (vector + FITTING_BYTES),
      diskBytes: left * (vector + RECORD_BYTES),
    };
  }
}
