import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { KEY_BYTES } from "./cache-key.ts";
import { HEADER_BYTES, isIntact } from "./segment-format.ts";

/** Size of the pieces in which a segment is verified. */
const CHUNK_BYTES = 1 << 20;

export interface SegmentScan {
  /** False when the header is not that of this model: nothing of the file is used. */
  readonly usable: boolean;
  /** Records whose checksum does not fit. */
  readonly damagedRecords: number;
  /** Bytes of an unfinished record at the end. */
  readonly tornBytes: number;
}

/**
 * Verifies every record of a segment. Sizes come from the file system and from `recordSize`, never from the file.
 *
 * @param header the only header accepted
 * @param onRecord gets each intact record's key (a view, gone after the call) and number
 * @throws the system's error when the file cannot be read
 */
export async function scanSegment(
  file: string,
  header: Buffer,
  recordSize: number,
  onRecord: (key: Uint8Array, record: number) => void,
): Promise<SegmentScan> {
  const descriptor = openSync(file, "r");
  try {
    const size = fstatSync(descriptor).size;
    const start = Buffer.alloc(HEADER_BYTES);
    if (readFully(descriptor, start, 0) < HEADER_BYTES || !start.equals(header)) {
      return { usable: false, damagedRecords: 0, tornBytes: 0 };
    }
    const records = Math.floor((size - HEADER_BYTES) / recordSize);
    const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / recordSize));
    const chunk = Buffer.alloc(Math.min(perChunk, Math.max(records, 1)) * recordSize);
    let damagedRecords = 0;
    for (let first = 0; first < records; first += perChunk) {
      const wanted = chunk.subarray(0, Math.min(perChunk, records - first) * recordSize);
      const read = readFully(descriptor, wanted, HEADER_BYTES + first * recordSize);
      for (let at = 0; at < wanted.length; at += recordSize) {
        const record = wanted.subarray(at, at + recordSize);
        if (at + recordSize <= read && isIntact(record)) {
          onRecord(record.subarray(0, KEY_BYTES), first + at / recordSize);
        } else damagedRecords++;
      }
      await setImmediate();
    }
    return { usable: true, damagedRecords, tornBytes: size - HEADER_BYTES - records * recordSize };
  } finally {
    closeSync(descriptor);
  }
}

/** @returns bytes read, fewer than asked only at the end of the file */
export function readFully(descriptor: number, target: Buffer, position: number): number {
  let done = 0;
  while (done < target.length) {
    const read = readSync(descriptor, target, done, target.length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
