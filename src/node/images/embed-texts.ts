import { type Matrix, row, takeRows, zeros } from "../../core/math/matrix.ts";
import type { Embedder, WorkOptions } from "../../core/stages.ts";
import { fillTemplate } from "../../embed/text-batches.ts";
import { textKey } from "../cache/cache-key.ts";
import type { VectorCache } from "../cache/vector-cache.ts";

export interface EmbedTextsOptions extends WorkOptions {
  /** Its `promptTemplate`, if it has one, is part of the cached key: it embeds the filled template. */
  readonly embedder: Pick<Embedder, "id" | "dimensions" | "embedTexts"> & {
    readonly promptTemplate?: string | undefined;
  };
  /** Default: none, everything is embedded. */
  readonly cache?: VectorCache | undefined;
  /** Texts embedded and saved at a time; default 256. */
  readonly batchSize?: number | undefined;
}

/**
 * Embeds texts through the cache, each different text once, saved batch by batch. Batches are cut from the texts
 * sorted by length and then by code unit, so that an embedder that pads wastes little.
 *
 * @returns texts x dimensions, in the order given
 */
export async function embedTexts(texts: readonly string[], options: EmbedTextsOptions): Promise<Matrix> {
  const { embedder, cache, signal, onProgress } = options;
  const batchSize = Math.max(1, options.batchSize ?? 256);
  const unique = [...new Set(texts)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const vectors = zeros(unique.length, embedder.dimensions);
  const template = embedder.promptTemplate ?? "{}";
  const keyOf = (text: string): Uint8Array => textKey(fillTemplate(template, text));
  const missing = await takeKnown(unique.map(keyOf), vectors, cache);
  for (let start = 0; start < missing.length; start += batchSize) {
    signal?.throwIfAborted();
    onProgress?.((unique.length - missing.length + start) / unique.length);
    const batch = missing.subarray(start, start + batchSize);
    const words = Array.from(batch, (i) => unique[i]!);
    const fresh = await embedder.embedTexts(words, { signal });
    await cache?.append(words.map(keyOf), fresh);
    setRowsInto(vectors, batch, fresh);
  }
  onProgress?.(1);
  const place = new Map(unique.map((text, i) => [text, i]));
  return takeRows(
    vectors,
    texts.map((text) => place.get(text)!),
  );
}

/** Fills in what the cache holds. @returns the rows still to be embedded */
async function takeKnown(
  keys: readonly Uint8Array[],
  vectors: Matrix,
  cache: VectorCache | undefined,
): Promise<Int32Array> {
  if (cache === undefined) return Int32Array.from(keys.keys());
  const known = await cache.get(keys);
  setRowsInto(vectors, known.found, known.vectors);
  return known.missing;
}

function setRowsInto(target: Matrix, rows: Int32Array, source: Matrix): void {
  for (let i = 0; i < rows.length; i++) row(target, rows[i]!).set(row(source, i));
}
