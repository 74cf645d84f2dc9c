export interface OrderedMapOptions {
  /** Calls at a time. */
  readonly concurrency: number;
  /** Results, finished or not, that may wait to be taken; at least `concurrency`. */
  readonly ahead: number;
}

/**
 * Maps with several calls at once and yields the results in the order of the source. Work goes on while the
 * consumer is busy, until `ahead` results wait; so memory stays bounded however long the source is.
 *
 * A rejection of the source or of `work` ends the iteration. Leaving the loop early stops taking from the
 * source; calls under way are left to finish.
 */
export async function* orderedMap<T, R>(
  source: AsyncIterable<T> | Iterable<T>,
  options: OrderedMapOptions,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const window = new WorkWindow(source, options, work);
  try {
    for (let next = await window.take(); next !== undefined; next = await window.take())
      yield await next.result;
  } finally {
    window.stop();
  }
}

/** Results under way, oldest first, boxed so that a promise of one is not awaited too early. */
class WorkWindow<T, R> {
  private readonly items: Iterator<T> | AsyncIterator<T>;
  private readonly options: OrderedMapOptions;
  private readonly work: (item: T) => Promise<R>;
  private readonly waiting: { readonly result: Promise<R> }[] = [];
  private running = 0;
  private pulling = false;
  private ended = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;

  constructor(
    source: AsyncIterable<T> | Iterable<T>,
    options: OrderedMapOptions,
    work: (item: T) => Promise<R>,
  ) {
    this.items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.options = options;
    this.work = work;
  }

  async take(): Promise<{ readonly result: Promise<R> } | undefined> {
    for (;;) {
      void this.pull();
      const next = this.waiting.shift();
      if (next !== undefined) {
        void this.pull();
        return next;
      }
      if (this.failure !== undefined) throw this.failure.error;
      if (this.ended && !this.pulling) return undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  stop(): void {
    this.ended = true;
    void this.items.return?.();
  }

  /** Starts calls until enough run or wait; called again whenever one ends. Never rejects. */
  private async pull(): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    try {
      const { concurrency, ahead } = this.options;
      while (!this.ended && this.running < concurrency && this.waiting.length < ahead) {
        const next = await this.items.next();
        if (next.done === true) this.ended = true;
        else if (!this.ended) this.start(next.value);
      }
    } catch (error) {
      this.failure = { error };
      this.ended = true;
    }
    this.pulling = false;
    this.wake();
  }

  private start(item: T): void {
    this.running++;
    const result = this.work(item);
    this.waiting.push({ result });
    this.wake();
    const goOn = (): void => {
      this.running--;
      void this.pull();
    };
    // Both ways: a failure is heard by whoever takes the result.
    result.then(goOn, goOn);
  }
}
