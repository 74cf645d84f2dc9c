import type { WorkOptions } from "../stages.ts";

// All hosts have it; the type-only globals of core do not list it.
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Long enough that pauses cost nothing, short enough that a page stays responsive. */
const SLICE_MILLISECONDS = 40;

/** Keeps long work polite: it can be aborted, reports progress and lets the event loop turn. Never changes results. */
export class WorkPacer {
  private readonly work: WorkOptions;
  private readonly from: number;
  private readonly to: number;
  private sliceEnd = Date.now() + SLICE_MILLISECONDS;

  /** @param from, to the part of the whole progress that this work covers */
  constructor(work: WorkOptions, from = 0, to = 1) {
    this.work = work;
    this.from = from;
    this.to = to;
    work.signal?.throwIfAborted();
  }

  /** A pacer for one part of this work, whose own fractions run from 0 to 1. */
  part(from: number, to: number): WorkPacer {
    const span = this.to - this.from;
    return new WorkPacer(this.work, this.from + from * span, this.from + to * span);
  }

  /**
   * Call often; it mostly does nothing.
   *
   * @param fraction of this pacer's work done, 0 to 1
   * @throws the signal's reason once aborted
   */
  async pause(fraction: number): Promise<void> {
    this.work.signal?.throwIfAborted();
    if (Date.now() < this.sliceEnd) return;
    this.work.onProgress?.(this.from + fraction * (this.to - this.from));
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.work.signal?.throwIfAborted();
    this.sliceEnd = Date.now() + SLICE_MILLISECONDS;
  }

  /** Reports this pacer's work as done. */
  finish(): void {
    this.work.onProgress?.(this.to);
  }
}
