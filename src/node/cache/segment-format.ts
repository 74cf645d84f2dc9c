import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { KEY_BYTES } from "./cache-key.ts";

/**
 * A segment is a header of 64 bytes and records of equal size, all numbers little-endian:
 *
 *   header  8 magic "CMVECTOR", 4 version, 4 dimensions, 32 SHA-256 of the embedder id, 12 zero, 4 CRC-32 of these 60
 *   record  32 key, 4 x dimensions vector (float32), 4 CRC-32 of key and vector
 *
 * Equal sizes keep the records after a damaged one readable.
 */
export const HEADER_BYTES = 64;

const MAGIC = "CMVECTOR";
const VERSION = 1;

export function recordBytes(dimensions: number): number {
  return KEY_BYTES + 4 * dimensions + 4;
}

export function encodeHeader(embedderId: string, dimensions: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, "latin1");
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(dimensions, 12);
  createHash("sha256").update(embedderId).digest().copy(header, 16);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4);
  return header;
}

/**
 * @param key 32 bytes
 * @param vector dimensions values
 * @param target where the record goes, `recordBytes(dimensions)` long
 */
export function encodeRecordInto(target: Buffer, key: Uint8Array, vector: Float32Array): void {
  target.set(key, 0);
  for (let i = 0; i < vector.length; i++) target.writeFloatLE(vector[i]!, KEY_BYTES + 4 * i);
  const end = target.length - 4;
  target.writeUInt32LE(crc32(target.subarray(0, end)), end);
}

/** Whether the bytes of a record are those that were written. */
export function isIntact(record: Buffer): boolean {
  const end = record.length - 4;
  return crc32(record.subarray(0, end)) === record.readUInt32LE(end);
}

/** @returns false when a value is not finite: no embedder gave that */
export function decodeVectorInto(target: Float32Array, record: Buffer): boolean {
  let finite = true;
  for (let i = 0; i < target.length; i++) {
    const value = record.readFloatLE(KEY_BYTES + 4 * i);
    target[i] = value;
    finite &&= Number.isFinite(value);
  }
  return finite;
}
