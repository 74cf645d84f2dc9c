import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import path from "node:path";
import { HEADER_BYTES } from "./segment-format.ts";

/** Segments end in this; the names before it sort by the time of writing. */
export const SEGMENT_EXTENSION = ".vectors";

/** Milliseconds of work that a power cut may cost. */
const SYNC_INTERVAL = 30_000;

/** Appends whole batches to one new file that no other process writes to. */
export class SegmentWriter {
  readonly file: string;
  private readonly handle: FileHandle;
  private size: number;
  private synced = Date.now();

  private constructor(file: string, handle: FileHandle, size: number) {
    this.file = file;
    this.handle = handle;
    this.size = size;
  }

  /** @throws the system's error, e.g. ENOSPC or EACCES */
  static async create(folder: string, header: Buffer): Promise<SegmentWriter> {
    const time = Date.now().toString(36).padStart(9, "0");
    const file = path.join(folder, `${time}-${randomBytes(8).toString("hex")}${SEGMENT_EXTENSION}`);
    const { O_CREAT, O_EXCL, O_WRONLY, O_APPEND } = constants;
    const handle = await open(file, O_CREAT | O_EXCL | O_WRONLY | O_APPEND);
    const writer = new SegmentWriter(file, handle, 0);
    try {
      await writer.append(header);
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
    return writer;
  }

  /** Records written so far, given their size. */
  recordCount(recordSize: number): number {
    return (this.size - HEADER_BYTES) / recordSize;
  }

  /** Writes a batch. After a failure, e.g. ENOSPC, what a full disk cut short is taken back; close the writer then. */
  async append(batch: Buffer): Promise<void> {
    try {
      for (let done = 0; done < batch.length; ) {
        const { bytesWritten } = await this.handle.write(batch, done, batch.length - done);
        done += bytesWritten;
      }
    } catch (error) {
      await this.handle.truncate(this.size).catch(() => undefined);
      throw error;
    }
    this.size += batch.length;
    if (Date.now() - this.synced < SYNC_INTERVAL) return;
    await this.handle.datasync();
    this.synced = Date.now();
  }

  async close(): Promise<void> {
    try {
      await this.handle.sync();
    } finally {
      await this.handle.close();
    }
  }
}
