import { createHash } from "node:crypto";
import { matrixSource, type VectorSource } from "../../core/math/vector-source.ts";
import { WorkPacer } from "../../core/math/work-pacer.ts";
import type { EmbedderReference } from "../../core/model.ts";
import type { SearchableModel } from "../../core/search/search.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { NpyVectors } from "../vectors/npy-vectors.ts";
import { badModel } from "./bad-model.ts";
import { checkImageLengths, checkNamingLengths } from "./check-agreement.ts";
import { decodeNaming, decodeTables, type TabledModel } from "./decode-model.ts";
import { loadSavedModel, readFolder } from "./load-model.ts";
import type { Manifest } from "./manifest.ts";
import {
  conceptTableFile,
  conceptVectorFile,
  imageTableFile,
  imageVectorFile,
  wordTableFile,
  wordVectorFile,
} from "./model-layout.ts";
import { type ModelFiles, openRegularFile, otherContent, readModelFiles } from "./model-reader.ts";
import type { RegisteredStages } from "./restore-stages.ts";

/** A saved model as searches need it. */
export interface OpenedModel extends SearchableModel {
  /** images x dimensions, rows of length 1 */
  readonly imageVectors: VectorSource;
  /** null where vectors were given and no embedder shares their space */
  readonly embedder: EmbedderReference | null;
  /** Closes the file of the vectors. */
  close(): Promise<void>;
}

const SEARCHED_FILES: readonly string[] = [
  imageTableFile,
  conceptTableFile,
  conceptVectorFile,
  wordTableFile,
  wordVectorFile,
];

/**
 * Opens what `saveModel` wrote to be searched: the vectors of the images stay on disk, the fitted stages are not read. Vectors
 * and the files that are read are checked as `loadModel` checks them, the vectors block by block.
 *
 * What edits make of a model needs all of it: one that was edited is loaded, vectors and all.
 *
 * @param registered as for `loadModel`
 * @throws FormatError (BAD_MODEL) as `loadModel`
 */
export async function openModel(
  folder: string,
  registered: RegisteredStages,
  work: WorkOptions = {},
): Promise<OpenedModel> {
  const opened = await readFolder(folder, (source) => openUnedited(source, work));
  if (opened !== null) return opened;
  const { model } = await loadSavedModel(folder, registered);
  return { ...model, imageVectors: matrixSource(model.imageVectors), close: async () => {} };
}

async function openUnedited(folder: string, work: WorkOptions): Promise<OpenedModel | null> {
  const files = await readModelFiles(folder, (file) => SEARCHED_FILES.includes(file));
  if (files.editLog !== null) return null;
  const fault = (details: Parameters<typeof badModel>[1]) => badModel(imageVectorFile, details);
  const vectors = await NpyVectors.over(await openRegularFile(folder, imageVectorFile), fault);
  try {
    await checkVectors(vectors, files.manifest, work);
    return { ...described(files), imageVectors: vectors, close: () => vectors.close() };
  } catch (error) {
    await vectors.close();
    throw error;
  }
}

function described(files: ModelFiles): TabledModel & ReturnType<typeof decodeNaming> {
  const naming = decodeNaming(files);
  checkNamingLengths(naming);
  return { ...decodeTables(files), ...naming };
}

/** Shape, lengths of the vectors and sha-256 of the file. */
async function checkVectors(
  vectors: NpyVectors,
  { counts, files }: Manifest,
  work: WorkOptions,
): Promise<void> {
  const { rows, cols, dtype } = vectors;
  if (dtype !== "float32" || rows !== counts.images || cols !== counts.dimensions) {
    throw badModel(imageVectorFile, {
      expected: `float32 (${counts.images}, ${counts.dimensions})`,
      found: `${dtype} (${rows}, ${cols})`,
    });
  }
  const hash = createHash("sha256").update(vectors.header);
  const pacer = new WorkPacer(work);
  for await (const { start, points } of vectors.blocks()) {
    hash.update(new Uint8Array(points.data.buffer, points.data.byteOffset, points.data.byteLength));
    checkImageLengths(points, start);
    await pacer.pause((start + points.rows) / rows);
  }
  if (hash.digest("hex") !== files[imageVectorFile]!.sha256) throw otherContent(imageVectorFile);
}
