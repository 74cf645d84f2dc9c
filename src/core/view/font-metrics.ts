import { FormatError } from "../errors.ts";

/** What text fitting needs to know of a font. */
export interface FontMetrics {
  /** Advance width in em, or undefined where the font has no glyph for the code point. */
  advance(codePoint: number): number | undefined;
}

/** The two weights a collage is set in. */
export interface CollageFonts {
  /** Weight 400. */
  readonly regular: FontMetrics;
  /** Weight 600. */
  readonly semibold: FontMetrics;
}

/**
 * Reads the advance widths of a TrueType or OpenType font. Kerning is left out: it seldom adds width.
 * Source: OpenType specification 1.9, tables `head`, `hhea`, `hmtx` and `cmap` (formats 4 and 12).
 *
 * @param bytes a .ttf or .otf file; kept, not copied
 * @throws FormatError when the bytes are no such font
 */
export function readFontMetrics(bytes: Uint8Array): FontMetrics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const tables = tableOffsets(view);
    const unitsPerEm = view.getUint16(offsetOf(tables, "head") + 18);
    const longMetrics = view.getUint16(offsetOf(tables, "hhea") + 34);
    const hmtx = offsetOf(tables, "hmtx");
    const glyphOf = glyphLookup(view, offsetOf(tables, "cmap"));
    return {
      advance(codePoint: number): number | undefined {
        const glyph = glyphOf(codePoint);
        // Glyphs past the long metrics share the last advance.
        return glyph === 0
          ? undefined
          : view.getUint16(hmtx + 4 * Math.min(glyph, longMetrics - 1)) / unitsPerEm;
      },
    };
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw unreadable(`${bytes.length} bytes that end too early`, cause);
  }
}

function unreadable(found: string, cause?: unknown): FormatError {
  return new FormatError("The font cannot be read", { expected: "a TrueType font", found, cause });
}

function tableOffsets(view: DataView): Map<string, number> {
  const offsets = new Map<string, number>();
  const count = view.getUint16(4);
  for (let i = 0; i < count; i++) {
    const record = 12 + 16 * i;
    let tag = "";
    for (let j = 0; j < 4; j++) tag += String.fromCharCode(view.getUint8(record + j));
    offsets.set(tag, view.getUint32(record + 8));
  }
  return offsets;
}

function offsetOf(tables: ReadonlyMap<string, number>, tag: string): number {
  const offset = tables.get(tag);
  if (offset === undefined) throw unreadable(`no "${tag}" table`);
  return offset;
}

/** @returns a function from code point to glyph index, 0 where there is none */
function glyphLookup(view: DataView, cmap: number): (codePoint: number) => number {
  const count = view.getUint16(cmap + 2);
  let basic = 0;
  for (let i = 0; i < count; i++) {
    const subtable = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    const format = view.getUint16(subtable);
    if (format === 12) return (codePoint) => glyphInGroups(view, subtable, codePoint);
    if (format === 4) basic = subtable;
  }
  if (basic === 0) throw unreadable("no Unicode character map");
  return (codePoint) => (codePoint > 0xffff ? 0 : glyphInSegments(view, basic, codePoint));
}

/** cmap format 12: sequential groups of (first, last, first glyph). */
function glyphInGroups(view: DataView, subtable: number, codePoint: number): number {
  let low = 0;
  let high = view.getUint32(subtable + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = subtable + 16 + 12 * middle;
    const first = view.getUint32(group);
    if (codePoint < first) high = middle - 1;
    else if (codePoint > view.getUint32(group + 4)) low = middle + 1;
    else return view.getUint32(group + 8) + codePoint - first;
  }
  return 0;
}

/** cmap format 4: parallel arrays of segment ends, starts, deltas and range offsets. */
function glyphInSegments(view: DataView, subtable: number, codePoint: number): number {
  const doubled = view.getUint16(subtable + 6);
  const ends = subtable + 14;
  const starts = ends + doubled + 2;
  for (let i = 0; i < doubled; i += 2) {
    if (codePoint > view.getUint16(ends + i)) continue;
    const start = view.getUint16(starts + i);
    if (codePoint < start) return 0;
    const delta = view.getUint16(starts + doubled + i);
    const rangeOffset = starts + 2 * doubled + i;
    const range = view.getUint16(rangeOffset);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = view.getUint16(rangeOffset + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
