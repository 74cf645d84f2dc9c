import { type Matrix, matrix, row, stackRows } from "../../core/math/matrix.ts";
import type { FittedModel } from "../../core/model.ts";
import { imageKey } from "../cache/cache-key.ts";
import type { CacheLookup, VectorCache } from "../cache/vector-cache.ts";

/** The vectors that a model holds, before those of a cache: a picture of the model is not embedded again. */
export class KnownVectors implements VectorCache {
  readonly dimensions: number;
  private readonly rowOf: ReadonlyMap<string, number>;
  private readonly vectors: Matrix;
  private readonly cache: VectorCache;

  constructor({ images, imageVectors }: FittedModel, decoderId: string, cache: VectorCache) {
    this.dimensions = imageVectors.cols;
    this.vectors = imageVectors;
    this.cache = cache;
    this.rowOf = new Map(
      images.ids.flatMap((id, i) => (/^[0-9a-f]{64}$/.test(id) ? [[hex(imageKey(id, decoderId)), i]] : [])),
    );
  }

  async get(keys: readonly Uint8Array[]): Promise<CacheLookup> {
    const found: number[] = [];
    const missing: number[] = [];
    const parts: Matrix[] = [];
    for (const [i, key] of keys.entries()) {
      const known = this.rowOf.get(hex(key));
      if (known !== undefined) parts.push(matrix(row(this.vectors, known), 1, this.dimensions));
      else {
        const looked = await this.cache.get([key]);
        if (looked.found.length > 0) parts.push(looked.vectors);
        else {
          missing.push(i);
          continue;
        }
      }
      found.push(i);
    }
    return {
      found: Int32Array.from(found),
      vectors: stackRows(parts, this.dimensions),
      missing: Int32Array.from(missing),
    };
  }

  append(keys: readonly Uint8Array[], vectors: Matrix): Promise<void> {
    return this.cache.append(keys, vectors);
  }
}

function hex(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}
