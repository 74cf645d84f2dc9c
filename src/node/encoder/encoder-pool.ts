import { stat } from "node:fs/promises";
import path from "node:path";
import type { Matrix } from "../../core/math/matrix.ts";
import type { DualEncoder, DualEncoderOptions } from "../../embed/dual-encoder.ts";
import { externalDataFile, weightFiles } from "../../embed/model-files.ts";
import type { TokenBatch, TokenRules } from "../../embed/text-batches.ts";
import { EncoderThread, type LoadedThread } from "./encoder-thread.ts";
import { TensorMemory } from "./tensor-memory.ts";

/** How the image tower is laid out over the processors. */
export interface Arrangement {
  /** Image towers side by side; each takes memory for its weights. */
  readonly sessions: number;
  /** Threads of each. */
  readonly threads: number;
  /** Pictures run together. */
  readonly batch: number;
}

/**
 * A dual encoder away from the main thread, whose image tower may run several times side by side: one tower on many
 * processors has them wait for each other after every operation, several on one each do not.
 */
export class EncoderPool implements DualEncoder {
  readonly dimensions: number;
  readonly rules: TokenRules;
  readonly spareMemory: (length: number) => Float32Array;
  /** Size of the image tower's files. */
  readonly imageWeightBytes: number;
  private readonly source: string;
  private readonly options: DualEncoderOptions;
  private readonly first: EncoderThread;
  private readonly memory = new TensorMemory();
  private others: readonly EncoderThread[] = [];
  /** Threads of each of the others. */
  private threads = 0;

  private constructor(
    source: string,
    options: DualEncoderOptions,
    loaded: LoadedThread,
    imageWeightBytes: number,
  ) {
    this.source = source;
    this.options = options;
    this.first = loaded.thread;
    this.dimensions = loaded.dimensions;
    this.rules = loaded.rules;
    this.imageWeightBytes = imageWeightBytes;
    this.spareMemory = (length) => this.memory.take(length);
  }

  /** @throws as `loadDualEncoder` */
  static async load(source: string, options: DualEncoderOptions): Promise<EncoderPool> {
    const loaded = await EncoderThread.load(source, options);
    return new EncoderPool(source, options, loaded, await imageWeightBytes(source, options));
  }

  get device(): DualEncoderOptions["device"] {
    return this.options.device === "auto" ? "cpu" : this.options.device;
  }

  /** Lays out the image tower anew; only while no pictures are under way. @throws as `loadDualEncoder` */
  async arrange({ sessions, threads }: Pick<Arrangement, "sessions" | "threads">): Promise<void> {
    // Loading takes seconds, and arrangements that differ in their batches only come one after the other.
    if (sessions > 1 && sessions === this.others.length && threads === this.threads) return;
    const earlier = this.others;
    this.others = [];
    await Promise.all(earlier.map((thread) => thread.dispose()));
    if (sessions < 2) return;
    const options = { ...this.options, threads };
    const loading = Array.from({ length: sessions }, () => EncoderThread.loadImages(this.source, options));
    const loaded = await Promise.allSettled(loading);
    const ready = loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failed = loaded.find((result) => result.status === "rejected");
    if (failed === undefined) {
      this.others = ready;
      this.threads = threads;
    } else {
      await Promise.all(ready.map((thread) => thread.dispose()));
      throw failed.reason;
    }
  }

  async encodeImages(pixels: Float32Array, rows: number): Promise<Matrix> {
    const threads = this.others.length === 0 ? [this.first] : this.others;
    const idlest = threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
    const { vectors, memory } = await idlest.encodeInto(pixels, rows);
    this.memory.give(memory);
    return vectors;
  }

  encodeTexts(batch: TokenBatch): Promise<Matrix> {
    return this.first.encodeTexts(batch);
  }

  tokenize(texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    return this.first.tokenize(texts);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.first, ...this.others].map((thread) => thread.dispose()));
  }
}

async function imageWeightBytes(source: string, options: DualEncoderOptions): Promise<number> {
  const file = weightFiles(options.layout, options.dtype).at(-1)!;
  const parts = Array.from({ length: options.externalDataFiles }, (_, part) => externalDataFile(file, part));
  const sizes = await Promise.all([file, ...parts].map((name) => sizeOf(path.join(source, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
