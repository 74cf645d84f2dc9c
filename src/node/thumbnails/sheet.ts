import { createHash } from "node:crypto";
import type { PictureGap } from "./picture-cell.ts";

/** One image file with the thumbnails of many pictures. */
export interface Sheet {
  /** A WebP. */
  readonly bytes: Uint8Array;
  /** The pictures that could not be drawn. */
  readonly gaps: readonly PictureGap[];
}

/** What is kept beside a sheet's file. */
export interface SheetRecord {
  readonly bytes: number;
  readonly sha256: string;
  readonly gaps: readonly PictureGap[];
}

const LONGEST_REASON = 200;

export function recordOf({ bytes, gaps }: Sheet): SheetRecord {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), gaps };
}

/** Whether a file's bytes are those that were recorded. */
export function isRecorded(bytes: Uint8Array, record: SheetRecord): boolean {
  return recordOf({ bytes, gaps: [] }).sha256 === record.sha256;
}

/**
 * Reads a record that anybody may have written.
 *
 * @param isRow whether a row's picture is on the sheet
 * @returns null for anything but a record of that sheet
 */
export function parseRecord(text: string, isRow: (row: number) => boolean): SheetRecord | null {
  try {
    const { bytes, sha256, gaps } = JSON.parse(text) as Record<string, unknown>;
    if (typeof bytes !== "number" || typeof sha256 !== "string" || !Array.isArray(gaps)) return null;
    return gaps.every((gap: unknown) => isGap(gap, isRow)) ? { bytes, sha256, gaps } : null;
  } catch {
    return null;
  }
}

function isGap(value: unknown, isRow: (row: number) => boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { row, reason, state } = value as Record<string, unknown>;
  if (typeof row !== "number" || typeof state !== "number" || typeof reason !== "string") return false;
  return reason.length <= LONGEST_REASON && isRow(row);
}
