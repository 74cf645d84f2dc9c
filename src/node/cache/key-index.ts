import { KEY_BYTES } from "./cache-key.ts";

/**
 * Where the record of each key lies: an open-addressing hash table over flat arrays (linear probing, at most
 * half full), about 90 bytes a key. Keys are SHA-256, so their first bytes serve as the hash.
 */
export class KeyIndex {
  private entries = 0;
  private keys = new Uint8Array(1024 * KEY_BYTES);
  private segments = new Uint32Array(1024);
  private records = new Uint32Array(1024);
  /** Entry number + 1 for each slot; 0 is free. */
  private slots = new Uint32Array(4096);

  get size(): number {
    return this.entries;
  }

  /** @returns false, changing nothing, when the key is there already */
  add(key: Uint8Array, segment: number, record: number): boolean {
    if (this.entries === this.segments.length) this.grow();
    const slot = this.slotOf(key);
    if (this.slots[slot] !== 0) return false;
    const entry = this.entries++;
    this.keys.set(key, entry * KEY_BYTES);
    this.segments[entry] = segment;
    this.records[entry] = record;
    this.slots[slot] = entry + 1;
    return true;
  }

  /** @returns the entry of a key, for `segment` and `record`; -1 when it is not there */
  find(key: Uint8Array): number {
    return this.slots[this.slotOf(key)]! - 1;
  }

  segment(entry: number): number {
    return this.segments[entry]!;
  }

  record(entry: number): number {
    return this.records[entry]!;
  }

  /** Points a known key to another record. */
  move(entry: number, segment: number, record: number): void {
    this.segments[entry] = segment;
    this.records[entry] = record;
  }

  private slotOf(key: Uint8Array): number {
    const mask = this.slots.length - 1;
    let slot = (key[0]! | (key[1]! << 8) | (key[2]! << 16) | (key[3]! << 24)) & mask;
    while (this.slots[slot] !== 0 && !this.holds(this.slots[slot]! - 1, key)) slot = (slot + 1) & mask;
    return slot;
  }

  private holds(entry: number, key: Uint8Array): boolean {
    const start = entry * KEY_BYTES;
    for (let i = 0; i < KEY_BYTES; i++) if (this.keys[start + i] !== key[i]) return false;
    return true;
  }

  private grow(): void {
    const capacity = this.entries * 2;
    this.keys = resized(this.keys, new Uint8Array(capacity * KEY_BYTES));
    this.segments = resized(this.segments, new Uint32Array(capacity));
    this.records = resized(this.records, new Uint32Array(capacity));
    this.slots = new Uint32Array(capacity * 4);
    for (let entry = 0; entry < this.entries; entry++) {
      const key = this.keys.subarray(entry * KEY_BYTES, (entry + 1) * KEY_BYTES);
      this.slots[this.slotOf(key)] = entry + 1;
    }
  }
}

function resized<T extends Uint8Array | Uint32Array>(source: T, target: T): T {
  target.set(source);
  return target;
}
