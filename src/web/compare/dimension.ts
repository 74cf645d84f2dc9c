import type { TypedValues } from "../state/columns.ts";
import { binOf, type DateUnit, dateEdges, numberEdges } from "./edges.ts";

/** A row in no bin. */
export const NO_BIN = 65_535;

/** Something that rows are counted by. Made once for a column; counting then only reads `bins`. */
export type Dimension = RangeDimension | TextDimension;

export interface RangeDimension {
  readonly kind: "range";
  readonly unit: DateUnit | "number";
  /** Bin `i` from `edges[i]` to below `edges[i + 1]`. */
  readonly edges: Float64Array;
  readonly bins: Uint16Array;
  readonly binCount: number;
}

export interface TextDimension {
  readonly kind: "texts";
  /** The code of each bin. */
  readonly codes: readonly number[];
  readonly bins: Uint16Array;
  readonly binCount: number;
}

/** Bins of numbers or dates; null where no row has one. */
export function rangeDimension(values: TypedValues, type: "number" | "date"): RangeDimension | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return null;
  const { edges, unit } =
    type === "date" ? dateEdges(least, most) : { edges: numberEdges(least, most), unit: "number" as const };
  const bins = new Uint16Array(values.length);
  for (let row = 0; row < bins.length; row++) {
    const bin = binOf(edges, values[row]!);
    bins[row] = bin === -1 ? NO_BIN : bin;
  }
  return { kind: "range", unit, edges, bins, binCount: edges.length - 1 };
}

/** A bin for each code that occurs, in the order of `codes`; others are in none. */
export function textDimension(values: TypedValues, codes: readonly number[]): TextDimension {
  const placeOf = new Map(codes.map((code, place) => [code, place]));
  const bins = new Uint16Array(values.length);
  for (let row = 0; row < bins.length; row++) bins[row] = placeOf.get(values[row]!) ?? NO_BIN;
  return { kind: "texts", codes, bins, binCount: codes.length };
}
