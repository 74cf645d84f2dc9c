import { parquetHeader } from "hyparquet/src/column.js";
import type { ColumnType, ColumnValues } from "./table.ts";

type ScalarType = "text" | "int32" | "int64" | "float32" | "float64" | "date";

const widths = { int32: 4, int64: 8, float32: 4, float64: 8, date: 8 } as const;
// A page header here takes some 30 bytes; a forged one must not be long.
const maximalHeader = 256;

/**
 * Decodes one column from its only page, which must be a plain, uncompressed data page of version 2.
 *
 * @param chunk the column's bytes from the page header on; null for a table without rows
 * @throws Error saying what is wrong
 */
export function readPage(chunk: Uint8Array | null, type: ColumnType, rows: number): ColumnValues[ColumnType] {
  const scalar = type.replace(/ list|\?/, "") as ScalarType;
  const isList = type.endsWith(" list");
  if (chunk === null) return isList ? [] : emptyValues(scalar);
  const page = splitPage(chunk, rows);
  if (type === scalar) {
    if (page.values !== rows || page.nulls !== 0 || page.levels.length > 0)
      throw new Error("a column with gaps");
    return readValues(page.body, scalar, rows);
  }
  if (!isList) return nullableValues(page, scalar, rows);
  const lengths = listLengths(page, rows);
  const flat = readValues(page.body, scalar, page.values - page.nulls);
  let start = 0;
  return Array.from(lengths, (length) => {
    start += length;
    return flat.slice(start - length, start);
  }) as unknown as ColumnValues[ColumnType];
}

interface Page {
  readonly values: number;
  readonly nulls: number;
  /** Repetition levels, then definition levels. */
  readonly levels: Uint8Array;
  readonly repetitionBytes: number;
  readonly body: Uint8Array;
}

function splitPage(chunk: Uint8Array, rows: number): Page {
  const reader = {
    view: new DataView(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, maximalHeader)),
    offset: 0,
  };
  const {
    type,
    data_page_header_v2: header,
    compressed_page_size,
    uncompressed_page_size,
  } = parquetHeader(reader);
  if (
    type !== "DATA_PAGE_V2" ||
    header === undefined ||
    header.encoding !== "PLAIN" ||
    header.num_rows !== rows
  ) {
    throw new Error("a page of another kind");
  }
  const { num_values, num_nulls, repetition_levels_byte_length, definition_levels_byte_length } = header;
  const content = chunk.subarray(reader.offset);
  const levelBytes = repetition_levels_byte_length + definition_levels_byte_length;
  const counts = [num_values, num_nulls, repetition_levels_byte_length, definition_levels_byte_length];
  if (
    compressed_page_size !== content.length ||
    uncompressed_page_size !== content.length ||
    !counts.every((count) => Number.isSafeInteger(count) && count >= 0) ||
    num_nulls > num_values ||
    levelBytes > content.length
  ) {
    throw new Error("a page that does not fill its column");
  }
  const body = content.subarray(levelBytes);
  // Each value takes 4 bytes or more, and only an empty list or a null, which are rows, take none.
  if (num_values > rows + body.length / 4) throw new Error(`a page that claims ${num_values} values`);
  return {
    values: num_values,
    nulls: num_nulls,
    levels: content.subarray(0, levelBytes),
    repetitionBytes: repetition_levels_byte_length,
    body,
  };
}

/** NaN in the rows whose definition level is 0, which have no value. */
function nullableValues(page: Page, type: ScalarType, rows: number): Float64Array {
  const levels = page.levels.subarray(page.repetitionBytes);
  if (page.values !== rows || page.repetitionBytes !== 0) throw new Error("a column of other rows");
  const present = readLevels(levels, rows);
  const count = present.reduce((sum, level) => sum + level, 0);
  if (count !== rows - page.nulls) throw new Error("nulls that do not match the rows");
  const values = readValues(page.body, type, count) as Float64Array;
  let next = 0;
  return Float64Array.from(present, (level) => (level === 1 ? values[next++]! : Number.NaN));
}

/** Dremel's levels of a required list of required values: repetition 0 starts a row, definition 0 is an empty list. */
function listLengths(page: Page, rows: number): Int32Array {
  const repetition = readLevels(page.levels.subarray(0, page.repetitionBytes), page.values);
  const definition = readLevels(page.levels.subarray(page.repetitionBytes), page.values);
  const lengths = new Int32Array(rows);
  let row = -1;
  let present = 0;
  for (let i = 0; i < page.values; i++) {
    if (repetition[i] === 0) row++;
    else if (definition[i] === 0 || definition[i - 1] === 0) row = rows;
    if (row < 0 || row >= rows) throw new Error("lists that do not match the rows");
    lengths[row]! += definition[i]!;
    present += definition[i]!;
  }
  if (row !== rows - 1 || present !== page.values - page.nulls)
    throw new Error("lists that do not match the rows");
  return lengths;
}

/** Parquet's hybrid of run lengths and packed bits, for levels of one bit. */
function readLevels(bytes: Uint8Array, count: number): Uint8Array {
  const levels = new Uint8Array(count);
  let offset = 0;
  let seen = 0;
  while (seen < count) {
    const { value: header, end } = readVarint(bytes, offset);
    offset = end;
    if (header % 2 === 0) {
      const run = Math.min(header / 2, count - seen);
      const level = bytes[offset++];
      if (run === 0 || level === undefined || level > 1) throw new Error("levels that cannot be read");
      levels.fill(level, seen, seen + run);
      seen += run;
    } else {
      const groups = (header - 1) / 2;
      if (groups === 0 || groups > bytes.length - offset) throw new Error("levels that cannot be read");
      const packed = Math.min(groups * 8, count - seen);
      for (let i = 0; i < packed; i++) levels[seen + i] = (bytes[offset + (i >> 3)]! >> (i & 7)) & 1;
      offset += groups;
      seen += packed;
    }
  }
  return levels;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw new Error("levels that cannot be read");
}

function readValues(
  body: Uint8Array,
  type: ScalarType,
  count: number,
): string[] | Int32Array | Float32Array | Float64Array {
  if (type === "text") return readTexts(body, count);
  if (body.length !== count * widths[type]) throw new Error(`${body.length} bytes for ${count} values`);
  const { buffer } = new Uint8Array(body);
  if (type === "int32") return new Int32Array(buffer);
  if (type === "float32") return new Float32Array(buffer);
  if (type === "float64") return new Float64Array(buffer);
  return safeNumbers(new Int32Array(buffer));
}

/** @param halves of integers of 64 bits, the lower ones first: as bigints a million takes ten times as long */
function safeNumbers(halves: Int32Array): Float64Array {
  const numbers = new Float64Array(halves.length / 2);
  for (let i = 0; i < numbers.length; i++) {
    const number = halves[2 * i + 1]! * 2 ** 32 + (halves[2 * i]! >>> 0);
    if (!Number.isSafeInteger(number)) throw new Error(`about ${number} where a size is expected`);
    numbers[i] = number;
  }
  return numbers;
}

/** Bytes that are made characters at a time. */
const textStep = 2 ** 24;

/** Texts of ASCII alone, which nearly all are, are cut from one long text: to decode each by itself takes five times as long. */
function readTexts(body: Uint8Array, count: number): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const texts: string[] = [];
  let offset = 0;
  let step = { from: 0, to: 0, text: "" };
  for (let i = 0; i < count; i++) {
    const start = offset + 4;
    const end = start + bytes.readUInt32LE(offset);
    if (end > bytes.length) throw new Error("a text past the end of its column");
    if (end > step.to) {
      const to = Math.min(bytes.length, Math.max(end, start + textStep));
      step = { from: start, to, text: bytes.toString("latin1", start, to) };
    }
    const isPlain = isAscii(bytes, start, end);
    texts.push(
      isPlain
        ? step.text.slice(start - step.from, end - step.from)
        : decoder.decode(body.subarray(start, end)),
    );
    offset = end;
  }
  if (offset !== bytes.length) throw new Error("bytes after the last text");
  return texts;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 127) return false;
  return true;
}

function emptyValues(type: ScalarType): string[] | Int32Array | Float32Array | Float64Array {
  return readValues(new Uint8Array(0), type, 0);
}
