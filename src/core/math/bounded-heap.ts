/**
 * The `capacity` smallest (key, id) pairs of a stream, in lexicographic order: of equal keys the lower id
 * wins. A binary max-heap over flat arrays, so that the pair to be thrown out next is at the root.
 */
export class BoundedHeap {
  /** The keys held: `size` of them, in heap order until `sort`. */
  readonly keys: Float64Array;
  /** The id of each key. */
  readonly ids: Int32Array;
  size = 0;

  /** @param capacity pairs to keep, at least 1 */
  constructor(capacity: number) {
    this.keys = new Float64Array(capacity);
    this.ids = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
  }

  /** The largest key held when full, else Infinity: nothing above it gets in. */
  bound(): number {
    return this.size < this.keys.length ? Number.POSITIVE_INFINITY : this.keys[0]!;
  }

  push(key: number, id: number): void {
    if (this.size < this.keys.length) {
      this.siftUp(this.size++, key, id);
    } else if (key < this.keys[0]! || (key === this.keys[0]! && id < this.ids[0]!)) {
      this.siftDown(0, this.size, key, id);
    }
  }

  /** Puts the pairs in ascending order. Call `clear` before pushing again. */
  sort(): void {
    for (let end = this.size - 1; end > 0; end--) {
      const key = this.keys[end]!;
      const id = this.ids[end]!;
      this.keys[end] = this.keys[0]!;
      this.ids[end] = this.ids[0]!;
      this.siftDown(0, end, key, id);
    }
  }

  private siftUp(start: number, key: number, id: number): void {
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.isAfter(key, id, parent)) break;
      this.keys[hole] = this.keys[parent]!;
      this.ids[hole] = this.ids[parent]!;
      hole = parent;
    }
    this.keys[hole] = key;
    this.ids[hole] = id;
  }

  private siftDown(start: number, size: number, key: number, id: number): void {
    let hole = start;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isAfter(this.keys[child + 1]!, this.ids[child + 1]!, child)) child++;
      if (this.isAfter(key, id, child)) break;
      this.keys[hole] = this.keys[child]!;
      this.ids[hole] = this.ids[child]!;
      hole = child;
    }
    this.keys[hole] = key;
    this.ids[hole] = id;
  }

  private isAfter(key: number, id: number, slot: number): boolean {
    const other = this.keys[slot]!;
    return key > other || (key === other && id > this.ids[slot]!);
  }
}
