import type { ApiColumnValues } from "../../core/explorer/api.ts";
import { conceptColor } from "../../core/view/concept-color.ts";
import type { Rgb } from "../../core/view/oklch.ts";
import { typedValues } from "../state/columns.ts";
import type { ColorBy } from "../state/store.ts";
import { neutralColor, rampColor, type Theme } from "./palette.ts";

/** How a point is drawn, in the fourth byte of its colour. */
export const LIT = 255;
/** Smaller: tells nothing in this colouring. */
export const SMALL = 170;
export const DIMMED = 60;

export interface ColorSources {
  readonly colorBy: ColorBy;
  /** The concept of each row. */
  readonly groups: Int32Array;
  readonly probabilities: Float32Array;
  readonly columns: ReadonlyMap<number, ApiColumnValues>;
  /** Concepts that are hidden: drawn as if they were none. */
  readonly hidden: ReadonlySet<number>;
  readonly theme: Theme;
}

/** Texts that have a colour of their own. */
export const COLORED_TEXTS = 12;
const RAMP_STEPS = 256;

/**
 * Red, green, blue and how to draw, for each row.
 *
 * @param lit 1 for rows that are lit; null where all are
 */
export function pointColors(sources: ColorSources, lit: Uint8Array | null): Uint8Array {
  const { codes, colors } = codedColors(sources);
  const painted = new Uint8Array(4 * codes.length);
  const table = Uint8Array.from([
    ...neutralColor(sources.theme),
    SMALL,
    ...colors.flatMap((color) => [...color, LIT]),
  ]);
  for (let row = 0; row < codes.length; row++) {
    const from = 4 * (codes[row]! + 1);
    const to = 4 * row;
    painted[to] = table[from]!;
    painted[to + 1] = table[from + 1]!;
    painted[to + 2] = table[from + 2]!;
    painted[to + 3] = lit === null || lit[row] === 1 ? table[from + 3]! : DIMMED;
  }
  return painted;
}

/** A place in `colors` for each row, -1 for none. */
interface CodedColors {
  readonly codes: Int32Array;
  readonly colors: readonly Rgb[];
}

function codedColors(sources: ColorSources): CodedColors {
  const { colorBy, theme, probabilities, columns } = sources;
  if (colorBy.kind === "concept") return conceptCodes(sources);
  if (colorBy.kind === "probability") return rampCodes(probabilities, { low: 0, high: 1 }, theme);
  const column = columns.get(colorBy.index);
  if (column === undefined) return { codes: new Int32Array(probabilities.length).fill(-1), colors: [] };
  const values = typedValues(column);
  return column.type === "text" ? textCodes(values, theme) : rampCodes(values, rampRange(values), theme);
}

function conceptCodes({ groups, hidden, theme }: ColorSources): CodedColors {
  let most = -1;
  for (let row = 0; row < groups.length; row++) if (groups[row]! > most) most = groups[row]!;
  const colors = Array.from({ length: most + 1 }, (_, id) => conceptColor(id, theme));
  if (hidden.size === 0) return { codes: groups, colors };
  return { codes: groups.map((id) => (hidden.has(id) ? -1 : id)), colors };
}

function textCodes(codes: ArrayLike<number>, theme: Theme): CodedColors {
  const colors = Array.from({ length: COLORED_TEXTS }, (_, place) => conceptColor(place, theme));
  return { codes: Int32Array.from(codes, (code) => (code < COLORED_TEXTS ? code : -1)), colors };
}

export interface RampRange {
  readonly low: number;
  readonly high: number;
}

/** From the lowest to the highest value that is there. */
export function rampRange(values: ArrayLike<number>): RampRange {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

function rampCodes(values: ArrayLike<number>, { low, high }: RampRange, theme: Theme): CodedColors {
  const colors = Array.from({ length: RAMP_STEPS }, (_, step) => rampColor(step / (RAMP_STEPS - 1), theme));
  const codes = new Int32Array(values.length);
  const scale = high > low ? (RAMP_STEPS - 1) / (high - low) : 0;
  for (let row = 0; row < codes.length; row++) {
    const value = values[row]!;
    codes[row] = Number.isFinite(value)
      ? Math.round(Math.min(high, Math.max(low, value)) * scale - low * scale)
      : -1;
  }
  return { codes, colors };
}
