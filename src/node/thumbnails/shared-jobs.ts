/** Somebody who waits for a job, or the job as its own parts see it. */
export interface JobHandle {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Whether somebody waits for it now, rather than it being done in the background. May change while it runs. */
  isUrgent(): boolean;
}

interface Job<Result> {
  readonly waiters: Set<JobHandle>;
  readonly controller: AbortController;
  readonly result: Promise<Result>;
}

/** Jobs by number: whoever asks for one that is under way joins it. A job that everybody has left is aborted. */
export class SharedJobs<Result> {
  private readonly jobs = new Map<number, Job<Result>>();
  private readonly running = new Set<Promise<unknown>>();

  /**
   * @param start called when no such job is under way
   * @throws what the job throws, or the reason of the waiter's signal
   */
  join(number: number, waiter: JobHandle, start: (job: JobHandle) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      waiter.signal.throwIfAborted();
      const job = this.jobs.get(number) ?? this.start(number, start);
      // One waiter may join several times.
      const place: JobHandle = { signal: waiter.signal, isUrgent: () => waiter.isUrgent() };
      job.waiters.add(place);
      const leave = (): void => {
        reject(waiter.signal.reason);
        job.waiters.delete(place);
        if (job.waiters.size > 0) return;
        job.controller.abort(waiter.signal.reason);
        this.forget(number, job);
      };
      waiter.signal.addEventListener("abort", leave, { once: true });
      const stay = (): void => waiter.signal.removeEventListener("abort", leave);
      job.result.then(resolve, reject).then(stay, stay);
    });
  }

  /** Resolves when nothing runs, whether or not it went well. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private start(number: number, start: (job: JobHandle) => Promise<Result>): Job<Result> {
    const waiters = new Set<JobHandle>();
    const controller = new AbortController();
    const handle: JobHandle = {
      signal: controller.signal,
      isUrgent: () => [...waiters].some((waiter) => waiter.isUrgent()),
    };
    // Later, so that whoever started it waits for it already.
    const result = Promise.resolve().then(() => start(handle));
    const job = { waiters, controller, result };
    this.jobs.set(number, job);
    this.running.add(result);
    const end = (): void => {
      this.running.delete(result);
      this.forget(number, job);
    };
    result.then(end, end);
    return job;
  }

  private forget(number: number, job: Job<Result>): void {
    if (this.jobs.get(number) === job) this.jobs.delete(number);
  }
}
