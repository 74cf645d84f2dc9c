import type { JobHandle } from "./shared-jobs.ts";

interface Turn {
  readonly job: JobHandle;
  start(): void;
}

/** Lets so many pieces of work run at a time; those that somebody waits for go first, then whoever came first. */
export class WorkSlots {
  private free: number;
  private readonly queue: Turn[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** @throws what `work` throws, or the reason of the job's signal when it was aborted before its turn came */
  async run<Result>(job: JobHandle, work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.queue.push({ job, start: resolve }));
    try {
      job.signal.throwIfAborted();
      return await work();
    } finally {
      this.passOn();
    }
  }

  private passOn(): void {
    const urgent = this.queue.findIndex(({ job }) => job.isUrgent());
    const [next] = this.queue.splice(Math.max(0, urgent), 1);
    if (next === undefined) this.free++;
    else next.start();
  }
}
