import { InputError, ModelStateError } from "../core/errors.ts";
import { row } from "../core/math/matrix.ts";
import type { EmbedderReference } from "../core/model.ts";
import { checkDimensions } from "../core/search/resolve-terms.ts";
import type { Embedder } from "../core/stages.ts";
import { type ModelDtype, parseDtype } from "../embed/model-files.ts";
import { FileEmbedder } from "./file-embedder.ts";
import { findCollection } from "./inputs/collection.ts";

/** How the embedding model of a fit is found again. */
export function embedderOptions(reference: EmbedderReference): {
  readonly embeddingModel: string;
  readonly dtype: ModelDtype;
  readonly revision: string;
  readonly promptTemplate: string;
} {
  return {
    embeddingModel: reference.model,
    dtype: parseDtype(reference.dtype),
    revision: reference.revision,
    promptTemplate: reference.template,
  };
}

/**
 * @param fitted null where nothing is known of what made the vectors
 * @throws ModelStateError (NO_EMBEDDER) when an embedder did not make the fitted vectors: others must not be compared with them
 */
export function checkComparable(embedder: FileEmbedder, fitted: EmbedderReference | null): void {
  if (fitted === null || fitted.id === embedder.id) return;
  throw new ModelStateError(
    "NO_EMBEDDER",
    "The embedding model is not the one this collection was fitted with",
    {
      expected: `${fitted.model} as of the fit (${shortId(fitted.id)})`,
      found: `${embedder.reference.model} (${shortId(embedder.id)})`,
      hint: "Its files, revision or dtype have changed: use the same ones, or fit again.",
    },
  );
}

/** The error where a picture is compared with vectors of which nobody said what made them. */
export function withoutEmbedder(): ModelStateError {
  return new ModelStateError("NO_EMBEDDER", "Pictures cannot be compared with a model made from vectors", {
    expected: "the embedding model that made the vectors",
    found: "none",
    hint: "Name it with embeddingModel (--model on the command line).",
  });
}

/**
 * The vector of one picture.
 *
 * @param cols dimensions of the model's vectors
 * @throws InputError when it cannot be read, or the embedder's vectors have other dimensions
 */
export async function imageVector(
  embedder: Embedder<string>,
  image: string,
  cols: number,
): Promise<Float32Array> {
  if (embedder instanceof FileEmbedder) return fileVector(embedder, image);
  const vectors = await embedder.embedImages([image]);
  checkDimensions(vectors, cols);
  return row(vectors, 0);
}

async function fileVector(embedder: FileEmbedder, image: string): Promise<Float32Array> {
  const collection = await findCollection([image], {});
  if (collection.images.length > 1) {
    throw new InputError(`${image} is not one picture`, {
      expected: "one picture",
      found: `${collection.images.length} in a folder`,
    });
  }
  const { vectors, skipped } = await embedder.embedFiles(collection.images, {});
  if (vectors.rows === 0) {
    const reason = [...collection.skipped, ...skipped][0]?.reason ?? "not a picture";
    throw new InputError(`The picture ${image} cannot be read`, { found: reason });
  }
  return vectors.data.subarray(0, vectors.cols);
}

/** Enough of an id to tell two apart. */
function shortId(id: string): string {
  return id.replace(/([0-9a-f]{8})[0-9a-f]{32,}/g, "$1");
}
