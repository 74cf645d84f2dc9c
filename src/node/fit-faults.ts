import { InputError } from "../core/errors.ts";
import type { Matrix } from "../core/math/matrix.ts";
import type { FileEmbedder } from "./file-embedder.ts";
import type { SkippedFile } from "./images/image-file.ts";
import type { Collection } from "./inputs/collection.ts";
import { containerKindOf } from "./inputs/container-kinds.ts";

export function rowsUnknown(): InputError {
  return new InputError("Captions and columns by row do not go with pictures in folders", {
    expected: "vectors and names in your order",
    found: "files, whose order is that of their paths",
    hint: "Give them as a table: metadata: { captions: [file] }.",
  });
}

export function rowsKnown(): InputError {
  return new InputError("Sources of metadata do not go with an embedder of your own", {
    expected: "captions and columns by row",
    found: "metadata",
    hint: "Give captions and columns in the order of the images.",
  });
}

export function checkSharedSpace(vectors: Matrix, embedder: FileEmbedder | undefined): void {
  if (embedder !== undefined && embedder.dimensions !== vectors.cols) {
    throw new InputError("The vectors do not share the embedding model's space", {
      expected: `${embedder.dimensions} dimensions, as ${embedder.reference.model} has`,
      found: `${vectors.cols}`,
      hint: "Name the model that made the vectors, or none.",
    });
  }
}

export function someUnusable(skipped: readonly SkippedFile[]): InputError {
  const { path, reason } = skipped[0]!;
  return new InputError("Some pictures cannot be used, which is not allowed here", {
    expected: "every picture to be readable",
    found: `${skipped.length} that are not, the first ${path} (${reason})`,
    hint: "Mend or leave out what is listed as skipped.",
  });
}

export function nothingReadable(
  summary: string,
  { skipped, ignored }: Pick<Collection, "skipped" | "ignored">,
): InputError {
  const first = skipped[0];
  return new InputError(summary, {
    expected: "at least one readable picture",
    found:
      first === undefined
        ? "none"
        : `${skipped.length} unreadable, the first ${first.path} (${first.reason})`,
    hint: archiveHint(ignored) ?? "Check the folder; JPEG, PNG, WebP, GIF, TIFF and AVIF are read.",
  });
}

/** Archives and tables are opened where they are named only: a folder of nothing else would seem empty. */
function archiveHint(ignored: Collection["ignored"]): string | undefined {
  const kind = Object.keys(ignored).find((extension) => containerKindOf(`.${extension}`) !== undefined);
  if (kind === undefined) return undefined;
  return `Files .${kind} that lie there (${ignored[kind]}) are opened where they are named, or match a pattern: "FOLDER/*.${kind}".`;
}
