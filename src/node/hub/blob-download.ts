import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../make-folder.ts";
import type { HubClient, RemoteFile } from "./hub-client.ts";
import { checksumMismatch } from "./hub-errors.ts";

/**
 * Fetches one file to `blob`, by way of `blob.incomplete`, from which an earlier, cut attempt is resumed. The content is
 * checked against size and checksum before it gets its final name.
 *
 * @param onBytes told how many bytes of the file are here, after every piece
 * @throws ConceptError HUB_CHECKSUM (the bad file is removed), or what the client throws
 */
export async function downloadBlob(
  client: HubClient,
  revision: string,
  remote: RemoteFile,
  blob: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const partial = `${blob}.incomplete`;
  await makeFolder(path.dirname(blob));
  let here = await fileSize(partial);
  await client.retry(
    async () => {
      here = await fileSize(partial);
      if (remote.size !== null && here > remote.size) {
        await rm(partial);
        here = 0;
      }
      if (remote.size !== null && here === remote.size && here > 0) return;
      await fetchRest(client, revision, remote, partial, here, (bytes) => {
        here = bytes;
        onBytes(bytes);
      });
    },
    () => here,
  );
  await verify(client, remote, partial);
  await rename(partial, blob);
  onBytes(await fileSize(blob));
}

async function fetchRest(
  client: HubClient,
  revision: string,
  remote: RemoteFile,
  partial: string,
  start: number,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const stalled = new AbortController();
  const timeout = client.options.stallTimeout ?? 30_000;
  const timer = setTimeout(() => stalled.abort(new Error("the connection went silent")), timeout);
  try {
    const response = await client.open(revision, remote.file, start, stalled.signal);
    if (response.status === 416) {
      await rm(partial, { force: true });
      throw new Error("the server cannot resume the file");
    }
    const resumed = response.status === 206 && rangeStart(response) === start;
    if (response.status === 206 && !resumed) throw new Error("the server sent another range");
    let bytes = resumed ? start : 0;
    const file = await open(partial, resumed ? "a" : "w");
    try {
      for await (const piece of response.body ?? []) {
        timer.refresh();
        await file.writeFile(piece);
        bytes += piece.length;
        onBytes(bytes);
      }
    } finally {
      await file.close();
    }
    if (remote.size !== null && bytes < remote.size) throw new Error("the connection was cut");
  } finally {
    clearTimeout(timer);
  }
}

/** First byte of a `content-range: bytes 5-9/10`; -1 without one. */
function rangeStart(response: Response): number {
  const match = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  return match === null ? -1 : Number(match[1]);
}

async function verify(client: HubClient, remote: RemoteFile, partial: string): Promise<void> {
  const size = await fileSize(partial);
  if (remote.size !== null && size !== remote.size) {
    await rm(partial, { force: true });
    throw checksumMismatch(client.options.repository, remote.file, `${remote.size} bytes`, `${size} bytes`);
  }
  const hash = checksumOf(remote.etag, size);
  if (hash === null) return;
  for await (const piece of createReadStream(partial)) hash.update(piece);
  const found = hash.digest("hex");
  if (found === remote.etag) return;
  await rm(partial, { force: true });
  throw checksumMismatch(client.options.repository, remote.file, remote.etag, found);
}

/** SHA-256 for files in large-file storage, git's blob hash for the others; null for an ETag that is no checksum. */
function checksumOf(etag: string, size: number): Hash | null {
  if (/^[0-9a-f]{64}$/.test(etag)) return createHash("sha256");
  if (/^[0-9a-f]{40}$/.test(etag)) return createHash("sha1").update(`blob ${size}\0`);
  return null;
}

async function fileSize(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}
