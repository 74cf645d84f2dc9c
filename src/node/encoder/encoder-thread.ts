import { Worker } from "node:worker_threads";
import { type Matrix, matrix } from "../../core/math/matrix.ts";
import type { DualEncoderOptions } from "../../embed/dual-encoder.ts";
import type { TokenBatch, TokenRules } from "../../embed/text-batches.ts";
import { thrownError } from "./carried-error.ts";
import type { EncoderAnswer, EncoderReady, EncoderRequest, EncoderSetup } from "./encoder-messages.ts";

/** The built program, seen from src/node/encoder and from dist/node/encoder alike: Node runs no TypeScript in threads. */
const PROGRAM = new URL("../../../dist/node/encoder/encoder-program.js", import.meta.url);

/** A thread with both towers, and what there is to know of them. */
export interface LoadedThread {
  readonly thread: EncoderThread;
  readonly dimensions: number;
  readonly rules: TokenRules;
}

interface Waiting {
  readonly resolve: (answer: EncoderAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A model on a thread of its own. ONNX Runtime computes on the thread that asks it (onnxruntime-node 1.30): on the main one,
 * nothing would be read, decoded, saved or stopped meanwhile.
 *
 * Requests are answered in turn; asking for the next before the last one is answered keeps the thread busy.
 */
export class EncoderThread {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private failure: Error | undefined;

  private constructor(setup: EncoderSetup) {
    // Flags that say how the main program is to be read are not meant for this one.
    this.worker = new Worker(PROGRAM, { workerData: setup, execArgv: [] });
    this.worker.on("message", (answer: EncoderAnswer) => this.receive(answer));
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("The thread of the embedding model ended")));
  }

  /**
   * Loads the image tower alone where it is a file of its own.
   *
   * @throws as `loadDualEncoder`
   */
  static async loadImages(source: string, options: DualEncoderOptions): Promise<EncoderThread> {
    return (await EncoderThread.start({ source, options, towers: "image" })).thread;
  }

  /** @throws as `loadDualEncoder` */
  static async load(source: string, options: DualEncoderOptions): Promise<LoadedThread> {
    const { thread, shape } = await EncoderThread.start({ source, options, towers: "both" });
    return { thread, ...shape! };
  }

  private static async start(setup: EncoderSetup): Promise<{
    thread: EncoderThread;
    shape: { dimensions: number; rules: TokenRules } | null;
  }> {
    const thread = new EncoderThread(setup);
    try {
      const { shape } = (await thread.answer()) as EncoderReady;
      return { thread, shape };
    } catch (error) {
      await thread.worker.terminate();
      throw error;
    }
  }

  /** Requests not yet answered. */
  get load(): number {
    return this.waiting.length;
  }

  /** @param pixels given away: their memory moves to the thread, and comes back as `memory` */
  async encodeInto(pixels: Float32Array, rows: number): Promise<{ vectors: Matrix; memory: Float32Array }> {
    const answer = await this.ask({ kind: "images", pixels, rows }, [pixels.buffer as ArrayBuffer]);
    return { vectors: vectorsOf(answer, rows), memory: (answer as { pixels: Float32Array }).pixels };
  }

  async encodeTexts(batch: TokenBatch): Promise<Matrix> {
    return vectorsOf(await this.ask({ kind: "texts", batch }), batch.rows);
  }

  async tokenize(texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    const answer = await this.ask({ kind: "tokens", texts });
    return answer.kind === "tokens" ? answer.tokens : [];
  }

  async dispose(): Promise<void> {
    if (this.failure === undefined) await this.ask({ kind: "dispose" });
    await this.worker.terminate();
  }

  private ask(request: EncoderRequest, transfer: readonly ArrayBuffer[] = []): Promise<EncoderAnswer> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.worker.postMessage(request, transfer);
    return this.answer();
  }

  /** The next answer that is not yet promised to an earlier request. */
  private answer(): Promise<EncoderAnswer> {
    // A thread without work must not keep the process from ending.
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  private receive(answer: EncoderAnswer): void {
    const next = this.waiting.shift();
    if (this.waiting.length === 0) this.worker.unref();
    if (answer.kind === "failed") next?.reject(thrownError(answer.error));
    else next?.resolve(answer);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

function vectorsOf(answer: EncoderAnswer, rows: number): Matrix {
  if (answer.kind !== "vectors")
    throw new Error(`unexpected answer ${answer.kind} of the embedding model's thread`);
  return matrix(answer.data, rows, answer.cols);
}
