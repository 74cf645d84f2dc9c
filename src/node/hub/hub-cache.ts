import { createHash } from "node:crypto";
import { access, copyFile, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../make-folder.ts";
import { checkFileName, checkRepositoryId, checkRevision } from "./repository-path.ts";

const COMMIT = /^[0-9a-f]{40}$/;

/** What the cache knows of a file. */
export type CachedState = "present" | "absent" | "unknown";

/**
 * One repository in the standard cache of the Hugging Face hub: `blobs/ETAG` holds contents, `refs/REVISION` a commit,
 * `snapshots/COMMIT/FILE` links to a blob, `.no_exist/COMMIT/FILE` remembers what the repository does not have (layout of
 * Python's huggingface_hub, "Understand caching"). Shared with it: either side finds what the other downloaded.
 */
export class RepositoryCache {
  private readonly folder: string;

  /** @throws InputError when the repository id is not valid */
  constructor(cacheFolder: string, repository: string) {
    checkRepositoryId(repository);
    this.folder = path.join(cacheFolder, `models--${repository.replaceAll("/", "--")}`);
  }

  /** The commit that a revision named when it was last looked up; null when it never was. */
  async commitOf(revision: string): Promise<string | null> {
    checkRevision(revision);
    if (COMMIT.test(revision)) return revision;
    const text = await readFile(path.join(this.folder, "refs", revision), "utf8").catch(() => "");
    return COMMIT.test(text.trim()) ? text.trim() : null;
  }

  async rememberCommit(revision: string, commit: string): Promise<void> {
    checkRevision(revision);
    if (COMMIT.test(revision)) return;
    await replaceFile(path.join(this.folder, "refs", revision), commit);
  }

  snapshotFolder(commit: string): string {
    return path.join(this.folder, "snapshots", commit);
  }

  async stateOf(commit: string, file: string): Promise<CachedState> {
    checkFileName(file);
    if (await exists(path.join(this.snapshotFolder(commit), file))) return "present";
    return (await exists(path.join(this.folder, ".no_exist", commit, file))) ? "absent" : "unknown";
  }

  async rememberAbsent(commit: string, file: string): Promise<void> {
    checkFileName(file);
    await replaceFile(path.join(this.folder, ".no_exist", commit, file), "");
  }

  /** Where the content with that ETag belongs. An ETag that is no plain word is replaced by its hash. */
  blobFile(etag: string): string {
    const plain = /^[A-Za-z0-9_-]{1,128}$/.test(etag);
    return path.join(this.folder, "blobs", plain ? etag : createHash("sha256").update(etag).digest("hex"));
  }

  /** Makes a blob appear in a snapshot, as a relative link, or as a copy where the system has no links. */
  async link(commit: string, file: string, etag: string): Promise<void> {
    checkFileName(file);
    const target = path.join(this.snapshotFolder(commit), file);
    const blob = this.blobFile(etag);
    await makeFolder(path.dirname(target));
    await rm(target, { force: true });
    try {
      await symlink(path.relative(path.dirname(target), blob), target);
    } catch {
      await copyFile(blob, target);
    }
  }
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function replaceFile(file: string, text: string): Promise<void> {
  await makeFolder(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
