import type { Matrix } from "../../core/math/matrix.ts";
import type { ClipEmbedder } from "../../embed/clip-embedder.ts";
import type { PixelRequest, Pixels } from "../../embed/image-decoder.ts";
import type { PixelEmbedder } from "../images/pixel-embedder.ts";
import { arrangementKey, candidateArrangements, equalBits, fastestArrangement } from "./arrangement.ts";
import { readArrangement, writeArrangement } from "./arrangement-file.ts";
import type { Arrangement, EncoderPool } from "./encoder-pool.ts";

export interface ArrangedEmbedderOptions {
  readonly model: ClipEmbedder<Uint8Array>;
  readonly pool: EncoderPool;
  /** Folder where what was measured is kept. */
  readonly root: string;
  /** Pictures of the run, known ones included. */
  readonly pictures: number;
  readonly signal?: AbortSignal | undefined;
}

/** Pictures of a run, below which the weights are not even loaded twice. */
const LONG_RUN = 1000;
/** Pictures of a trial: as many as the largest batch that is tried, since a large model takes a second for thirty. */
const SAMPLE = 16;
/** Pictures that are embedded, and not known, before a run is taken for a long one. */
const WARM_UP = 64;

/**
 * The image tower for one run. A long run is arranged as measures best on this machine: tried for some seconds the first time
 * (`fastestArrangement`), remembered afterwards.
 */
export class ArrangedEmbedder implements PixelEmbedder {
  readonly id: string;
  readonly dimensions: number;
  readonly pixelRequest: PixelRequest;
  private readonly options: ArrangedEmbedderOptions;
  /** Undefined while, or where, the model runs as it was loaded. */
  arrangement: Arrangement | undefined;
  private choosing: Promise<void> | undefined;
  private embedded = 0;
  private readonly underWay = new Set<Promise<Matrix>>();

  constructor(options: ArrangedEmbedderOptions) {
    const { id, dimensions, pixelRequest } = options.model;
    this.id = id;
    this.dimensions = dimensions;
    this.pixelRequest = pixelRequest;
    this.options = options;
  }

  async embedPixels(pixels: readonly Pixels[]): Promise<Matrix> {
    if (this.embedded >= WARM_UP && this.options.pictures >= LONG_RUN) {
      this.choosing ??= this.choose(pixels);
      await this.choosing;
    }
    const vectors = this.options.model.embedPixels(pixels, this.arrangement?.batch);
    this.underWay.add(vectors);
    try {
      return await vectors;
    } finally {
      this.underWay.delete(vectors);
      this.embedded += pixels.length;
    }
  }

  /** Frees what the run took beyond one tower. */
  async end(): Promise<void> {
    if (this.arrangement !== undefined && this.arrangement.sessions > 1) {
      await this.options.pool.arrange({ sessions: 1, threads: this.arrangement.threads });
    }
  }

  private async choose(pixels: readonly Pixels[]): Promise<void> {
    await Promise.allSettled(this.underWay);
    const { model, pool, root, signal } = this.options;
    const key = arrangementKey(this.id);
    const known = await readArrangement(root, key);
    if (known !== undefined && (await this.keepsVectors(known, pixels))) {
      this.arrangement = known;
      return;
    }
    const sample = Array.from({ length: SAMPLE }, (_, i) => pixels[i % pixels.length]!);
    const host = {
      arrange: (arrangement: Arrangement) => pool.arrange(arrangement),
      embedSample: ({ batch }: Arrangement) => model.embedPixels(sample, batch),
    };
    const candidates = candidateArrangements(pool.imageWeightBytes);
    this.arrangement = await fastestArrangement(candidates, host, signal);
    await pool.arrange(this.arrangement);
    await writeArrangement(root, key, this.arrangement);
  }

  /** Whether what was measured with earlier versions of everything still gives the same vectors; leaves it arranged. */
  private async keepsVectors(known: Arrangement, pixels: readonly Pixels[]): Promise<boolean> {
    const { model, pool } = this.options;
    const expected = await model.embedPixels(pixels);
    await pool.arrange(known);
    return equalBits((await model.embedPixels(pixels, known.batch)).data, expected.data);
  }
}
