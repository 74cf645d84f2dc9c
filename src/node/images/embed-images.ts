import { availableParallelism } from "node:os";
import { type Matrix, matrix, row, stackRows } from "../../core/math/matrix.ts";
import type { ImageDecoder, Pixels } from "../../embed/image-decoder.ts";
import { imageKey } from "../cache/cache-key.ts";
import type { VectorCache } from "../cache/vector-cache.ts";
import { isAddress } from "../inputs/location.ts";
import { type ReadOptions, readPicture } from "../inputs/read-picture.ts";
import { skippedFile } from "./file-reason.ts";
import type { ImageFile, SkippedFile } from "./image-file.ts";
import { orderedMap } from "./ordered-map.ts";
import type { PixelEmbedder } from "./pixel-embedder.ts";
import { SharpDecoder } from "./sharp-decoder.ts";
import { UnusablePicture } from "./unusable-picture.ts";
import { VectorRows } from "./vector-rows.ts";
import { viewable } from "./viewable.ts";

/** Files whose vectors are known wait no longer than this many for a batch to fill. */
const MAX_WINDOW = 1024;
/** Pictures on the web asked for at a time, at most. */
const MOST_REQUESTS = 16;

export interface EmbedProgress {
  /** Files finished: embedded + cached + skipped. */
  readonly done: number;
  readonly total: number;
  readonly embedded: number;
  /** Files whose vector was known: from the cache, or from an equal file earlier in the run. */
  readonly cached: number;
  readonly skipped: number;
  /** Size of the files that were not skipped. */
  readonly bytes: number;
}

export interface EmbedImagesOptions {
  readonly embedder: PixelEmbedder;
  /** Default: none, everything is embedded. */
  readonly cache?: VectorCache | undefined;
  /** Default `new SharpDecoder()`. Its id is part of the cached key. */
  readonly decoder?: (ImageDecoder<Uint8Array> & { readonly id: string }) | undefined;
  /** Files read and decoded at a time; default the number of processors. */
  readonly concurrency?: number | undefined;
  /** Pictures embedded and saved together, two such batches at a time; default 16. */
  readonly batchSize?: number | undefined;
  /** Called with the path and bytes of each file as it is read, awaited; must not reject. */
  readonly onRead?: ((path: string, bytes: Uint8Array) => Promise<void>) | undefined;
  /** How pictures on the web are read. */
  readonly reading?: ReadOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch. */
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
}

/** Columns over the files that could be embedded, in the order of the files given. */
export interface EmbeddedImages {
  readonly paths: readonly string[];
  /** SHA-256 of each file, 64 hexadecimal digits. */
  readonly ids: readonly string[];
  /** Size of each file. */
  readonly bytes: Float64Array;
  /** paths x dimensions */
  readonly vectors: Matrix;
  /** The other files, in order. */
  readonly skipped: readonly SkippedFile[];
  /** Files whose vectors were computed now. */
  readonly embedded: number;
  /** Files whose vectors were known: from the cache, or from an equal file earlier in the list. */
  readonly cached: number;
}

/** A file on its way: read, then known, repeated or decoded and embedded; or given up with a reason. */
interface Candidate {
  readonly path: string;
  readonly id: string;
  readonly size: number;
  readonly state:
    | { readonly kind: "skipped"; readonly file: SkippedFile }
    | { readonly kind: "read"; readonly bytes: Uint8Array }
    | { readonly kind: "repeated" }
    | { readonly kind: "known"; readonly vector: Float32Array }
    | { readonly kind: "decoded"; readonly pixels: Pixels }
    | { readonly kind: "embedded"; readonly vector: Float32Array };
}

/**
 * Embeds picture files: read, hash, look up, decode on several threads while the model works, embed in batches,
 * save each batch in the cache. Equal files are embedded once. A file that cannot be used is listed with its
 * reason and never ends the run. Memory holds the vectors and a bounded number of pictures.
 *
 * Rejects with the signal's reason when aborted, and with the errors of the embedder and of the cache.
 */
export async function embedImages(
  files: readonly ImageFile[],
  options: EmbedImagesOptions,
): Promise<EmbeddedImages> {
  const { embedder, cache, signal, onProgress } = options;
  const decoder = options.decoder ?? new SharpDecoder();
  const concurrency = Math.max(1, options.concurrency ?? availableParallelism());
  const batchSize = Math.max(1, options.batchSize ?? 16);
  const keyOf = (id: string): Uint8Array => imageKey(id, decoder.id);

  // Waiting for servers takes no processor.
  const readers = files.some(({ location }) => isAddress(location)) ? MOST_REQUESTS : concurrency;
  const read = orderedMap(files, { concurrency: readers, ahead: 2 * readers }, (file) =>
    readCandidate(file, options),
  );
  const looked = lookUp(read, cache, keyOf);
  const decoded = orderedMap(looked, { concurrency, ahead: concurrency + batchSize }, (candidate) =>
    decodeCandidate(candidate, decoder, embedder, signal),
  );

  const save = async (ids: readonly string[], vectors: Matrix): Promise<void> => {
    await cache?.append(ids.map(keyOf), vectors);
  };
  const rows = new VectorRows(files.length, embedder.dimensions);
  // Two at a time, so that the model finds the next window ready and saving one holds up neither.
  const windows = orderedMap(windowsOf(decoded, batchSize), { concurrency: 2, ahead: 2 }, (window) => {
    signal?.throwIfAborted();
    return embedWindow(window, embedder, save);
  });
  for await (const window of windows) {
    placeWindow(window, rows);
    onProgress?.(rows.progress(files.length));
    signal?.throwIfAborted();
  }
  return rows.result();
}

/** Cuts the stream where enough pictures for a batch have come together, or enough that need none. */
async function* windowsOf(
  candidates: AsyncIterable<Candidate>,
  batchSize: number,
): AsyncGenerator<readonly Candidate[], void, void> {
  let window: Candidate[] = [];
  let pending = 0;
  for await (const candidate of candidates) {
    window.push(candidate);
    if (candidate.state.kind === "decoded") pending++;
    if (pending < batchSize && window.length < MAX_WINDOW) continue;
    yield window;
    window = [];
    pending = 0;
  }
  if (window.length > 0) yield window;
}

async function readCandidate(
  file: ImageFile,
  { onRead, reading, signal }: Pick<EmbedImagesOptions, "onRead" | "reading" | "signal">,
): Promise<Candidate> {
  try {
    const { bytes, id } = await readPicture(file.location, { ...reading, signal, revalidate: true });
    await onRead?.(file.path, bytes);
    return { path: file.path, id, size: bytes.length, state: { kind: "read", bytes } };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      path: file.path,
      id: "",
      size: 0,
      state: { kind: "skipped", file: skippedFile(file.path, error) },
    };
  }
}

/** Decides in the order of the files what needs decoding, so that of equal files always the first one is. */
async function* lookUp(
  candidates: AsyncIterable<Candidate>,
  cache: VectorCache | undefined,
  keyOf: (id: string) => Uint8Array,
): AsyncGenerator<Candidate, void, void> {
  const seen = new Set<string>();
  for await (const candidate of candidates) {
    if (candidate.state.kind !== "read") {
      yield candidate;
    } else if (seen.has(candidate.id)) {
      yield { ...candidate, state: { kind: "repeated" } };
    } else {
      seen.add(candidate.id);
      const known = await cache?.get([keyOf(candidate.id)]);
      yield known === undefined || known.found.length === 0
        ? candidate
        : { ...candidate, state: { kind: "known", vector: row(known.vectors, 0) } };
    }
  }
}

async function decodeCandidate(
  candidate: Candidate,
  decoder: ImageDecoder<Uint8Array>,
  embedder: PixelEmbedder,
  signal: AbortSignal | undefined,
): Promise<Candidate> {
  if (candidate.state.kind !== "read") return candidate;
  try {
    const bytes = await viewable(candidate.path, candidate.state.bytes, signal);
    const pixels = await decoder.decode(bytes, embedder.pixelRequest, signal);
    return { ...candidate, state: { kind: "decoded", pixels } };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...candidate, state: { kind: "skipped", file: skippedFile(candidate.path, error) } };
  }
}

/** The window with decoded pictures turned into vectors, and those vectors saved. */
async function embedWindow(
  window: readonly Candidate[],
  embedder: PixelEmbedder,
  save: (ids: readonly string[], vectors: Matrix) => Promise<void>,
): Promise<Candidate[]> {
  const pixels = window.flatMap(({ state }) => (state.kind === "decoded" ? [state.pixels] : []));
  if (pixels.length === 0) return [...window];
  const answer = await embedder.embedPixels(pixels);
  const vectors = matrix(answer.data, pixels.length, embedder.dimensions);
  let next = 0;
  const finished = window.map((candidate): Candidate => {
    if (candidate.state.kind !== "decoded") return candidate;
    const vector = row(vectors, next++);
    return vector.every(Number.isFinite)
      ? { ...candidate, state: { kind: "embedded", vector } }
      : { ...candidate, state: { kind: "skipped", file: skippedFile(candidate.path, noVector()) } };
  });
  const fresh = finished.flatMap(({ state, id }) =>
    state.kind === "embedded" ? [{ id, vector: matrix(state.vector, 1, embedder.dimensions) }] : [],
  );
  await save(
    fresh.map(({ id }) => id),
    stackRows(
      fresh.map(({ vector }) => vector),
      embedder.dimensions,
    ),
  );
  return finished;
}

function noVector(): UnusablePicture {
  return new UnusablePicture("no-vector", "the model gave no finite vector");
}

function placeWindow(window: readonly Candidate[], rows: VectorRows): void {
  for (const { path, id, size, state } of window) {
    if (state.kind === "skipped") rows.skip(state.file, id);
    else if (state.kind === "known") rows.add(path, id, size, state.vector, "cached");
    else if (state.kind === "embedded") rows.add(path, id, size, state.vector, "embedded");
    else rows.repeat(path, id, size);
  }
}
