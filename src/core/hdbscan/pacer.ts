import type { WorkOptions } from "../stages.ts";

declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Longest stretch of work between two turns of the event loop, in milliseconds. */
const STRETCH = 40;

/** Lets long synchronous kernels be aborted and watched, and lets the host's other events through. */
export class Pacer {
  private readonly work: WorkOptions;
  private lastTurn = Date.now();

  constructor(work: WorkOptions) {
    this.work = work;
  }

  /**
   * Reports progress, 0 to 1, and gives way to the event loop when the last turn is some time ago.
   * @throws the signal's reason when the work was aborted
   */
  async pause(fraction: number): Promise<void> {
    this.work.signal?.throwIfAborted();
    if (Date.now() - this.lastTurn < STRETCH) return;
    this.work.onProgress?.(fraction);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.lastTurn = Date.now();
    this.work.signal?.throwIfAborted();
  }
}
