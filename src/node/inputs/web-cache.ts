import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { defaultCacheRoot } from "../cache/cache-root.ts";

/** A picture from the web as it was fetched last. */
export interface WebCopy {
  readonly body: Uint8Array;
  /** What the server called this version of it; absent where it did not. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** Ends the line of what the server said, before the picture itself. */
const NEWLINE = 10;
const MAX_HEAD_BYTES = 4096;

/** Pictures from the web, kept in the user's cache folder: the saved paths of a model stay readable, and fetch nothing twice. */
export class WebCache {
  private readonly folder: string;

  constructor(root: string = defaultCacheRoot()) {
    this.folder = path.join(root, "web");
  }

  /** Null for what is not there, or damaged. */
  async get(address: string): Promise<WebCopy | null> {
    const bytes = await readFile(this.fileOf(address)).catch(() => null);
    const end = bytes?.subarray(0, MAX_HEAD_BYTES).indexOf(NEWLINE) ?? -1;
    if (bytes === null || end === -1) return null;
    try {
      const head: unknown = JSON.parse(bytes.toString("utf8", 0, end));
      const body = bytes.subarray(end + 1);
      if (typeof head !== "object" || head === null || !("sha256" in head) || head.sha256 !== hashOf(body))
        return null;
      return { body, etag: textOf(head, "etag"), lastModified: textOf(head, "lastModified") };
    } catch {
      return null;
    }
  }

  /** What cannot be written is not kept, and nothing worse. */
  async put(address: string, { body, etag, lastModified }: WebCopy): Promise<void> {
    const file = this.fileOf(address);
    const head = JSON.stringify({ etag, lastModified, sha256: hashOf(body) });
    if (head.length >= MAX_HEAD_BYTES) return;
    const fresh = `${file}.${randomUUID()}`;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(fresh, Buffer.concat([Buffer.from(`${head}\n`), body]));
      await rename(fresh, file);
    } catch {
      await rm(fresh, { force: true }).catch(() => undefined);
    }
  }

  private fileOf(address: string): string {
    const name = hashOf(Buffer.from(address));
    return path.join(this.folder, name.slice(0, 2), name.slice(2));
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function textOf(head: object, name: string): string | undefined {
  const value: unknown = Reflect.get(head, name);
  return typeof value === "string" ? value : undefined;
}
