import {
  CONFIG_FILES,
  externalDataFile,
  type ModelDtype,
  type WeightLayout,
  weightFiles,
} from "../../embed/model-files.ts";
import { downloadBlob } from "./blob-download.ts";
import { exists, RepositoryCache } from "./hub-cache.ts";
import { HubClient, type RemoteFile } from "./hub-client.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { notCached, notFound } from "./hub-errors.ts";
import { checkRevision } from "./repository-path.ts";

/** How far the download of a model is. */
export interface DownloadProgress {
  /** The file under way. */
  readonly file: string;
  /** Bytes of all files to be fetched that are here. */
  readonly loadedBytes: number;
  /** Bytes of all files to be fetched. */
  readonly totalBytes: number;
}

export interface SnapshotOptions {
  readonly dtype: ModelDtype;
  /** Branch, tag or commit; default `"main"`. */
  readonly revision?: string | undefined;
  readonly environment: HubEnvironment;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Milliseconds; default 30,000. */
  readonly stallTimeout?: number | undefined;
  /** Milliseconds; default 500. */
  readonly retryDelay?: number | undefined;
}

/** A model's files at one commit, on this disk. */
export interface ModelSnapshot {
  readonly folder: string;
  readonly commit: string;
  readonly layout: WeightLayout;
  /** Largest number of external data files beside a graph. */
  readonly externalDataFiles: number;
}

/** External data files looked for beside one graph, 2 GB each as a rule. */
const MAX_DATA_FILES = 32;

/**
 * The files that embedding with a repository of the hub needs, downloaded where the cache lacks them. What the cache
 * holds is taken as it is: a complete snapshot makes no request, even when the branch has moved on.
 *
 * @param repository `organisation/name`
 * @throws ConceptError HUB_UNREACHABLE, HUB_NOT_FOUND, HUB_UNAUTHORIZED, HUB_CHECKSUM; InputError for bad names
 */
export async function fetchModelSnapshot(
  repository: string,
  options: SnapshotOptions,
): Promise<ModelSnapshot> {
  const revision = options.revision ?? "main";
  checkRevision(revision);
  const cache = new RepositoryCache(options.environment.cacheFolder, repository);
  const fetcher = new SnapshotFetcher(repository, revision, cache, await cache.commitOf(revision), options);
  for (const file of CONFIG_FILES) await fetcher.need(file);
  const [towerFile] = weightFiles("towers", options.dtype);
  const layout: WeightLayout = (await fetcher.want(towerFile!)) ? "towers" : "single";
  let externalDataFiles = 0;
  for (const file of weightFiles(layout, options.dtype)) {
    await fetcher.need(file);
    let part = 0;
    while (part < MAX_DATA_FILES && (await fetcher.want(externalDataFile(file, part)))) part++;
    externalDataFiles = Math.max(externalDataFiles, part);
  }
  const commit = await fetcher.finish();
  return { folder: cache.snapshotFolder(commit), commit, layout, externalDataFiles };
}

/** Collects what is missing, then fetches it: the total is known before the first byte. */
class SnapshotFetcher {
  private readonly repository: string;
  private readonly revision: string;
  private readonly cache: RepositoryCache;
  private readonly options: SnapshotOptions;
  private readonly client: HubClient;
  private readonly missing = new Map<string, RemoteFile>();
  private commit: string | null;

  constructor(
    repository: string,
    revision: string,
    cache: RepositoryCache,
    commit: string | null,
    options: SnapshotOptions,
  ) {
    this.repository = repository;
    this.revision = revision;
    this.cache = cache;
    this.commit = commit;
    this.options = options;
    const { endpoint, token } = options.environment;
    const { signal, stallTimeout, retryDelay } = options;
    this.client = new HubClient({ endpoint, repository, token, signal, stallTimeout, retryDelay });
  }

  /** @returns whether the repository has the file, in the cache or to be fetched */
  async want(file: string): Promise<boolean> {
    const { environment, signal } = this.options;
    signal?.throwIfAborted();
    if (this.missing.has(file)) return true;
    const state = this.commit === null ? "unknown" : await this.cache.stateOf(this.commit, file);
    if (state !== "unknown") return state === "present";
    if (environment.offline) return this.unknownOffline(file);
    const remote = await this.client.describe(this.commit ?? this.revision, file);
    if (remote === null) {
      if (this.commit !== null) await this.cache.rememberAbsent(this.commit, file);
      return false;
    }
    this.commit ??= remote.commit ?? this.missingCommit();
    this.missing.set(file, remote);
    return true;
  }

  async need(file: string): Promise<void> {
    if (await this.want(file)) return;
    const { environment, dtype } = this.options;
    const hint = file.startsWith("onnx/")
      ? `It has no ONNX weights of dtype ${dtype} where transformers.js looks; try another dtype or another model.`
      : "It is no model for transformers.js; check the name, or take one with ONNX weights.";
    throw notFound(this.repository, environment.endpoint, `no file ${file}`, hint);
  }

  /** Downloads what is missing. @returns the commit */
  async finish(): Promise<string> {
    const commit = this.commit!;
    const files = [...this.missing.values()];
    const totalBytes = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
    let before = 0;
    for (const remote of files) {
      const blob = this.cache.blobFile(remote.etag);
      const report = (bytes: number): void =>
        this.options.onProgress?.({ file: remote.file, loadedBytes: before + bytes, totalBytes });
      if (!(await exists(blob))) await downloadBlob(this.client, commit, remote, blob, report);
      await this.cache.link(commit, remote.file, remote.etag);
      before += remote.size ?? 0;
    }
    if (files.length > 0) await this.cache.rememberCommit(this.revision, commit);
    return commit;
  }

  /** Offline, an optional file nobody ever asked for counts as absent, as in snapshots that Python downloaded. */
  private unknownOffline(file: string): boolean {
    const { endpoint, cacheFolder } = this.options.environment;
    const optional =
      this.commit !== null && (file.includes(".onnx_data") || file.startsWith("onnx/text_model"));
    if (optional) return false;
    throw notCached(this.repository, endpoint, cacheFolder, file);
  }

  private missingCommit(): never {
    const { endpoint } = this.options.environment;
    throw notFound(
      this.repository,
      endpoint,
      "no commit in the answer",
      "The host of HF_ENDPOINT is no mirror of the hub.",
    );
  }
}
