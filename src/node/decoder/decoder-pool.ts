import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { ImageDecoder, PixelRequest, Pixels } from "../../embed/image-decoder.ts";
import { SharpDecoder } from "../images/sharp-decoder.ts";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { partWithMetadata } from "../metadata/jpeg-header.ts";
import { NO_METADATA, type PictureMetadata, readPictureMetadata } from "../metadata/picture-metadata.ts";
import { DecoderLost, DecoderProcess } from "./decoder-process.ts";
import { METADATA_REQUEST } from "./frames.ts";

export interface DecoderPoolOptions {
  /** Processes at most; default one a processor. They are started as they are needed. */
  readonly processes?: number | undefined;
  /** Milliseconds for one picture; default `$CONCEPT_DECODE_SECONDS`, else 120,000. */
  readonly timeLimit?: number | undefined;
  /** Default: the program that comes with the package. */
  readonly program?: string | undefined;
}

/** The built program, seen from src/node/decoder and from dist/node/decoder alike: Node runs no TypeScript. */
const PROGRAM = fileURLToPath(new URL("../../../dist/node/decoder/decoder-program.js", import.meta.url));

const ATTEMPTS = 2;

/**
 * Decodes as `SharpDecoder` does, to the same bytes, in processes of their own. A picture that brings its process down, or keeps
 * it longer than the time limit, is tried once more in a fresh one and then given up; the run goes on. Where no process can be
 * started, decoding is done in this one.
 */
export class DecoderPool implements ImageDecoder<Uint8Array> {
  readonly id: string;
  private readonly own = new SharpDecoder();
  private readonly limit: number;
  private readonly timeLimit: number;
  private readonly program: string;
  private readonly processes = new Set<DecoderProcess>();
  private readonly idle: DecoderProcess[] = [];
  private readonly queue: ((decoder: DecoderProcess) => void)[] = [];

  constructor(options: DecoderPoolOptions = {}) {
    this.id = this.own.id;
    this.limit = options.processes ?? availableParallelism();
    this.timeLimit = options.timeLimit ?? defaultTimeLimit();
    this.program = options.program ?? PROGRAM;
  }

  /** @throws UnusablePicture, also when the decoder crashed or hung on the picture twice; the signal's reason */
  async decode(image: Uint8Array, request: PixelRequest, signal?: AbortSignal): Promise<Pixels> {
    return this.withDecoder(async (decoder) => {
      if (!decoder.isStarted) return this.own.decode(image, request, signal);
      const { head, body } = await decoder.ask(request, image, this.timeLimit);
      const { width, height } = head as Pick<Pixels, "width" | "height">;
      return { data: body, width, height };
    }, signal);
  }

  /** What a picture says of itself; nothing where it brings decoders down. @throws the signal's reason */
  async describe(image: Uint8Array, signal?: AbortSignal): Promise<PictureMetadata> {
    const part = partWithMetadata(image);
    if (part === null) return NO_METADATA;
    try {
      return await this.withDecoder(async (decoder) => {
        if (!decoder.isStarted) return readPictureMetadata(part);
        return (await decoder.ask(METADATA_REQUEST, part, this.timeLimit)).head as PictureMetadata;
      }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UnusablePicture) return NO_METADATA;
      throw error;
    }
  }

  private async withDecoder<Answer>(
    work: (decoder: DecoderProcess) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const decoder = await this.take();
      try {
        const answer = await work(decoder);
        signal?.throwIfAborted();
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof DecoderLost)) throw error;
        if (attempt === ATTEMPTS) throw new UnusablePicture(error.skipCode, `${error.message}, twice`, error);
      } finally {
        this.give(decoder);
      }
    }
  }

  /** Ends the processes. What is being decoded is given up. */
  close(): void {
    for (const decoder of this.processes) decoder.kill();
  }

  private take(): Promise<DecoderProcess> {
    const idle = this.idle.pop();
    if (idle !== undefined && !idle.isLost) return Promise.resolve(idle);
    if (idle !== undefined) this.processes.delete(idle);
    if (this.processes.size < this.limit) return Promise.resolve(this.start());
    return new Promise((resolve) => {
      this.queue.push(resolve);
    });
  }

  private give(decoder: DecoderProcess): void {
    if (decoder.isLost) this.processes.delete(decoder);
    const next = this.queue.shift();
    if (next !== undefined) next(decoder.isLost ? this.start() : decoder);
    else if (!decoder.isLost) this.idle.push(decoder);
  }

  private start(): DecoderProcess {
    const decoder = new DecoderProcess(this.program);
    this.processes.add(decoder);
    return decoder;
  }
}

function defaultTimeLimit(): number {
  const seconds = Number(process.env["CONCEPT_DECODE_SECONDS"]);
  return seconds > 0 ? seconds * 1000 : 120_000;
}
