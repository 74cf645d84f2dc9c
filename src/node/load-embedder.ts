import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FormatError, InputError } from "../core/errors.ts";
import {
  type ClipEmbedder,
  type ClipEmbedderOptions,
  loadClipEmbedder,
  type ModelSource,
} from "../embed/clip-embedder.ts";
import { parseDevice } from "../embed/dual-encoder.ts";
import type { ImageDecoder } from "../embed/image-decoder.ts";
import {
  CONFIG_FILES,
  externalDataFile,
  type ModelDtype,
  parseDtype,
  type WeightLayout,
  weightFiles,
} from "../embed/model-files.ts";
import { findPreset, MODEL_PRESETS } from "../embed/presets.ts";
import { exists } from "./hub/hub-cache.ts";
import { type HubVariables, hubEnvironment } from "./hub/hub-environment.ts";
import { type DownloadProgress, fetchModelSnapshot } from "./hub/model-snapshot.ts";
import { isRepositoryId } from "./hub/repository-path.ts";

export interface LoadEmbedderOptions<Image> {
  readonly decoder: ImageDecoder<Image>;
  /** A `ModelDtype`; default `"fp32"`. */
  readonly dtype?: string | undefined;
  /** A `ModelDevice`; default `"auto"`: the CPU. */
  readonly device?: string | undefined;
  /** Branch, tag or commit on the hub; default `"main"`. Of no meaning for folders. */
  readonly revision?: string | undefined;
  /** Sentence around every text, e.g. `"a photo of a {}"`; default `"{}"`. */
  readonly promptTemplate?: string | undefined;
  /** Pictures run together; default 8. */
  readonly batchSize?: number | undefined;
  /** Threads of ONNX Runtime; default its own choice. */
  readonly threads?: number | undefined;
  /** Where the model runs; default: on the thread that asks. */
  readonly loadEncoder?: ClipEmbedderOptions<Image>["loadEncoder"];
  /** Default `process.env`. */
  readonly env?: HubVariables | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told while the model is downloaded; never called for one that is here. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** The model in this package, two levels up from `src/node` and from `dist/node`. */
const MINI_FOLDER = fileURLToPath(new URL("../../models/mini/", import.meta.url));

/**
 * Loads a model by preset, repository id or folder; from the hub where the cache lacks it. A name that is a folder's path
 * means the folder.
 *
 * @param model e.g. `"clip-vit-b-32"`, `"Xenova/clip-vit-base-patch16"`, `"./my-model"`
 * @throws InputError (BAD_OPTION) for unknown names and wrong options
 * @throws FormatError when a folder lacks a file, or the model is of no CLIP-like kind
 * @throws ConceptError HUB_UNREACHABLE, HUB_NOT_FOUND, HUB_UNAUTHORIZED, HUB_CHECKSUM when the download fails
 */
export async function loadEmbedder<Image>(
  model: string,
  options: LoadEmbedderOptions<Image>,
): Promise<ClipEmbedder<Image>> {
  const dtype = parseDtype(options.dtype ?? "fp32");
  const device = parseDevice(options.device ?? "auto");
  const source = await findModel(model, dtype, options);
  options.signal?.throwIfAborted();
  return loadClipEmbedder(source, {
    decoder: options.decoder,
    device,
    promptTemplate: options.promptTemplate,
    imageBatchSize: options.batchSize,
    threads: options.threads,
    loadEncoder: options.loadEncoder,
  });
}

async function findModel<Image>(
  model: string,
  dtype: ModelDtype,
  options: LoadEmbedderOptions<Image>,
): Promise<ModelSource> {
  const preset = findPreset(model);
  if (preset?.repository === null) return folderSource(MINI_FOLDER, preset.name, dtype, options.signal);
  if (preset !== undefined) return hubSource(preset.repository, dtype, options);
  const folder = path.resolve(model.startsWith("~/") ? path.join(homedir(), model.slice(2)) : model);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return folderSource(folder, path.basename(folder), dtype, options.signal);
  if (isRepositoryId(model)) return hubSource(model, dtype, options);
  throw new InputError(
    "The model is not known",
    {
      expected: `${MODEL_PRESETS.map((known) => known.name).join(", ")}, a repository id (organisation/name) or a folder`,
      found: JSON.stringify(model),
    },
    "BAD_OPTION",
  );
}

async function hubSource<Image>(
  repository: string,
  dtype: ModelDtype,
  options: LoadEmbedderOptions<Image>,
): Promise<ModelSource> {
  const snapshot = await fetchModelSnapshot(repository, {
    dtype,
    revision: options.revision,
    environment: hubEnvironment(options.env ?? process.env),
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const id = `${repository}@${snapshot.commit}/${dtype}`;
  const { layout, externalDataFiles } = snapshot;
  return readSource(snapshot.folder, { name: repository, id, layout, dtype, externalDataFiles });
}

async function folderSource(
  folder: string,
  name: string,
  dtype: ModelDtype,
  signal: AbortSignal | undefined,
): Promise<ModelSource> {
  const [towerFile] = weightFiles("towers", dtype);
  const [singleFile] = weightFiles("single", dtype);
  const towers =
    (await exists(path.join(folder, towerFile!))) || !(await exists(path.join(folder, singleFile!)));
  const layout: WeightLayout = towers ? "towers" : "single";
  const files = [...CONFIG_FILES, ...weightFiles(layout, dtype)];
  let externalDataFiles = 0;
  for (const file of weightFiles(layout, dtype)) {
    let part = 0;
    for (; await exists(path.join(folder, externalDataFile(file, part))); part++)
      files.push(externalDataFile(file, part));
    externalDataFiles = Math.max(externalDataFiles, part);
  }
  // A path says nothing of its content: only the content can name what vectors it gives.
  const id = `sha256-${await contentHash(folder, files, signal)}/${dtype}`;
  return readSource(folder, { name, id, layout, dtype, externalDataFiles });
}

async function contentHash(
  folder: string,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) {
    signal?.throwIfAborted();
    const full = path.join(folder, file);
    if (!(await exists(full))) {
      throw new FormatError(`The model folder ${folder} lacks the file ${file}`, {
        hint: "A model folder is laid out like its repository on the hub, with ONNX weights in onnx/.",
      });
    }
    hash.update(`${file}\0${(await stat(full)).size}\0`);
    for await (const piece of createReadStream(full)) hash.update(piece);
  }
  return hash.digest("hex");
}

async function readSource(
  folder: string,
  known: Omit<ModelSource, "location" | "config" | "preprocessor">,
): Promise<ModelSource> {
  return {
    ...known,
    location: folder,
    config: await readJson(path.join(folder, "config.json")),
    preprocessor: await readJson(path.join(folder, "preprocessor_config.json")),
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new FormatError(`The file ${file} cannot be read as JSON`, { cause }, "BAD_MODEL");
  }
}
