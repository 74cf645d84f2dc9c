import { type Dimension, NO_BIN } from "./dimension.ts";

/** Which rows are counted. */
export interface CountedRows {
  /** 1 for the rows that are looked at; null for all. */
  readonly selected: Uint8Array | null;
  /** How many filters turn each row away; null where there are none. */
  readonly failures: Uint16Array | null;
  /** 1 for the rows that this dimension's own filter turns away: a chart shows what its own filter leaves out. */
  readonly ownFails: Uint8Array | null;
}

const EVERYTHING: CountedRows = { selected: null, failures: null, ownFails: null };

/** Rows in each bin. @returns an array of `dimension.binCount` */
export function countRows(
  { bins, binCount }: Dimension,
  { selected, failures, ownFails }: CountedRows = EVERYTHING,
): Uint32Array {
  const counts = new Uint32Array(binCount);
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row]!;
    if (bin === NO_BIN || (selected !== null && selected[row] === 0)) continue;
    if (failures !== null && failures[row]! - (ownFails === null ? 0 : ownFails[row]!) > 0) continue;
    counts[bin]!++;
  }
  return counts;
}

/** 1 for the rows of a selection. */
export function selectionMask(rows: Uint32Array, length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const row of rows) mask[row] = 1;
  return mask;
}
