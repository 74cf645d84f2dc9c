/** Where the pictures of a page lie, and how to fetch it. */
export interface PageSource<Page> {
  /** Pages kept at most. */
  readonly capacity: number;
  /** Pages fetched at a time. */
  readonly inFlight: number;
  load(key: number, signal: AbortSignal): Promise<Page>;
  /** Puts a page into one of `capacity` slots, over what was there. */
  place(page: Page, slot: number): void;
  /** A page has come, or could not. */
  onChange(): void;
  /** Milliseconds, ever growing. */
  now(): number;
}

export interface KeptPage {
  readonly slot: number;
  /** When it came. */
  readonly since: number;
}

/** Milliseconds until a page that could not be fetched is asked for again. */
const RETRY = 4000;

/**
 * Pages of pictures in a bounded number of slots: those that the view wants are fetched, a few at a time and the most wanted
 * first; those wanted longest ago make room; a fetch that nobody wants any more is aborted.
 */
export class PageCache<Page> {
  private readonly source: PageSource<Page>;
  private readonly kept = new Map<number, KeptPage>();
  private readonly loading = new Map<number, AbortController>();
  private readonly failed = new Map<number, number>();
  private wanted: readonly number[] = [];

  constructor(source: PageSource<Page>) {
    this.source = source;
  }

  get(key: number): KeptPage | undefined {
    return this.kept.get(key);
  }

  /** Nothing that is wanted is on its way. */
  get isSettled(): boolean {
    return this.loading.size === 0;
  }

  /** @param keys what the view needs, the most wanted first; beyond the capacity nothing is fetched */
  want(keys: readonly number[]): void {
    this.wanted = keys.slice(0, this.source.capacity);
    const wanted = new Set(this.wanted);
    for (const [key, controller] of this.loading) {
      if (wanted.has(key)) continue;
      controller.abort();
      this.loading.delete(key);
    }
    // A Map keeps the order of insertion: the first ones are those wanted longest ago.
    for (const key of this.wanted.toReversed()) {
      const page = this.kept.get(key);
      if (page === undefined) continue;
      this.kept.delete(key);
      this.kept.set(key, page);
    }
    this.loadNext();
  }

  /** Forgets all pages, as if none had come. */
  clear(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.loading.clear();
    this.kept.clear();
    this.failed.clear();
  }

  private loadNext(): void {
    for (const key of this.wanted) {
      if (this.loading.size >= this.source.inFlight) return;
      const isDue = this.source.now() - (this.failed.get(key) ?? Number.NEGATIVE_INFINITY) >= RETRY;
      if (isDue && !this.kept.has(key) && !this.loading.has(key)) void this.load(key);
    }
  }

  private async load(key: number): Promise<void> {
    const controller = new AbortController();
    this.loading.set(key, controller);
    try {
      const page = await this.source.load(key, controller.signal);
      if (this.loading.get(key) !== controller) return;
      const slot = this.freeSlot();
      this.source.place(page, slot);
      this.kept.set(key, { slot, since: this.source.now() });
      this.failed.delete(key);
    } catch {
      if (this.loading.get(key) === controller) this.failed.set(key, this.source.now());
    }
    if (this.loading.get(key) !== controller) return;
    this.loading.delete(key);
    this.loadNext();
    this.source.onChange();
  }

  private freeSlot(): number {
    if (this.kept.size < this.source.capacity) return this.kept.size;
    const [oldest, { slot }] = this.kept.entries().next().value!;
    this.kept.delete(oldest);
    return slot;
  }
}
