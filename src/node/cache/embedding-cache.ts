import { closeSync, openSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { type Matrix, matrix, row } from "../../core/math/matrix.ts";
import { cacheWriteError, openCacheFolder } from "./cache-folder.ts";
import { KEY_BYTES } from "./cache-key.ts";
import { defaultCacheRoot } from "./cache-root.ts";
import { KeyIndex } from "./key-index.ts";
import {
  decodeVectorInto,
  encodeHeader,
  encodeRecordInto,
  HEADER_BYTES,
  isIntact,
  recordBytes,
} from "./segment-format.ts";
import { readFully, scanSegment } from "./segment-reader.ts";
import { SEGMENT_EXTENSION, SegmentWriter } from "./segment-writer.ts";
import type { CacheLookup, VectorCache } from "./vector-cache.ts";

/** Segments kept open for reading at a time. */
const MAX_OPEN_SEGMENTS = 64;

export interface EmbeddingCacheOptions {
  /** Default `defaultCacheRoot()`. */
  readonly root?: string | undefined;
  /** Equal ids mean comparable vectors. */
  readonly embedderId: string;
  readonly dimensions: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CacheStats {
  /** Different keys held. */
  readonly records: number;
  /** Segments read or written. */
  readonly segments: number;
  /** Segments ignored whole: unreadable, or with the header of something else. */
  readonly ignoredSegments: number;
  /** Records whose checksum did not fit; they count as missing. */
  readonly damagedRecords: number;
  /** Bytes of unfinished records at the ends of segments, left by killed runs. */
  readonly tornBytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Records written by this object. */
  readonly appended: number;
}

/**
 * Vectors on disk, by content and model: `ROOT/embeddings/<hash of the embedder id>/*.vectors`.
 *
 * Every process writes to a segment of its own and reads those that lay there when it opened, so any number may
 * share the folder. A batch is one write: a kill loses at most the batch in flight. Records are verified when
 * the cache is opened and again when read; what is damaged counts as missing. Of records with equal keys the
 * oldest wins. In memory are the keys with their places, about 90 bytes each, never the vectors.
 */
export class EmbeddingCache implements VectorCache {
  readonly dimensions: number;
  /** The folder with this model's segments. */
  readonly folder: string;
  private readonly header: Buffer;
  private readonly record: Buffer;
  private readonly index = new KeyIndex();
  private readonly files: string[] = [];
  private readonly descriptors = new Map<number, number>();
  private readonly counts = {
    ignoredSegments: 0,
    damagedRecords: 0,
    tornBytes: 0,
    hits: 0,
    misses: 0,
    appended: 0,
  };
  private writer: SegmentWriter | undefined;
  private writerSegment = 0;
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(folder: string, options: EmbeddingCacheOptions) {
    this.folder = folder;
    this.dimensions = options.dimensions;
    this.header = encodeHeader(options.embedderId, options.dimensions);
    this.record = Buffer.alloc(recordBytes(options.dimensions));
  }

  /**
   * Reads and verifies what is there; writes nothing but the folder and its label.
   *
   * @throws InputError for dimensions that are no positive integer, or when the folder cannot be made
   * @throws FormatError when the folder belongs to another model or number of dimensions
   */
  static async open(options: EmbeddingCacheOptions): Promise<EmbeddingCache> {
    if (!Number.isInteger(options.dimensions) || options.dimensions < 1 || options.dimensions > 1 << 20) {
      throw new InputError("The dimensions of the cache must be a positive integer", {
        found: String(options.dimensions),
      });
    }
    const root = options.root ?? defaultCacheRoot();
    const folder = await openCacheFolder(root, options.embedderId, options.dimensions);
    const cache = new EmbeddingCache(folder, options);
    await cache.readSegments(options.signal);
    return cache;
  }

  get stats(): CacheStats {
    return { records: this.index.size, segments: this.files.length, ...this.counts };
  }

  async get(keys: readonly Uint8Array[]): Promise<CacheLookup> {
    await this.writing.catch(() => undefined);
    this.assertOpen();
    const found: number[] = [];
    const missing: number[] = [];
    let data = new Float32Array(0);
    for (let i = 0; i < keys.length; i++) {
      const entry = this.index.find(keys[i]!);
      if (entry >= 0 && data.length === 0) data = new Float32Array((keys.length - i) * this.dimensions);
      const start = found.length * this.dimensions;
      const intact =
        entry >= 0 && this.readInto(data.subarray(start, start + this.dimensions), keys[i]!, entry);
      (intact ? found : missing).push(i);
    }
    this.counts.hits += found.length;
    this.counts.misses += missing.length;
    const vectors = matrix(data.subarray(0, found.length * this.dimensions), found.length, this.dimensions);
    return { found: Int32Array.from(found), vectors, missing: Int32Array.from(missing) };
  }

  /** @throws InputError for a wrong shape, values that are not finite, and when the disk is full or may not be written */
  append(keys: readonly Uint8Array[], vectors: Matrix): Promise<void> {
    this.assertOpen();
    assertBatch(keys, vectors, this.dimensions);
    const result = this.writing.catch(() => undefined).then(() => this.write(keys, vectors));
    this.writing = result;
    // The caller hears of a failure through `result`; the queue must not report it a second time.
    result.catch(() => undefined);
    return result;
  }

  /** Waits for writes under way, brings them safely to the disk and releases the files. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.writing.catch(() => undefined);
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.descriptors.clear();
    try {
      await this.writer?.close();
    } catch (error) {
      throw cacheWriteError(this.folder, error);
    }
  }

  private async readSegments(signal: AbortSignal | undefined): Promise<void> {
    const entries = await readdir(this.folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(SEGMENT_EXTENSION));
    for (const name of names.map((entry) => entry.name).sort()) {
      signal?.throwIfAborted();
      const segment = this.files.length;
      const file = path.join(this.folder, name);
      try {
        const scan = await scanSegment(file, this.header, this.record.length, (key, record) => {
          this.index.add(key, segment, record);
        });
        this.counts.damagedRecords += scan.damagedRecords;
        this.counts.tornBytes += scan.tornBytes;
        if (!scan.usable) this.counts.ignoredSegments++;
      } catch {
        this.counts.ignoredSegments++;
      }
      this.files.push(file);
    }
  }

  private async write(keys: readonly Uint8Array[], vectors: Matrix): Promise<void> {
    if (keys.length === 0) return;
    const size = this.record.length;
    const batch = Buffer.alloc(keys.length * size);
    for (let i = 0; i < keys.length; i++) {
      encodeRecordInto(batch.subarray(i * size, (i + 1) * size), keys[i]!, row(vectors, i));
    }
    try {
      this.writer ??= await this.startSegment();
      const first = this.writer.recordCount(size);
      await this.writer.append(batch);
      for (let i = 0; i < keys.length; i++) this.place(keys[i]!, first + i);
      this.counts.appended += keys.length;
    } catch (error) {
      // What the failed write left behind is unknown: a later batch starts a segment of its own.
      await this.writer?.close().catch(() => undefined);
      this.writer = undefined;
      throw cacheWriteError(this.folder, error);
    }
  }

  /** A key written again, because its record was found damaged, moves to the new record. */
  private place(key: Uint8Array, record: number): void {
    if (this.index.add(key, this.writerSegment, record)) return;
    this.index.move(this.index.find(key), this.writerSegment, record);
  }

  private async startSegment(): Promise<SegmentWriter> {
    const writer = await SegmentWriter.create(this.folder, this.header);
    this.writerSegment = this.files.length;
    this.files.push(writer.file);
    return writer;
  }

  /** @returns false when the record is not (or no longer) that of the key, intact and finite */
  private readInto(target: Float32Array, key: Uint8Array, entry: number): boolean {
    try {
      const position = HEADER_BYTES + this.index.record(entry) * this.record.length;
      const read = readFully(this.descriptorOf(this.index.segment(entry)), this.record, position);
      const own = read === this.record.length && this.record.subarray(0, KEY_BYTES).equals(key);
      if (own && isIntact(this.record) && decodeVectorInto(target, this.record)) return true;
    } catch {
      // A segment deleted or unreadable meanwhile: its vectors are computed again.
    }
    this.counts.damagedRecords++;
    return false;
  }

  private descriptorOf(segment: number): number {
    const known = this.descriptors.get(segment);
    if (known !== undefined) return known;
    if (this.descriptors.size >= MAX_OPEN_SEGMENTS) {
      const [oldest, descriptor] = this.descriptors.entries().next().value!;
      closeSync(descriptor);
      this.descriptors.delete(oldest);
    }
    const descriptor = openSync(this.files[segment]!, "r");
    this.descriptors.set(segment, descriptor);
    return descriptor;
  }

  private assertOpen(): void {
    if (this.closed) throw new InputError("The embedding cache was closed");
  }
}

function assertBatch(keys: readonly Uint8Array[], vectors: Matrix, dimensions: number): void {
  if (vectors.rows !== keys.length || vectors.cols !== dimensions) {
    throw new InputError("The vectors do not fit the cache", {
      expected: `${keys.length} x ${dimensions}`,
      found: `${vectors.rows} x ${vectors.cols}`,
    });
  }
  if (keys.some((key) => key.length !== KEY_BYTES))
    throw new InputError(`A cache key has ${KEY_BYTES} bytes`);
  if (!vectors.data.every(Number.isFinite)) {
    throw new InputError("Only finite vectors can be cached");
  }
}
